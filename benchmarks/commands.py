"""Label every command of a file, and print how fast and how well.

    python benchmarks/commands.py FILE.jsonl --out preds.jsonl

FILE holds {"id", "command", "label"?} a line; preds gets {"id", "label"} a line.
"""

from __future__ import annotations

import argparse
import collections
import json
import time
from pathlib import Path

from sre_advisor.commands import explain, warm


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--misses", action="store_true", help="print reading commands not called read_only")
    asked = parser.parse_args()
    rows = [json.loads(line) for line in asked.file.read_text(encoding="utf-8").splitlines() if line.strip()]
    began = time.perf_counter()
    warm()
    start = time.perf_counter()
    effects = [explain(row["command"]) for row in rows]
    took = time.perf_counter() - start
    if asked.out:
        lines = (json.dumps({"id": r.get("id"), "label": e.label}) for r, e in zip(rows, effects, strict=True))
        asked.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    table = collections.Counter((r.get("label", "-"), str(e.label)) for r, e in zip(rows, effects, strict=True))
    for (truth, label), count in sorted(table.items()):
        print(f"{truth:14s} -> {label:14s} {count}")
    unsafe = [
        r
        for r, e in zip(rows, effects, strict=True)
        if r.get("label", "read_only") != "read_only" and e.label == "read_only"
    ]
    speed = f"{len(rows) / took:.0f} a second after {start - began:.2f} s of loading"
    print(f"{len(rows)} commands, {speed}; unsafe called read_only: {len(unsafe)}")
    for row, effect in zip(rows, effects, strict=True):
        if (asked.misses and row.get("label") == "read_only" != effect.label) or row in unsafe:
            print(f"  {row.get('label')} -> {effect.label}: {row['command'][:110]!r}: {effect.why}")


if __name__ == "__main__":
    main()
