"""The level that a phrase gives a course of readings, in the unit of the course: "above 2 s", "reached 90 %"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.directions import DOWN, ways
from sre_advisor.investigate.checking.times.courses import in_unit
from sre_advisor.investigate.checking.times.meant import Course
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

_OVER = (
    r"above|over|past|beyond|exceed(?:ed|s|ing)?|cross(?:ed|es|ing)?|pass(?:ed|es|ing)?|surpass\w*|topp\w*|more than|"
    r"breach\w*|br(?:oke|eaks?|eaking)(?: through)?|at least|reach\w*|hit|higher than|through"
)
_UNDER = r"below|under|beneath|less than|lower than|at most"
_LEVEL = re.compile(
    rf"\b(?:(?P<over>{_OVER})|(?P<under>{_UNDER}))\s(?=[\w.~≈])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level in the unit of the course; `reached` when to stand at it is meant, and not only to be beyond it."""

    value: float
    over: bool = True
    reached: bool = False


def level_in(plain: str, line: Course, first: bool) -> Level | None:
    """The level that a phrase names; `first` when a figure that was first read counts as one."""
    for match in _LEVEL.finditer(plain):
        value = value_of(plain[match.end() : match.end() + 24], line)
        if value is not None:
            reached = re.match(r"reach|hit|at (?:least|most)", match.group(), re.IGNORECASE) is not None
            return Level(value, match.group("under") is None, reached)
    if not first:
        return None
    found = next((n for n in numbers(plain) if n.unit or n.value not in (1, 2)), None)
    value = value_in(line, found) if found is not None else None
    values = [o.number.value for o in line]
    if value is None or not min(values) * 0.9 <= value <= max(values) * 1.02:
        return None
    return Level(value, ways(plain) != frozenset({DOWN}), reached=True)


def value_of(rest: str, line: Course) -> float | None:
    """The figure that the words begin with, in the unit of the course."""
    rest = re.sub(r"^one\b", "1", rest, flags=re.IGNORECASE)
    number = next(numbers(rest), None)
    if number is None or len(re.findall(r"[A-Za-z]{3,}", rest[: max(number.start, 0)])) > 1:
        return None
    return value_in(line, number)


def value_in(line: Course, number: Number) -> float | None:
    """A figure in the unit of the course; None when they do not count the same."""
    found = in_unit(number, line[0].number)
    held = line[0].number.unit or line[0].number.hint
    if found is not None or held:
        return found
    values = [o.number.value for o in line]
    tried = (number.value * measure(number.unit)[1] * scale for scale in (1, 1000))
    return next((v for v in tried if min(values) <= v <= max(values)), None)
