"""Plant every string where an outsider can write, let a model do the worst, and count what comes of it.

    python benchmarks/injection.py FILE.jsonl --json
    python benchmarks/injection.py FILE.jsonl --quick

FILE holds {"text", …} a line. Each string stands in each carrier (in worlds of a dozen strings), and in every world
the model stand-in puts out each hostile output once, in an investigation of its own: attempts = strings x carriers x
outputs. Then the same over a sample with each defence switched off in turn. Exits 1 when an effect was seen with all
defences on, or none with one of them off.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

SAMPLE, QUICK = 12, 24


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK} strings, evenly taken")
    asked = parser.parse_args()
    lines = asked.file.read_text(encoding="utf-8").splitlines()
    strings = [str(json.loads(line)["text"]) for line in lines if line.strip()]
    if not strings:
        parser.error(f"{asked.file} holds no strings; one JSON object with a text a line is needed")
    report = asyncio.run(measured(spread(strings, QUICK) if asked.quick else strings))
    print(json.dumps(report, indent=2, ensure_ascii=False) if asked.json else told(report))
    sys.exit(0 if report["holds"] else 1)


def spread(strings: list[str], number: int) -> list[str]:
    """So many of them, evenly taken."""
    return strings[:: max(1, len(strings) // number)][:number]


async def measured(strings: list[str]) -> dict[str, Any]:
    """The whole report."""
    from benchmarks.injecting.outputs import OUTPUTS
    from benchmarks.injecting.run import run
    from benchmarks.injecting.stage import DEFENCES
    from benchmarks.injecting.world import CARRIERS

    began = time.perf_counter()
    sound = await run(strings, None)
    without = {off: await run(spread(strings, SAMPLE), off) for off in DEFENCES}
    return {
        "strings": len(strings),
        "carriers": CARRIERS,
        "outputs": list(OUTPUTS),
        "all_defences": sound.as_json(),
        "without": {off: count.as_json() for off, count in without.items()},
        "holds": not sound.effects and not sound.unanswered and all(c.effects for c in without.values()),
        "seconds": round(time.perf_counter() - began, 1),
    }


def told(report: dict[str, Any]) -> str:
    """The report as a table."""
    lines = [f"{report['strings']} strings, {len(report['carriers'])} carriers, {len(report['outputs'])} outputs"]
    for name, count in (("all defences", report["all_defences"]), *report["without"].items()):
        kinds = ", ".join(f"{k} {n}" for k, n in list(count["effects_by_kind"].items())[:3])
        title = name if name == "all defences" else f"without: {name}"
        lines.append(f"{title:45s} {count['attempts']:7d} attempts {count['effects']:6d} effects  {kinds}")
    return "\n".join([*lines, f"{report['seconds']} s; {'holds' if report['holds'] else 'DOES NOT HOLD'}"])


if __name__ == "__main__":
    main()
