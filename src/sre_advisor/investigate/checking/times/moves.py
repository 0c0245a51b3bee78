"""How a course of readings turns: to its highest, beyond a level, away from one, back where it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from sre_advisor.investigate.checking.evidence.directions import DOWN, UP
from sre_advisor.investigate.checking.times.levels import Level, value_in, value_of
from sre_advisor.investigate.checking.times.meant import Course
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_HIGH = re.compile(
    r"\b(?:peak(?:ed|s|ing)?|highest|maximum|maxed out|slowest|busiest|topp(?:ed|ing) out|crest(?:ed|ing)?|"
    r"top(?: value| reading)?|high(?:[ -]?water mark|[ -]point)|most|hottest|longest)\b|"
    r"\b(?:its|their|the|a|at its|at their)\s(?:high|height|peak|max)\b",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:lowest|minimum|trough(?:ed)?|bottom(?:ed)?(?: out)?|nadir|low(?:[ -]?water mark|[ -]point)|fastest|"
    r"fewest|least)\b|"
    r"\b(?:its|their|the|a)\s(?:low|floor|min)\b",
    re.IGNORECASE,
)
_WORST = re.compile(r"\b(?:worst|best)\b", re.IGNORECASE)
_NOT_ALL = re.compile(
    r"\b(?:second|third|another|local|smaller|new|so far|until then|again|one of|secondary|by then|up to then|before|"
    r"at least|at most|the least|not the|near(?:ly|ing)?|almost|close to|past)\b",
    re.IGNORECASE,
)
"""Words that make a highest value one among several."""
_BACK_AT = re.compile(
    r"\bback (?:\w+ )?(?:at|to|on|around|near)\s(?:about |around |just |only |some |its |the |a )*", re.IGNORECASE
)
_USUAL = re.compile(
    r"\b(?:normal|usual|full|baseline|healthy|where (?:it|they)|level|"
    r"100 ?%|before|recover\w*|normali[sz]ed|settled|subsided)\b",
    re.IGNORECASE,
)
_TURNS_BACK = re.compile(
    r"\b(?:return\w*|recover\w*|came|went|fell|dropped|got|normali[sz]ed|settled|subsided)\b", re.IGNORECASE
)
_FULLY = re.compile(r"\b(?:full|fully|100 ?%|complete\w*|entirely|exactly|precisely)(?!\w)", re.IGNORECASE)
ALMOST = 0.005
"""Share of a value by which two readings are the same to a reader."""
LEAP = 0.5
"""Share of a reading by which the next one moves that began to move then."""
NEAR, FAR = 0.1, 0.3
"""Shares of the way a course went from where it began within, and beyond which, it is or is not back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """`holds` tells whether a course turned so at the index; `at` when it did, for the reason given."""

    name: str
    holds: Callable[[list[float], int], bool]
    at: Callable[[list[float]], int | None]
    sure: bool = False
    """Whether it is told by a level, so that a course which turned so is what was meant."""


def extreme(plain: str) -> Turn | None:
    """The highest or the lowest that the phrase speaks of; None where it speaks of none or of several."""
    high, low, worst = (p.search(plain) for p in (_HIGH, _LOW, _WORST))
    if _NOT_ALL.search(plain) or sum(m is not None for m in (high, low, worst)) != 1:
        return None
    if worst:
        return Turn("stood highest", lambda v, i: _is_top(v, i) or _is_bottom(v, i), lambda v: v.index(max(v)))
    if high:
        return Turn("stood highest", _is_top, lambda v: v.index(max(v)))
    return Turn("stood lowest", _is_bottom, lambda v: v.index(min(v)))


def moved(down: bool, *, first: bool = False) -> Turn:
    """A step this way into the time or out of it; only where it took a far larger one at another.

    The first may be small beside a later one, if it is large beside what was read before it.
    """

    def steps(values: list[float]) -> list[float]:
        way = max(values) - min(values) or 1.0
        return [0.0, *((a - b if down else b - a) / way for a, b in pairwise(values))]

    def holds(values: list[float], at: int) -> bool:
        return max(steps(values)[at : at + 2]) >= NEAR or (first and leap(values) == at)

    def leap(values: list[float]) -> int | None:
        sizes = [((a - b) if down else (b - a)) / (abs(a) or 1.0) for a, b in pairwise(values)]
        return next((i + 1 for i, size in enumerate(sizes) if size >= LEAP), None)

    def at(values: list[float]) -> int | None:
        taken = steps(values)
        if first and (begun := leap(values)) is not None:
            return begun
        return taken.index(max(taken)) if max(taken) >= FAR else None

    return Turn(f"went {DOWN if down else UP}", holds, at, sure=first)


