"""Answers for a set of recorded incidents: python benchmarks/triage.py SET --out predictions.jsonl.

SET is a folder of cases (case.json, metrics.csv, logs.jsonl). One line a case is written, as the scorer reads it.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sre_advisor.model import Alert, Catalogue, Change, LogLine, Series
from sre_advisor.triage import Triage, triage


def when(text: str) -> datetime:
    """A time of a case file."""
    return datetime.fromisoformat(text)


def read_series(path: Path) -> list[Series]:
    """All series of a long metrics file."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    with path.open(newline="", encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found[row["service"], row["metric"]].append((float(row["timestamp"]), float(row["value"])))
    out: list[Series] = []
    for (service, name), rows in found.items():
        table = np.array(rows, dtype=np.float64)
        out.append(Series(service=service, name=name, times=table[:, 0], values=table[:, 1]))
    return out


def look_at(folder: Path) -> tuple[Triage, float]:
    """Triage of one case, and how many seconds it took without reading."""
    case: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    series = read_series(folder / "metrics.csv")
    logs: list[LogLine] = []
    if case.get("logs"):
        for line in (folder / case["logs"]).read_text(encoding="utf-8").splitlines():
            entry = json.loads(line)
            logs.append(LogLine(when(entry["at"]), entry["service"], entry["level"], entry["message"]))
    alerts = [
        Alert(
            a["name"],
            when(a["started_at"]),
            a["service"],
            a["severity"],
            labels=a["labels"],
            annotations=a["annotations"],
        )
        for a in case["alerts"]
    ]
    changes = [
        Change(c["id"], c["kind"], when(c["at"]), c["summary"], c["service"], c["author"], tuple(c.get("files") or ()),
               c["diff"], c.get("commit"))
        for c in case["changes"]
    ]  # fmt: skip
    catalogue = Catalogue(edges=tuple((a, b) for a, b in case["graph"]))
    start = time.perf_counter()
    found = triage(now=when(case["now"]), series=series, alerts=alerts, changes=changes, catalogue=catalogue, logs=logs)
    return found, time.perf_counter() - start


def main() -> None:
    """Read every case of the set and write one line each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("set", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--show", action="store_true", help="print the reasons as well")
    options = parser.parse_args()
    with options.out.open("w", encoding="utf-8") as out:
        for folder in sorted(p for p in options.set.iterdir() if (p / "case.json").exists()):
            found, seconds = look_at(folder)
            answer = {
                "case": folder.name,
                "services": [s.name for s in found.services],
                "changes": [c.id for c in found.changes],
                "change": found.change,
                "seconds": round(seconds, 4),
            }
            out.write(json.dumps(answer) + "\n")
            if options.show:
                print(f"{folder.name} since {found.onset} {found.confidence_note}")
                for service in found.services[:3]:
                    print(f"   {service.score:6.2f} {service.name}: {'; '.join(service.reasons)}")
                for change in found.changes[:4]:
                    doubts = "; ".join(change.doubts)
                    print(f"   {change.score:6.3f} {change.id}: {'; '.join(change.reasons)} BUT {doubts}")
                print(f"   -> {found.change}: {found.change_reason}\n   unseen: {'; '.join(found.unseen)}")


if __name__ == "__main__":
    main()
