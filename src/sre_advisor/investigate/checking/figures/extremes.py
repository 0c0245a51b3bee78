"""What a claim says was the highest or lowest, or the band within which something stayed, held against every sample."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.observations import Observation, courses, key_of
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.bonds import HIGH, LOW
from sre_advisor.investigate.checking.words.changes import tells_change
from sre_advisor.investigate.checking.words.clock import moments
from sre_advisor.investigate.checking.words.quantities import Number, measure
from sre_advisor.investigate.checking.words.windows import window

_BAND = re.compile(r"\bbetween\s(?:about |around |roughly |~)?$", re.IGNORECASE)
_NEVER = re.compile(
    r"\b(?:never|not once|at no (?:time|point)|without ever)\b[^\d;]{0,60}?"
    r"\b(?P<way>below|under|lower than|less than|above|over|higher than|more than|exceed\w*|beyond)"
    r"\s(?:about |a |the )?$|"
    r"\b(?P<held>stayed|remained|kept|held|was always|stays)\b[^\d;]{0,40}?"
    r"\b(?P<bound>below|under|above|over)\s(?:about |a |the )?$",
    re.IGNORECASE,
)
_STAYED = re.compile(
    r"\b(?:stay\w*|remain\w*|kept|keeps?|held|holds?|always|throughout|never left)\b[^;]*$", re.IGNORECASE
)
_FOR_A_WHILE = re.compile(
    r"[^;.\d]{0,30}\b(?:until|till|up to|since|thereafter|from then|after(?:wards)?|then)\b", re.IGNORECASE
)
_UNDER = frozenset(("below", "under", "lower than", "less than"))
NEAR = 0.25
ROOM = 0.02
"""Share of a bound by which a sample may lie beyond it."""


def contradicted_extreme(told: Sequence[Said], held: Sequence[Observation], plain: str) -> str | None:
    """Why a figure is not its course's highest or lowest, or no bound; None when nothing shows that."""
    lines = courses(held)
    for said in told:
        best = said.bond.role in (HIGH, LOW)
        why = (_extreme(said, lines, plain) or _beside(said, held)) if best else _bound(said, lines, plain)
        why = why or _left_band(said, told, lines, plain)
        if why:
            return why
    return None


def _extreme(said: Said, lines: Sequence[list[Observation]], plain: str) -> str | None:
    mine = [_within(c, plain) for c in map(_one_key, lines) if any(said.fits(o) for o in c) and _of(said, c)]
    tops = [(max if said.bond.role == HIGH else min)(c, key=_value) for c in mine if c]
    if tops and not any(said.fits(top) for top in tops) and len(mine) == len(tops):
        top = tops[0].number.text + (f" at {tops[0].time.text}" if tops[0].time else "")
        return f"{said.readings[0].said} is not the {said.bond.role}: {top} is"
    return None


def _one_key(course: Sequence[Observation]) -> list[Observation]:
    """The readings of a line that are of the thing the first of them is of, where the line tells of several."""
    keys = [key_of(o) for o in course]
    return [o for o, k in zip(course, keys, strict=True) if k == keys[0]]


def _beside(said: Said, held: Sequence[Observation]) -> str | None:
    """Why a figure is not the highest: what stands beside it in the same summary is given as that."""
    mine = [o for o in held if said.fits(o) and _of_role(said, o) is not True]
    if any(said.fits(o) and o.role == said.bond.role for o in held):
        return None
    for o in mine:
        other = next((x for x in held if x.row is o.row and x.role == said.bond.role and not said.fits(x)), None)
        if other is not None and not o.row.series:
            return f"{said.readings[0].said} is not the {said.bond.role}: {other.number.text} is"
    return None


def _of_role(said: Said, held: Observation) -> bool:
    return held.role == said.bond.role


