"""Two figures that a claim tells as one thing's: the ends of a move, "7 of 10", the readings of one log line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sre_advisor.investigate.checking.evidence.directions import pairs, row_pairs
from sre_advisor.investigate.checking.evidence.observations import Observation, courses, key_of
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.quantities import Number, measure

_OUT_OF = re.compile(
    r"(?<![\w.:/-])(\d{1,4})(?:\s(?:out )?of(?: the)?\s|/)(\d{1,4})(?![\w/:%]|\.\d|-\d|\s?(?:%|ms|seconds|minutes))"
)
"""A count and the whole it is counted of: "attempt 3/5", "retry 7 of 10"."""


def contradicted_together(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why two figures are not of one thing; None when they may be."""
    return _out_of(plain, shelf) or _of_two(told, held, plain, shelf) or _at_the_second(told, held)


def _out_of(plain: str, shelf: Shelf) -> str | None:
    """Why so many of so many is told nowhere, where the evidence tells how many of as many there were."""
    for match in _OUT_OF.finditer(plain):
        part, whole = match.groups()
        if int(part) > int(whole):
            continue
        told = {m.groups() for row in shelf.rows if not row.whole for m in _OUT_OF.finditer(row.text)}
        alike = sorted(p for p, w in told if w == whole)
        if alike and part not in alike and not _counted(part, shelf):
            return f"{match.group()} is told nowhere, but {alike[0]} of {whole}"
    return None


def _counted(part: str, shelf: Shelf) -> bool:
    """Whether so many lines or samples there are, of which the claim may speak instead."""
    return int(part) in shelf.sizes()


def _of_two(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why no reading went from the one to the other: the evidence has them of different things only."""
    for one, other in pairs(plain):
        ends = [_said(n, told) for n in (one, other)]
        units = {measure(n.unit)[0] for n in (one, other)}
        if ends[0] is None or ends[1] is None or len(units) > 1 or ends[0].clause != ends[1].clause:
            continue
        ours, theirs = ([o for o in held if s is not None and s.fits(o)] for s in ends)
        if not ours or not theirs or any(_kin(a, b) for a in ours for b in theirs):
            continue
        inside = {id(o) for c in courses(held) for o in c}
        moved = [n.value for a, b, _ in row_pairs(shelf.rows) for n in (a, b)]
        if all(id(o) in inside for o in (*ours, *theirs)) and not {one.value, other.value} & set(moved):
            return f"{one.said} is of {_what(ours)}, {other.said} of {_what(theirs)}"
    return None


def _said(number: Number, told: Iterable[Said]) -> Said | None:
    return next((s for s in told if s.readings[-1].value == number.value), None)


def _kin(one: Observation, other: Observation) -> bool:
    """Whether two readings may be of one thing: of one course, or of the same name and owner."""
    if one.row is other.row or (one.row.series and one.row.series == other.row.series):
        return True
    same = not one.owners or not other.owners or bool(one.owners & other.owners)
    return same and (key_of(one) == key_of(other) or not key_of(one) or not key_of(other))


def _what(held: Sequence[Observation]) -> str:
    return key_of(held[0]) or ", ".join(sorted(held[0].owners)) or "another thing"


def _at_the_second(told: Sequence[Said], held: Sequence[Observation]) -> str | None:
    """Why a figure is not of the very second told: it stands at other times only, and what was told then is another."""
    for said in told:
        time, unit = said.bond.time, measure(said.readings[-1].unit)[0]
        apart = time is None or time.text not in said.clause
        if time is None or apart or not time.exact or not said.bond.sure or not unit or said.level:
            continue
        mine = [o for o in held if said.fits(o)]
        then = [o for o in held if o.time and time.is_at(o.time) and measure(o.number.unit or o.number.hint)[0] == unit]
        if mine and then and all(o.time and not time.is_at(o.time) and not o.time.is_at(time) for o in mine):
            return f"{said.readings[0].said} was not told at {time.text}, but {then[0].number.text}"
    return None
