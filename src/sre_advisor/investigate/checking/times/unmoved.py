"""A service that a claim says moved must not have stayed where it was while others moved so."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.directions import DOWN, FLAT, UP, ways
from sre_advisor.investigate.checking.evidence.observations import courses, observations
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.meant import Course, is_stretch_of, meant

_MOVED = re.compile(
    r"\b(?:lost|gained|shed|dropped|added|grew|rose|fell|climbed|moved|doubled|tripled|halved)\b", re.IGNORECASE
)
_NOT = re.compile(
    r"\b(?:not|no|never|nothing|hardly|barely|scarcely|without|neither|nor|almost no|flat|steady|stable|unchanged|than|"
    r"while|although|though|but|caus\w*|because|due|after|before|when|if)\b|n't\b",
    re.IGNORECASE,
)
STILL = 0.005
"""Share of its value by which a course may vary that stays where it is."""
MOVED = 0.03


def unmoved(plain: str, shelf: Shelf) -> str | None:
    """Why the only service a claim names did not move as it says; None when nothing shows that."""
    mine = shelf.services_in(plain)
    said = ways(plain)
    if len(mine) != 1 or _NOT.search(plain) or FLAT in said or not (said & {UP, DOWN} or _MOVED.search(plain)):
        return None
    lines = meant(plain, plain, shelf)
    if not lines or not all(line[0].owners == mine and _range(line) <= STILL for line in lines):
        return None
    others = [c for c in courses(observations(shelf)) if len(c) > 2 and not c[0].owners & mine]
    kin = [c for c in others if any(is_stretch_of(c, line) for line in lines)]
    if any(_range(c) >= MOVED for c in kin):
        return f"the evidence has {next(iter(mine))} stay at {lines[0][0].number.text}"
    return None


def _range(line: Course) -> float:
    values = [o.number.value for o in line]
    most = max(abs(v) for v in values)
    return (max(values) - min(values)) / most if most else 0.0
