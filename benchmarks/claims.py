"""How many false claims are caught and how many true ones are refused.

    python benchmarks/claims.py [--corpus FILE] [--part seen|unseen|all] [--misses]
    python benchmarks/claims.py --hands [--misses]

FILE holds {"claim", "cites", "evidence", "false", "unseen"} a line; `false` says what is wrong, "" for a true claim.
--hands takes the sets of tests/investigate/claims/authors instead, a line each.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

CORPUS = Path(__file__).parents[1] / "tests/investigate/claims/corpus.jsonl"
FIRST_SEEN = {
    "hand-01": "80 of 96, 24 of 74",
    "hand-02": "66 of 87, 34 of 72",
    "hand-03": "56 of 77, 30 of 67",
    "hand-04": "58 of 74, 28 of 63",
    "hand-05": "66 of 81, 26 of 65",
    "hand-06": "with hand-07: 128 of 155, 20 of 132",
    "hand-07": "see hand-06",
    "hand-08": "with hand-09: 135 of 150, 16 of 126",
    "hand-09": "see hand-08",
    "hand-10": "54 of 64, 5 of 53",
    "hand-11": "54 of 64, 4 of 55",
    "hand-12": "53 of 64, 4 of 51",
    "hand-13": "63 of 73, 7 of 61",
    "hand-14": "186 of 224, 38 of 182",
    "hand-15": "62 of 77, 15 of 62",
    "hand-16": "78 of 81, 7 of 66",
    "hand-17": "76 of 88, 17 of 77",
    "hand-18": "71 of 83, 15 of 70",
}
"""False claims caught and true ones refused when a set was measured once, before anything was learnt from it."""


@dataclass(frozen=True)
class Judged:
    """A claim, the standing it was given, and why."""

    claim: Mapping[str, Any]
    standing: Standing
    why: str


@dataclass(frozen=True)
class Outcome:
    """What the check did to a set of claims, and how long it took for one (ms)."""

    false: Sequence[Judged]
    true: Sequence[Judged]
    took: float

    @property
    def caught(self) -> list[Judged]:
        """False claims that were refused."""
        return [j for j in self.false if j.standing is Standing.UNSUPPORTED]

    @property
    def refused(self) -> list[Judged]:
        """True claims that were refused."""
        return [j for j in self.true if j.standing is Standing.UNSUPPORTED]

    @property
    def doubted(self) -> list[Judged]:
        """True claims that were let hold only in part."""
        return [j for j in self.true if j.standing is Standing.PARTLY]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--part", choices=("seen", "unseen", "all"), default="all")
    parser.add_argument("--hands", action="store_true", help="a table of the sets that several authors wrote")
    parser.add_argument("--misses", action="store_true", help="print what was judged wrongly")
    asked = parser.parse_args()
    if asked.hands:
        table(misses=asked.misses)
        return
    lines = [json.loads(line) for line in asked.corpus.read_text(encoding="utf-8").splitlines()]
    for part in ("seen", "unseen") if asked.part == "all" else (asked.part,):
        report(judged([x for x in lines if x["unseen"] == (part == "unseen")]), part, misses=asked.misses)


def judged(claims: Sequence[Mapping[str, Any]]) -> Outcome:
    """Hold every claim against its evidence."""
    began = time.perf_counter()
    found = [Judged(x, *judge(x["claim"], x["cites"], sources_of(x["evidence"]))) for x in claims]
    took = 1000 * (time.perf_counter() - began) / len(found)
    return Outcome([j for j in found if j.claim["false"]], [j for j in found if not j.claim["false"]], took)


def table(*, misses: bool) -> None:
    """Print a line for every set, and what was seen when it was measured for the first time."""
    from tests.investigate.claims.authors import claims_of, hands

    print(f"{'hand':<9} {'false caught':>16} {'true refused':>15} {'ms a claim':>11}  untouched: caught, refused")
    for hand in hands():
        outcome = judged(claims_of(hand))
        caught, refused = _share(outcome.caught, outcome.false), _share(outcome.refused, outcome.true)
        print(f"{hand:<9} {caught:>16} {refused:>15} {outcome.took:>11.1f}  {FIRST_SEEN.get(hand, '-')}", flush=True)
        if misses:
            tell_misses(outcome)
    print(
        "\nUntouched: measured once, before anything was learnt from the set; what it tells about claims never seen.\n"
        "The figures before it are today's, after rules were learnt from the set (little from hand-17 and\n"
        "hand-18, fourth, fifth and seventh). -: not kept."
    )


def _share(some: Sequence[object], of: Sequence[object]) -> str:
    return f"{len(some)} of {len(of)} {len(some) / len(of):6.1%}"


def report(outcome: Outcome, part: str, *, misses: bool) -> None:
    """Print the figures of one part."""
    passed = [j for j in outcome.false if j.standing is Standing.SUPPORTED]
    false, caught, refused, doubted = len(outcome.false), outcome.caught, outcome.refused, outcome.doubted
    print(
        f"{part}: {len(caught)} of {false} false caught ({len(caught) / false:.1%}; "
        f"{1 - len(passed) / false:.1%} with those that only partly hold), "
        f"{len(refused)} of {len(outcome.true)} true refused ({len(refused) / len(outcome.true):.1%}), "
        f"{len(doubted)} only partly held; {outcome.took:.1f} ms a claim"
    )
    kinds = collections.Counter(j.claim["false"] for j in outcome.false)
    missed = collections.Counter(j.claim["false"] for j in outcome.false if j.standing is not Standing.UNSUPPORTED)
    print("  " + ", ".join(f"{kind} {n - missed[kind]}/{n}" for kind, n in sorted(kinds.items())))
    if misses:
        tell_misses(outcome)


def tell_misses(outcome: Outcome) -> None:
    """Print what was judged wrongly."""
    missed = [j for j in outcome.false if j.standing is not Standing.UNSUPPORTED]
    for j in [*missed, *outcome.refused, *outcome.doubted]:
        print(f"  [{j.claim['false'] or 'true'}] {j.claim['case']} {j.claim['cites']} {j.claim['claim']}")
        print(f"      {j.standing}: {j.why}")


if __name__ == "__main__":
    main()
