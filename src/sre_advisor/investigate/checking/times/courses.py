"""When a course of readings left where it was, crossed a level or stood highest, as a phrase means it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from sre_advisor.investigate.checking.evidence.directions import DOWN, UP, ways
from sre_advisor.investigate.checking.times.events import Reading
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

_LEVEL = re.compile(
    r"\b(?P<over>past|above|over|beyond|exceed\w*|cross\w*|topp\w*|surpass\w*|reach\w*|hit|to|at least|more than)|"
    r"\b(?P<under>below|under|less than)",
    re.IGNORECASE,
)
_WORDS = {"million": 1e6, "thousand": 1e3, "billion": 1e9, "hundred": 1e2}
_WORD = re.compile(r"\b(?:a|the|one) (million|thousand|billion|hundred)\b", re.IGNORECASE)
_FULL = re.compile(r"saturat|maxed|pegged|pinned", re.IGNORECASE)
_HIGHEST = re.compile(r"\bpeak|\bhighest|\bmaximum|\bworst|\btopped out", re.IGNORECASE)
_LOWEST = re.compile(r"\blowest|\bbottom|\btrough|\bminimum", re.IGNORECASE)
_BACK = re.compile(
    r"\brecover\w*|\bback\b(?! off| pressure)|"
    r"\b(?:return\w*|came down) to (?:its |the |their )?(?:normal|usual|baseline|former|old)|"
    r"\b(?:normal(?:i[sz]ed)?|fast|quick|healthy|available|fine|clean|quiet|calm|low) again\b|"
    r"\b(?:settled|normali[sz]ed|subsided)\b",
    re.IGNORECASE,
)
_ROLLED = re.compile(r"\broll\w* back\b", re.IGNORECASE)
_OVER = re.compile(r"\b(?:normal|ended|stopped(?! \w+ing)|ceased|cleared|resolved|over)\b", re.IGNORECASE)
EARLY, NEARLY, LATE, STEP, LEAST = 0.1, 0.3, 0.5, 0.25, 0.1
"""Shares of the way a course went at which it may and must have begun, also in one step, and of its size that it
must have gone."""
NOISE, FEW = 3.0, 4
"""How many of its usual steps a course must have gone, where it has more than a few."""
FULL = 0.85
MOST_FULL = 130.0
UNKNOWN = -(10**12)


def when_of(phrase: str, course: Sequence[Reading]) -> tuple[int, int] | None:
    """The earliest and the latest it can have happened; None when the course does not show it."""
    back = _BACK.search(phrase) is not None
    level = _level(phrase, course)
    if level is not None:
        return _crossed(course, *level, again=back)
    for pattern, best in ((_HIGHEST, max), (_LOWEST, min)):
        if pattern.search(phrase):
            extreme = best(r.value.value for r in course)
            at = [r for r in course if r.value.value == extreme]
            return at[0].at, at[-1].at + at[-1].room
    if back:
        return _returned(course)
    if _OVER.search(phrase):
        return None
    if _FULL.search(phrase):
        top = max(r.value.value for r in course)
        return _crossed(course, FULL * (1.0 if top <= 1.2 else 100.0), above=True) if top <= MOST_FULL else None
    return _left(course, ways(phrase) & {UP, DOWN})


def comes_back(phrase: str) -> bool:
    """Whether the phrase tells that something was again as it had been."""
    return _BACK.search(_ROLLED.sub(" ", phrase)) is not None


def value_at(course: Sequence[Reading], time: int) -> list[float]:
    """The readings next to a time, before and after it."""
    before = [r for r in course if r.at <= time]
    after = [r for r in course if r.at >= time]
    return [r.value.value for r in (*before[-1:], *after[:1])]


def _level(phrase: str, course: Sequence[Reading]) -> tuple[float, bool] | None:
    plain = blanked(phrase)
    for match in _LEVEL.finditer(plain):
        rest = plain[match.end() : match.end() + 24]
        word = _WORD.match(rest.strip())
        number = next(numbers(rest), None)
        if match.group().casefold() == "to" and _BACK.search(plain):
            continue  # "back to 4 ms" is not past it
        found = _WORDS[word.group(1).casefold()] if word else None
        if found is None and number is not None and not re.search(r"[;,]|\b(?:and|from)\b", rest[: number.start]):
            found = in_unit(number, course[0].value)
        if found is not None:
            low, high = min(r.value.value for r in course), max(r.value.value for r in course)
            if low <= found <= high * 1.02 or found < low:
                near = found * (0.97 if match.group().casefold() in ("to", "reach", "reached", "hit") else 1)
                down = ways(phrase) == frozenset({DOWN}) and match.group().casefold() in ("to", "reach", "reached")
                return (found * 1.03 if down else near), match.group("under") is None and not down
    return None


def in_unit(said: Number, held: Number) -> float | None:
    """A figure said, in the unit of the one held; None when they do not count the same."""
    ours, theirs = measure(said.unit), measure(held.unit or held.hint)
    if not said.unit:
        return said.value
    if ours[0] == theirs[0]:
        return said.value * ours[1] / theirs[1]
    if said.unit == "%" and not (held.unit or held.hint):
        return said.value / 100 if abs(held.value) <= 1.5 else said.value
    return said.value / 100 if said.unit == "%" and abs(held.value) <= 1.5 else said.value if said.unit == "%" else None


def _crossed(course: Sequence[Reading], level: float, above: bool, *, again: bool = False) -> tuple[int, int] | None:
    inside = [(r.value.value >= level) if above else (r.value.value <= level) for r in course]
    entered = [i for i, now in enumerate(inside) if now and (i == 0 or not inside[i - 1])]
    entered = [i for i in entered if i] if again else entered
    if not entered:
        return None
    first, last = course[entered[0]], course[entered[-1]]
    return (first.at if entered[0] else UNKNOWN), last.at + last.room


def _left(course: Sequence[Reading], way: frozenset[str]) -> tuple[int, int] | None:
    """When it left where it had been, this way if one is said: from the first sign to half of the whole way."""
    values = [r.value.value for r in course]
    gone = _gone(values, way)
    steps = [abs(b - a) for a, b in pairwise(values)]
    far = max(gone)
    if not _went(values, far):
        return None
    early = next(i for i, g in enumerate(gone) if g >= LATE * far)
    while early and gone[early - 1] >= EARLY * far:
        early -= 1
    late = next(i for i, g in enumerate(gone) if i >= early and (g >= LATE * far or (i and steps[i - 1] >= STEP * far)))
    return course[early].at, course[late].at + course[late].room


def _returned(course: Sequence[Reading]) -> tuple[int, int] | None:
    """When it was back where it had been: from nearly so to quite so, after it had been farthest from there."""
    values = [r.value.value for r in course]
    gone = _gone(values)
    far = max(gone)
    quiet = sorted(abs(b - a) for a, b in pairwise(values))[len(values) // 4] if len(values) > FEW else 0.0
    if far == 0 or far < max(LEAST * abs(values[0]), NOISE * quiet):
        return None
    after = [(r, g) for r, g in zip(course, gone, strict=True) if r.at > course[gone.index(far)].at]
    nearly = next((r for r, g in after if g <= NEARLY * far), None)
    quite = next((r for r, g in after if g <= EARLY * far), None)
    return (nearly.at, (quite or nearly).at + (quite or nearly).room) if nearly else None


def _gone(values: Sequence[float], way: frozenset[str] = frozenset()) -> list[float]:
    """How far each is from where it began, this way if one is said."""
    base = _base(values)
    gaps = [v - base for v in values]
    return [
        max(0.0, g) if way == frozenset({UP}) else max(0.0, -g) if way == frozenset({DOWN}) else abs(g) for g in gaps
    ]


def _base(values: Sequence[float]) -> float:
    """Where it began: of two first ones the very first, as the second may already be away from there."""
    return median(values[: max(1, min(3, len(values) // 3))]) if len(values) // 3 != 2 else values[0]


def _went(values: Sequence[float], far: float) -> bool:
    """Whether so far is more than its usual ups and downs."""
    steps = [abs(b - a) for a, b in pairwise(values)]
    return far != 0 and far >= max(LEAST * abs(_base(values)), NOISE * median(steps) if len(steps) > FEW else 0.0)
