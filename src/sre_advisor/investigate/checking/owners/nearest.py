"""Which of the things and services of a clause a time in it goes with: the one that stands nearest to it."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import Moment

_SAYS = re.compile(
    r"\s(?:itself\s|first\s|also\s)?(?:log(?:ged|s)|wr(?:ote|ites)|report(?:ed|s)|complain\w*|"
    r"print(?:ed|s)|warn\w*|threw|emit\w*)\b",
    re.IGNORECASE,
)


def nearest(clause: str, moment: Moment, made: list[str], times: list[str]) -> list[str]:
    """The thing that stands nearest to the time in the clause, unless another time stands nearer to it."""
    at, low = clause.find(moment.text), clause.casefold()
    nearest = sorted(made, key=lambda t: abs(low.find(t.casefold()) + len(t) / 2 - at))[:1]
    own = [
        min(times, key=lambda x: abs(low.find(t.casefold()) + len(t) / 2 - clause.find(x))) for t in nearest if times
    ]
    return [t for t, time in zip(nearest, own, strict=False) if time == moment.text]


def sayers(clause: str, shelf: Shelf) -> frozenset[str]:
    """The services that a clause says wrote something to a log."""
    return frozenset(m[2] for m in shelf.mentioned(clause) if _SAYS.match(clause[m[1] :]))
