"""Claims in the hands of several authors, over evidence in the formats they would paste."""

import pytest

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing
from tests.investigate.claims.authors import FOLDER, lines_of

LEARNT = ("first", "second", "third", "fifth", "sixth")
"""Hands whose misses led to better rules. `fourth` holds what is still missed; from `seventh` nothing was learnt."""


@pytest.mark.parametrize("hand", LEARNT)
def test_false_claims_are_caught_and_true_ones_are_not_refused_in_every_hand(hand: str) -> None:
    judged = [
        (x["false"], judge(x["claim"], x["cites"], sources_of(x["evidence"]))[0])
        for x in lines_of(FOLDER / f"{hand}.txt")
    ]
    false, true = [s for f, s in judged if f], [s for f, s in judged if not f]
    assert len(judged) >= 60
    assert sum(s is Standing.UNSUPPORTED for s in false) >= 0.94 * len(false)
    assert sum(s is Standing.UNSUPPORTED for s in true) == 0


def test_in_hands_with_known_misses_most_false_claims_are_still_caught() -> None:
    lines = [x for hand in ("fourth", "seventh") for x in lines_of(FOLDER / f"{hand}.txt")]
    judged = [(x["false"], judge(x["claim"], x["cites"], sources_of(x["evidence"]))[0]) for x in lines]
    false, true = [s for f, s in judged if f], [s for f, s in judged if not f]
    assert sum(s is Standing.UNSUPPORTED for s in false) >= 0.85 * len(false)
    assert sum(s is Standing.UNSUPPORTED for s in true) <= 0.03 * len(true)


def test_an_order_that_the_evidence_does_not_tell_only_partly_holds() -> None:
    text = "10:01 cart deploy d-3\n10:02 search errors 3 %\n10:03 search errors 4 %"
    sources = sources_of([{"id": "E1", "source": "x", "text": text}])
    standing, why = judge("The cache-warmer restarted before cart's deploy d-3", ("E1",), sources)
    assert standing is not Standing.SUPPORTED
    assert why
