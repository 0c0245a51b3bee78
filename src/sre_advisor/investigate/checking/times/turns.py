"""Which turn of a course a phrase tells of, and whether the course took it at the time said."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.directions import DOWN, UP, pairs, ways
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.levels import level_in
from sre_advisor.investigate.checking.times.meant import Course, meant, owned
from sre_advisor.investigate.checking.times.moves import (
    Turn,
    arrives,
    back,
    back_at,
    beyond,
    extreme,
    is_extreme,
    leaves,
    moved,
)
from sre_advisor.investigate.checking.words.clock import Moment, blanked
from sre_advisor.investigate.checking.words.quantities import numbers

_ACROSS = re.compile(
    r"\b(?:of|among) (?:all |any |the |these |its )*(?:\w+ )?"
    r"(?:services|callers|pods|series|columns|dependencies|metrics)\b|\bany other\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\bfirst\b|\binitially\b|\b(?:began|begun|begins|started|starts) to\b", re.IGNORECASE)
_CROSSED = re.compile(
    r"\b(?:cross\w*|pass(?:ed|es|ing)?|surpass\w*|br(?:oke|eaks?)|breach\w*|went|rose|fell|climbed|jumped|dropped|shot|came|"
    r"moved|got|dipped|sank|pushed|ran|slipped|tipped|topped)\b",
    re.IGNORECASE,
)
"""Verbs of a move that ends beyond a level, rather than of a stay there."""
_BACK = re.compile(
    r"\bback (?:to|at|on|in|within|down|up|where)\b|\bback\b(?=[\s,.]*(?:at|in|by)?\s*$)|"
    r"\breturn(?:ed|s|ing)? to\b|\brecover(?:ed|s|y)?\b|"
    r"\bnormal(?:i[sz]ed)? again\b|\b(?:settled|normali[sz]ed|subsided)\b",
    re.IGNORECASE,
)
_LEFT = re.compile(
    r"\b(?:left|leaves|leaving|departed from|moved (?:off|away from)|came off)\s(?:its |the )?(?=\d)", re.IGNORECASE
)
_HAD = re.compile(r"\b(?:had|has|have|already|still|was|were|is|are|stood|down from|up from)\b", re.IGNORECASE)
"""Words of where something stands after it moved."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a course turned then as a clause says, or why none did; neither when nothing shows that."""

    so: bool = False
    why: str | None = None


def judged_turn(
    clause: str, told: str, moment: Moment, shelf: Shelf, *, by: bool = False, since: bool = False
) -> Judged:
    """Whether a course that the clause may mean turned then as it says.

    `clause` is without its time, `told` the words of the whole claim; `by` when it may have turned before the time,
    `since` when it stayed so from then on.
    """
    if _ACROSS.search(told):  # the highest of several services, not of one at several times
        return Judged()
    lines = meant(clause, told, shelf)
    read = [(line, at) for line in lines if (at := _index(line, moment)) is not None]
    figures = list(numbers(blanked(told)))
    fitting = [(line, at) for line, at in read if any(n.could_be(line[at].number) for n in figures)]
    figures = list(numbers(blanked(clause)))
    if not fitting and figures:  # another course holds what was read then
        every = [(line, at) for line in owned(clause, told, shelf)[0] if (at := _index(line, moment)) is not None]
        fitting = [(line, at) for line, at in every if any(n.could_be(line[at].number) for n in figures)]
    read = fitting or read
    found: str | None = None
    for line, at in read:
        turn = _turn(clause, line, by=by, since=since)
        if turn is None:
            return Judged()
        values = [o.number.value for o in line]
        other = turn.at(values)
        if other is None or turn.holds(values, at):
            return Judged(so=turn.sure and other == at)
        when = line[other].time
        if when is not None and moment.is_at(when):
            return Judged(so=turn.sure)
        found = found or f"it {turn.name} at {when.text if when else 'another time'}, not at {moment.text}"
    return Judged(why=found)


def _index(line: Course, moment: Moment) -> int | None:
    return next((i for i, o in enumerate(line) if o.time and (moment.is_at(o.time))), None)


def _turn(clause: str, line: Course, *, by: bool, since: bool) -> Turn | None:
    plain = blanked(clause)
    first = _FIRST.search(plain) is not None
    level = level_in(plain, line, first)
    if since:
        return None if level is None or _BACK.search(plain) else beyond(level, first=False, crossed=True)
    left = None if by else _LEFT.search(plain)
    if left or _BACK.search(plain):
        return leaves(plain[left.end() :], line) if left else back_at(plain, line) or back(plain, level, by=by)
    if level is not None and not by:
        return beyond(level, first, crossed=_CROSSED.search(plain) is not None)
    return None if by else _turn_of_words(plain, line)


def _turn_of_words(plain: str, line: Course) -> Turn | None:
    """A turn that is told without a level."""
    said = ways(plain) & {UP, DOWN}
    pair = next(pairs(plain), None)
    if pair and said and not _HAD.search(plain):
        return arrives(pair[1], line)
    if len(said) == 1 and not is_extreme(plain) and not any(numbers(plain)):
        return moved(DOWN in said, first=_FIRST.search(plain) is not None)
    return extreme(plain)
