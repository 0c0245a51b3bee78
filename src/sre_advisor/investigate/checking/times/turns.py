"""When a course of readings turned: its highest, its lowest, beyond a level for the first time, back where it was."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from sre_advisor.investigate.checking.evidence.directions import DOWN, UP, pairs, ways
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.times.courses import in_unit
from sre_advisor.investigate.checking.times.meant import Course, meant, owned
from sre_advisor.investigate.checking.words.clock import Moment, blanked
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

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
_ACROSS = re.compile(
    r"\b(?:of|among) (?:all |any |the |these |its )*(?:\w+ )?(?:services|callers|pods|series|columns|dependencies|metrics)\b|"
    r"\bany other\b",
    re.IGNORECASE,
)
_FIRST = re.compile(r"\bfirst\b|\bfor the first time\b|\binitially\b", re.IGNORECASE)
_OVER = (
    r"above|over|past|beyond|exceed(?:ed|s|ing)?|cross(?:ed|es|ing)?|pass(?:ed|es|ing)?|surpass\w*|topp\w*|more than|"
    r"breach\w*|br(?:oke|eaks?|eaking)(?: through)?|at least|reach\w*|hit|higher than|through"
)
_UNDER = r"below|under|beneath|less than|lower than|at most"
_LEVEL = re.compile(
    rf"\b(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s(?=[\w.~≈])",
    re.IGNORECASE,
)
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
_LEFT = re.compile(r"\b(?:left|leaves|leaving|departed from|moved (?:off|away from)|came off)\s(?:its |the )?(?=\d)", re.IGNORECASE)
_HAD = re.compile(r"\b(?:had|has|have|already|still|was|were|is|are|stood|down from|up from)\b", re.IGNORECASE)
"""Words of where something stands after it moved."""
ALMOST = 0.005
"""Share of a value by which two readings are the same to a reader."""
NEAR, FAR = 0.1, 0.3
"""Shares of the way a course went from where it began within, and beyond which, it is or is not back."""


@dataclass(frozen=True, slots=True)
class _Turn:
    """`holds` tells whether a course turned so at the index; `at` when it did, for the reason given."""

    name: str
    holds: Callable[[list[float], int], bool]
    at: Callable[[list[float]], int | None]
    sure: bool = False
    """Whether it is told by a level, so that a course which turned so is what was meant."""


@dataclass(frozen=True, slots=True)
class _Level:
    """A level in the unit of the course; `reached` when to stand at it is meant, and not only to be beyond it."""

    value: float
    over: bool = True
    reached: bool = False


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


def _turn(clause: str, line: Course, *, by: bool, since: bool) -> _Turn | None:
    plain = blanked(clause)
    first = _FIRST.search(plain) is not None
    level = _level(plain, line, first)
    if since:
        return None if level is None or _BACK.search(plain) else _beyond(level, first=False, crossed=True)
    if not by and (left := _LEFT.search(plain)):
        return _leaves(plain[left.end() :], line)
    if _BACK.search(plain):
        return _back_at(plain, line) or _back(plain, level, by=by)
    if by:
        return None
    if level is not None:
        return _beyond(level, first, crossed=_CROSSED.search(plain) is not None)
    said = ways(plain) & {UP, DOWN}
    pair = next(pairs(plain), None)
    if pair and said and not _HAD.search(plain):
        return _arrives(pair[1], line)
    extreme = any(p.search(plain) for p in (_HIGH, _LOW, _WORST))
    if len(said) == 1 and not extreme and not any(numbers(plain)):
        return _moved(DOWN in said)
    return _extreme(plain)


def _extreme(plain: str) -> _Turn | None:
    """The highest or the lowest that the phrase speaks of; None where it speaks of none or of several."""
    high, low, worst = (p.search(plain) for p in (_HIGH, _LOW, _WORST))
    if _NOT_ALL.search(plain) or sum(m is not None for m in (high, low, worst)) != 1:
        return None
    if worst:
        return _Turn("stood highest", lambda v, i: _is_top(v, i) or _is_bottom(v, i), lambda v: v.index(max(v)))
    if high:
        return _Turn("stood highest", _is_top, lambda v: v.index(max(v)))
    return _Turn("stood lowest", _is_bottom, lambda v: v.index(min(v)))


def _moved(down: bool) -> _Turn:
    """A step this way into the time or out of it; only where it took a far larger one at another."""

    def steps(values: list[float]) -> list[float]:
        way = max(values) - min(values) or 1.0
        return [0.0, *((a - b if down else b - a) / way for a, b in pairwise(values))]

    def holds(values: list[float], at: int) -> bool:
        return max(steps(values)[at : at + 2]) >= NEAR

    def at(values: list[float]) -> int | None:
        taken = steps(values)
        return taken.index(max(taken)) if max(taken) >= FAR else None

    return _Turn(f"went {DOWN if down else UP}", holds, at)


def _arrives(end: Number, line: Course) -> _Turn:
    """To the end of a move ("from 90 to 0"): then, not where it had stood there already."""
    values = [o.number.value for o in line]
    still = ALMOST * (max(values) - min(values))
    there = [end.could_be(o.number) for o in line]

    def holds(values: list[float], at: int) -> bool:
        return not (at and there[at] and there[at - 1] and abs(values[at] - values[at - 1]) <= still)

    def at(values: list[float]) -> int | None:
        return next((i for i in range(1, len(values)) if there[i] and not there[i - 1]), None)

    return _Turn("came to that", holds, at)


def _leaves(rest: str, line: Course) -> _Turn | None:
    """Away from a level: then, where it still stood there just before."""
    value = _value(rest[:24], line)
    if value is None:
        return None
    room = ALMOST * abs(value)

    def away(values: list[float], at: int) -> bool:
        return at > 0 and abs(values[at] - value) > room >= abs(values[at - 1] - value)

    return _Turn("left that", away, lambda v: next((i for i in range(len(v)) if away(v, i)), None), sure=True)


def _is_top(values: list[float], at: int) -> bool:
    return values[at] >= max(values) - ALMOST * abs(max(values))


def _is_bottom(values: list[float], at: int) -> bool:
    return values[at] <= min(values) + ALMOST * abs(min(values))


def _beyond(level: _Level, first: bool, crossed: bool) -> _Turn:
    """Beyond a level: then; where it crossed it then, not just before; for the first time, never before."""
    value_of, over, room = level.value, level.over, ALMOST * abs(level.value)

    def inside(value: float) -> bool:
        return value >= value_of - room if over else value <= value_of + room

    def strictly(value: float) -> bool:
        if level.reached:
            return inside(value)
        return value > value_of + room if over else value < value_of - room

    def holds(values: list[float], at: int) -> bool:
        earlier = values[:at] if first else values[max(0, at - 1) : at] if crossed else []
        return inside(values[at]) and not any(strictly(v) for v in earlier)

    def at(values: list[float]) -> int | None:
        past = [v > value_of if over and not level.reached else inside(v) if over else v < value_of for v in values]
        return next((i for i in range(1, len(past)) if past[i] and not past[i - 1]), None)

    return _Turn(f"went {'above' if over else 'below'} that", holds, at, sure=True)


def _back_at(plain: str, line: Course) -> _Turn | None:
    """Back at a figure: read so then, or nearer still to where it began."""
    match = _BACK_AT.search(plain)
    number = next(numbers(plain[match.end() :]), None) if match else None
    value = _in_unit_of(line, number) if number is not None and number.start <= 2 else None
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

    return _Turn("was back", holds, at)


def _back(plain: str, level: _Level | None, *, by: bool) -> _Turn | None:
    """Where it had been: within a little of how it began, after it had gone away from there."""
    if level is None and not _USUAL.search(plain) and not _TURNS_BACK.search(plain):
        return None
    if level is not None:
        return _beyond(level, first=False, crossed=not by and _TURNS_BACK.search(plain) is not None)
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

    return _Turn("was back", holds, lambda values: next(iter(after(values)), None))


def _level(plain: str, line: Course, first: bool) -> _Level | None:
    for match in _LEVEL.finditer(plain):
        value = _value(plain[match.end() : match.end() + 24], line)
        if value is not None:
            reached = re.match(r"reach|hit|at (?:least|most)", match.group(), re.IGNORECASE) is not None
            return _Level(value, match.group("under") is None, reached)
    if not first:
        return None
    found = next((n for n in numbers(plain) if n.unit or n.value not in (1, 2)), None)
    value = _in_unit_of(line, found) if found is not None else None
    values = [o.number.value for o in line]
    if value is None or not min(values) * 0.9 <= value <= max(values) * 1.02:
        return None
    return _Level(value, ways(plain) != frozenset({DOWN}), reached=True)


def _value(rest: str, line: Course) -> float | None:
    """The figure that the words begin with, in the unit of the course."""
    rest = re.sub(r"^one\b", "1", rest, flags=re.IGNORECASE)
    number = next(numbers(rest), None)
    if number is None or len(re.findall(r"[A-Za-z]{3,}", rest[: max(number.start, 0)])) > 1:
        return None
    return _in_unit_of(line, number)


def _in_unit_of(line: Course, number: Number) -> float | None:
    found = in_unit(number, line[0].number)
    held = line[0].number.unit or line[0].number.hint
    if found is not None or held:
        return found
    values = [o.number.value for o in line]
    tried = (number.value * measure(number.unit)[1] * scale for scale in (1, 1000))
    return next((v for v in tried if min(values) <= v <= max(values)), None)