def _bound(said: Said, lines: Sequence[list[Observation]], plain: str) -> str | None:
    """Why a level that is said never to have been passed was."""
    match = _NEVER.search(plain[: said.readings[0].start])
    if match is None:
        return None
    if match.group("bound") and _FOR_A_WHILE.match(plain[said.readings[0].end :]):
        return None  # it rose above that first
    word = (match.group("way") or match.group("bound")).casefold()
    least = (word in _UNDER) == bool(match.group("way"))
    near = [c for c in lines if _of(said, c) and any(_near(said.readings[0], o) for o in c)]
    mine = [_within(c, plain) for c in near]
    if len(mine) != 1 or not mine[0]:
        return None
    level = said.readings[0]
    for o in mine[0]:
        value = next(iter(level.readings(o.number)), None)
        if value is not None and (value < level.value * (1 - ROOM) if least else value > level.value * (1 + ROOM)):
            return f"it was {o.number.text}{f' at {o.time.text}' if o.time else ''}"
    return None


def in_band(said: Said, told: Sequence[Said], lines: Sequence[list[Observation]], plain: str) -> bool:
    """Whether a figure is the end of a band ("between 189 and 228 ms") that the samples fill and do not leave."""
    ends = _band(said, told, plain)
    if ends is None:
        return False
    low, high = ends
    for course in (c for c in lines if _of(said, c)):
        values = [v for o in _within(course, plain, picks=True) for v in list(high.readings(o.number))[:1]]
        bases = [0.0]
        if tells_change(high, plain):  # "between 40 and 50 ms slower than at 10:05"
            then = [o for o in course if o.time and any(m.is_at(o.time) for m in moments(plain))]
            bases += [v for o in then for v in list(high.readings(o.number))[:1]]
        for base in bases:
            gaps = [abs(v - base) for v in values]
            if len(values) > 1 and _fills(low, high, min(gaps), max(gaps)):
                return True
    return False


def _left_band(said: Said, told: Sequence[Said], lines: Sequence[list[Observation]], plain: str) -> str | None:
    """Why something did not stay within a band: of the readings that hold both its ends, others lie beyond them."""
    ends = _band(said, told, plain)
    head = plain[: ends[0].start] if ends else ""
    if ends is None or not _BAND.search(head) or not _STAYED.search(head) or tells_change(ends[1], plain):
        return None
    low, high = ends
    mine = [c for c in lines if _of(said, c) and all(any(n.could_be(o.number) for o in c) for n in ends)]
    values = [[v for o in _within(c, plain) for v in list(high.readings(o.number))[:1]] for c in mine]
    room = ROOM * max(abs(low.value), abs(high.value))
    out = [[v for v in some if not low.value - room <= v <= high.value + room] for some in values]
    return f"it was {out[0][0]:.4g}, too" if out and all(out) else None


def _band(said: Said, told: Sequence[Said], plain: str) -> tuple[Number, Number] | None:
    numbers = sorted(((s.readings[-1], s) for s in told), key=lambda pair: pair[0].start)
    for (one, first), (other, second) in pairwise(numbers):
        joint = plain[one.end : other.start]
        both = re.fullmatch(r"\s?[%A-Za-zµ]{0,8}\s(?P<word>and|to)\s(?:about |around )?", joint)
        joined = both is not None and (both.group("word") == "to" or _BAND.search(plain[: one.start]) is not None)
        if joined and said in (first, second):
            return one, other
    return None


def _fills(low: Number, high: Number, least: float, most: float) -> bool:
    span = max(abs(high.value), abs(low.value)) * ROOM
    below, above = (max(span, n.slack) for n in (low, high))
    return (
        low.value - below <= least <= low.value + max(span, 0.15 * abs(low.value))
        and high.value - max(span, 0.15 * abs(high.value)) <= most <= high.value + above
    )


def _of(said: Said, course: Sequence[Observation]) -> bool:
    return bool(course) and (not said.owners or not course[0].owners or bool(said.owners & course[0].owners))


def _near(number: Number, held: Observation) -> bool:
    """Whether a sample lies so near the level that it may be a reading of the same thing."""
    value = next(iter(number.readings(held.number)), None)
    return value is not None and abs(value - number.value) <= NEAR * abs(number.value)


def _value(held: Observation) -> float:
    return held.number.value * measure(held.number.unit or held.number.hint)[1]


def _within(course: Sequence[Observation], plain: str, *, picks: bool = False) -> list[Observation]:
    """The samples in the stretch of time that the sentence names, all of them where it names none."""
    inside = window(plain, picks=picks)
    return list(course) if inside is None else [o for o in course if o.time and inside(o.time)]
