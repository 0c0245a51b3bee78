"""Short pieces of evidence in the shapes real tools give, cut from recorded incidents."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any


@dataclass(frozen=True)
class Series:
    service: str
    metric: str
    points: tuple[tuple[int, float], ...]

    def before(self, onset: int) -> float:
        """The usual value: the median of the samples before."""
        early = [v for t, v in self.points if t < onset] or [self.points[0][1]]
        return _short(median(early))

    def worst(self, onset: int) -> tuple[int, float]:
        """The sample after the onset that is furthest from the usual."""
        usual = self.before(onset)
        late = [p for p in self.points if p[0] >= onset] or [self.points[-1]]
        return max(late, key=lambda p: abs(p[1] - usual))


@dataclass(frozen=True)
class Case:
    id: str
    body: dict[str, Any]
    series: tuple[Series, ...]
    logs: tuple[dict[str, str], ...]

    @property
    def alert(self) -> dict[str, Any]:
        return self.body["alerts"][0]

    @property
    def onset(self) -> int:
        return int(_at(self.alert["started_at"]).timestamp()) - 3 * self.body["step_s"]

    def moved(self, most: int) -> list[Series]:
        """The series that moved furthest for their size, one a service first."""

        def far(s: Series) -> float:
            usual, now = s.before(self.onset), s.worst(self.onset)[1]
            return abs(now - usual) / (abs(usual) + abs(now) or 1)

        good = [s for s in self.series if s.before(self.onset) != _short(s.worst(self.onset)[1]) and len(s.points) > 5]
        ranked = sorted(good, key=far, reverse=True)
        firsts = list({s.service: s for s in reversed(ranked)}.values())
        firsts.sort(key=far, reverse=True)
        return (firsts + [s for s in ranked if s not in firsts])[:most]


def load(folder: Path) -> Case:
    """One recorded incident."""
    body = json.loads((folder / "case.json").read_text())
    found: dict[tuple[str, str], list[tuple[int, float]]] = defaultdict(list)
    with (folder / "metrics.csv").open() as file:
        for row in csv.DictReader(file):
            found[row["service"], row["metric"]].append((int(float(row["timestamp"])), _short(float(row["value"]))))
    series = tuple(Series(s, m, tuple(sorted(p))) for (s, m), p in sorted(found.items()))
    lines = (folder / "logs.jsonl").read_text().splitlines() if body["logs"] else []
    return Case(folder.name, body, series, tuple(json.loads(line) for line in lines))


def signals_table(case: Case, most: int = 6) -> str:
    """What moved, as a table in JSON."""
    rows = []
    for s in case.moved(most):
        at, value = s.worst(case.onset)
        rows.append([s.service, s.metric, s.before(case.onset), value, iso(at)])
    return json.dumps({"columns": ["service", "signal", "before", "now", "at"], "rows": rows})


def matrix(series: Series, onset: int, around: int = 4) -> str:
    """A range query's answer as Prometheus gives it: unix seconds and strings."""
    first = next((i for i, (t, _) in enumerate(series.points) if t >= onset), len(series.points) - 1)
    some = series.points[max(0, first - around) : first + around + 1]
    return json.dumps(
        {"status": "success", "data": {"resultType": "matrix", "result": [
            {"metric": {"__name__": series.metric, "service": series.service}, "values": [[t, str(v)] for t, v in some]}
        ]}}
    )  # fmt: skip


def table(case: Case, most: int = 3) -> str:
    """Samples as comma separated values."""
    chosen = case.moved(most)
    lines = ["timestamp,service,metric,value"]
    for s in chosen:
        lines += [
            f"{iso(t)},{s.service},{s.metric},{v}" for t, v in s.points if t >= case.onset - 2 * case.body["step_s"]
        ][:6]
    return "\n".join(lines)


def prose(case: Case, most: int = 4) -> str:
    """What moved, in sentences."""
    said = []
    for s in case.moved(most):
        at, value = s.worst(case.onset)
        usual = s.before(case.onset)
        verb = "rose" if value > usual else "fell"
        said.append(f"{s.service} {s.metric} {verb} from {usual} to {value} at {clock(at)} UTC.")
    return " ".join(said)


def changes_json(case: Case, most: int = 6) -> str:
    """The newest changes, without their diffs."""
    keys = ("id", "kind", "service", "at", "summary", "author", "commit")
    return json.dumps([{k: c[k] for k in keys if c.get(k)} for c in case.body["changes"][-most:]])


def changes_prose(case: Case, most: int = 4) -> str:
    """Deploys and flags as a bot would tell them."""
    told = [c for c in case.body["changes"] if c["service"]][-most:]
    return "\n".join(f"{c['at']} {c['kind']} {c['id']} of {c['service']}: {c['summary']}" for c in told)


def diff(case: Case, change: str) -> str:
    """One commit with its diff."""
    c = next(c for c in case.body["changes"] if c["id"] == change)
    head = f"commit {c['id'].removeprefix('c-')}\nAuthor: {c['author']}\nDate: {c['at']}"
    return f"{head}\n\n    {c['summary']}\n\n{c['diff']}"


def log_lines(case: Case, most: int = 8) -> str:
    """The newest lines that are no chatter, as they were written."""
    loud = [x for x in case.logs if x["level"] in ("WARN", "ERROR")][-most:]
    return "\n".join(f"{x['at']} {x['service']} {x['level']} {x['message']}" for x in loud)


def log_json(case: Case, most: int = 6) -> str:
    """The same as JSON lines."""
    return "\n".join(json.dumps(x) for x in [x for x in case.logs if x["level"] in ("WARN", "ERROR")][-most:])


def alerts(case: Case) -> str:
    """What fires."""
    return json.dumps([{**a, "state": "firing"} for a in case.body["alerts"]])


def iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clock(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%H:%M")


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _short(value: float) -> float:
    return float(f"{value:.5g}")
