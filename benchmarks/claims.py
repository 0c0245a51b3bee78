"""How many false claims are caught and how many true ones are refused.

    python benchmarks/claims.py [--corpus FILE] [--part seen|unseen|all] [--misses]

FILE holds {"claim", "cites", "evidence", "false", "unseen"} a line; `false` says what is wrong, "" for a true claim.
"""

from __future__ import annotations

import argparse
import collections
import json
import time
from pathlib import Path

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing

CORPUS = Path(__file__).parents[1] / "tests/investigate/claims/corpus.jsonl"


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--part", choices=("seen", "unseen", "all"), default="all")
    parser.add_argument("--misses", action="store_true", help="print what was judged wrongly")
    asked = parser.parse_args()
    lines = [json.loads(line) for line in asked.corpus.read_text(encoding="utf-8").splitlines()]
    for part in ("seen", "unseen") if asked.part == "all" else (asked.part,):
        report([x for x in lines if x["unseen"] == (part == "unseen")], part, misses=asked.misses)


def report(lines: list[dict[str, object]], part: str, *, misses: bool) -> None:
    """Print the figures of one part."""
    began = time.perf_counter()
    judged = [(x, *judge(str(x["claim"]), x["cites"], sources_of(x["evidence"]))) for x in lines]  # pyright: ignore[reportArgumentType] # a corpus of our own
    took = time.perf_counter() - began
    false, true = [j for j in judged if j[0]["false"]], [j for j in judged if not j[0]["false"]]
    caught = [j for j in false if j[1] is Standing.UNSUPPORTED]
    refused = [j for j in true if j[1] is Standing.UNSUPPORTED]
    passed = [j for j in false if j[1] is Standing.SUPPORTED]
    doubted = [j for j in true if j[1] is Standing.PARTLY]
    print(
        f"{part}: {len(caught)} of {len(false)} false caught ({len(caught) / len(false):.1%}; "
        f"{1 - len(passed) / len(false):.1%} with those that only partly hold), "
        f"{len(refused)} of {len(true)} true refused ({len(refused) / len(true):.1%}), {len(doubted)} only "
        f"partly held; "
        f"{1000 * took / len(lines):.1f} ms a claim"
    )
    kinds = collections.Counter(str(j[0]["false"]) for j in false)
    missed = collections.Counter(str(j[0]["false"]) for j in false if j not in caught)
    print("  " + ", ".join(f"{kind} {n - missed[kind]}/{n}" for kind, n in sorted(kinds.items())))
    if misses:
        for line, standing, why in [j for j in false if j not in caught] + refused + doubted:
            print(
                f"  [{line['false'] or 'true'}] {line['case']} {line['cites']} {line['claim']}\n      {standing}: {why}"
            )


if __name__ == "__main__":
    main()