def arrives(end: Number, line: Course) -> Turn:
    """To the end of a move ("from 90 to 0"): then, not where it had stood there already."""
    values = [o.number.value for o in line]
    still = ALMOST * (max(values) - min(values))
    there = [end.could_be(o.number) for o in line]

    def holds(values: list[float], at: int) -> bool:
        return not (at and there[at] and there[at - 1] and abs(values[at] - values[at - 1]) <= still)

    def at(values: list[float]) -> int | None:
        return next((i for i in range(1, len(values)) if there[i] and not there[i - 1]), None)

    return Turn("came to that", holds, at)


def leaves(rest: str, line: Course) -> Turn | None:
    """Away from a level: then, where it still stood there just before."""
    value = value_of(rest[:24], line)
    if value is None:
        return None
    room = ALMOST * abs(value)

    def away(values: list[float], at: int) -> bool:
        return at > 0 and abs(values[at] - value) > room >= abs(values[at - 1] - value)

    return Turn("left that", away, lambda v: next((i for i in range(len(v)) if away(v, i)), None), sure=True)


def _is_top(values: list[float], at: int) -> bool:
    return values[at] >= max(values) - ALMOST * abs(max(values))


def _is_bottom(values: list[float], at: int) -> bool:
    return values[at] <= min(values) + ALMOST * abs(min(values))


def beyond(level: Level, first: bool, crossed: bool) -> Turn:
    """Beyond a level: then; where it crossed it then, not just before; for the first time, never before."""
    edge, over, room = level.value, level.over, ALMOST * abs(level.value)

    def inside(value: float) -> bool:
        return value >= edge - room if over else value <= edge + room

    def strictly(value: float) -> bool:
        if level.reached:
            return inside(value)
        return value > edge + room if over else value < edge - room

    def holds(values: list[float], at: int) -> bool:
        earlier = values[:at] if first else values[max(0, at - 1) : at] if crossed else []
        return inside(values[at]) and not any(strictly(v) for v in earlier)

    def at(values: list[float]) -> int | None:
        past = [v > edge if over and not level.reached else inside(v) if over else v < edge for v in values]
        return next((i for i in range(1, len(past)) if past[i] and not past[i - 1]), None)

    return Turn(f"went {'above' if over else 'below'} that", holds, at, sure=True)


def back_at(plain: str, line: Course) -> Turn | None:
    """Back at a figure: read so then, or nearer still to where it began."""
    match = _BACK_AT.search(plain)
    number = next(numbers(plain[match.end() :]), None) if match else None
    value = value_in(line, number) if number is not None and number.start <= 2 else None
    if value is None or number is None:
        return None
    size = abs(value / number.value) if number.value else 0.0
    rounded = size * 0.5 * 10.0 ** -len(number.text.partition(".")[2])

    def holds(values: list[float], at: int) -> bool:
        base = median(values[: max(1, min(3, len(values) // 3))])
        room = min(0.05 * max(abs(value), abs(base)), NEAR * max(abs(v - base) for v in values))
        return abs(values[at] - base) <= abs(value - base) + max(room, rounded)

    def at(values: list[float]) -> int | None:
        top = max(range(len(values)), key=lambda i: abs(values[i] - values[0]))
        return next((i for i in range(top + 1, len(values)) if holds(values, i)), None)

    return Turn("was back", holds, at)


def back(plain: str, level: Level | None, *, by: bool) -> Turn | None:
    """Where it had been: within a little of how it began, after it had gone away from there."""
    if level is None and not _USUAL.search(plain) and not _TURNS_BACK.search(plain):
        return None
    if level is not None:
        return beyond(level, first=False, crossed=not by and _TURNS_BACK.search(plain) is not None)
    most = NEAR / 2 if _FULLY.search(plain) else FAR
    moves = not by and _TURNS_BACK.search(plain) is not None

    def gone(values: list[float]) -> list[float]:
        base = median(values[: max(1, min(3, len(values) // 3))])
        away = [abs(v - base) for v in values]
        far = max(away)
        return [a / far if far else 0.0 for a in away]

    def after(values: list[float]) -> list[int]:
        share = gone(values)
        top = share.index(max(share))
        return [i for i, s in enumerate(share) if i > top and s <= NEAR]

    def holds(values: list[float], at: int) -> bool:
        share, back = gone(values), after(values)
        if share[at] > most:
            return False
        early = bool(back) and at > back[0] + 1
        return not (moves and early)

    return Turn("was back", holds, lambda values: next(iter(after(values)), None))


def is_extreme(plain: str) -> bool:
    """Whether the phrase speaks of a highest or a lowest."""
    return any(p.search(plain) for p in (_HIGH, _LOW, _WORST))
