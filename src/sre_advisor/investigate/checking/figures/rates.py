"""What a course of readings comes to: so much in every minute or sample, on average, or all together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import mean, median

from sre_advisor.investigate.checking.evidence.observations import Observation
from sre_advisor.investigate.checking.words.clock import DAY, moments, stretches
from sre_advisor.investigate.checking.words.quantities import Number, measure
from sre_advisor.investigate.checking.words.windows import window

FOLDS = ("x", "×", "times", "fold")
EACH = re.compile(
    r"^\s?(?:(?!in\b|within\b|at\b|on\b|for\b|after\b|with\b)[A-Za-z]{1,12}\s){0,3}?"
    r"(?:an?|per|every|each|by the|with every)\s(?:(?P<n>\d+)[\s-]|\w+[\s-])?(?P<span>second|minute|sample|hour)s?\b"
    r"(?!\s(?:later|earlier|after|before|ago))"
)
_COUNT = re.compile(r"_sum\b|_count\b|requests|calls|per sample", re.IGNORECASE)


def rates(number: Number, plain: str, lines: Sequence[list[Observation]]) -> Iterator[float]:
    """How much a course gains in a minute (a second, an hour): between samples, and from its ends to each of them."""
    match = EACH.match(plain[number.end :])
    told = float(match.group("n") or 1) * measure(match.group("span"))[1] if match else 60.0
    span = {"rate:s": 1.0, "rate:h": 3600.0}.get(number.unit, 60.0) if number.unit.startswith("rate:") else told
    size = 1.0 if number.unit.startswith("rate:") else measure(number.unit)[1]
    said = moments(plain)
    for whole in lines:
        at = [o for o in whole if o.time and any(m.is_at(o.time) for m in said)]
        course = at if len(at) > 1 else whole
        ends = [*pairwise(course), *((course[0], o) for o in course[2:]), *((o, course[-1]) for o in course[:-2])]
        for a, b in ends:
            apart = (b.time.epoch - a.time.epoch) if a.time and b.time else 0
            if apart:
                yield abs(_base(b.number) - _base(a.number)) / size * span / apart
        steps = [b.time.epoch - a.time.epoch for a, b in pairwise(whole) if a.time and b.time]
        if match and match.group("span") == "sample":
            yield from (abs(_base(b.number) - _base(a.number)) / size * told for a, b in pairwise(whole))
        for o in (at or whole) if steps and _COUNT.search(whole[0].row.full) else ():  # so many in each sample
            yield _base(o.number) / size * span / median(steps)


def times_in(number: Number, held: Sequence[Observation]) -> Iterator[float]:
    """How often in a minute something happens that happens every so many seconds."""
    if number.unit.casefold() in FOLDS:
        yield from (
            60 / _base(o.number)
            for o in held
            if measure(o.number.unit or o.number.hint)[0] == "second" and o.number.value
        )


def means(number: Number, plain: str, lines: Sequence[list[Observation]]) -> Iterator[float]:
    """What the samples of a course come to on average, in the stretch said if one is."""
    inside = window(plain)
    for course in lines:
        values = [
            v
            for o in course
            if inside is None or (o.time and inside(o.time))
            for v in list(number.readings(o.number))[:1]
        ]
        if len(values) > 1:
            yield mean(values)
        yield from (mean(some) for some in _runs(values, plain))


_RUN = re.compile(
    r"\b(?P<end>first|last|final)?\s?(?P<n>\d{1,2})\s(?:[a-z-]+\s)?(?:samples|readings|values|points|minutes)\b",
    re.IGNORECASE,
)


def _runs(values: Sequence[float], plain: str) -> Iterator[Sequence[float]]:
    """So many values in a row as the words say ("over the first 4 samples"), wherever they lie if they do not."""
    for match in _RUN.finditer(plain):
        size, end = int(match.group("n")), (match.group("end") or "").casefold()
        if 1 < size < len(values):
            starts = (0,) if end == "first" else (len(values) - size,) if end else range(len(values) - size + 1)
            yield from (values[i : i + size] for i in starts)


def sums(number: Number, plain: str, lines: Sequence[list[Observation]]) -> Iterator[float]:
    """What the samples of a course come to together, in the stretch said if one is, and two in a row."""
    size = measure(number.unit)[1]
    for course in lines:
        for start, end in stretches(plain):
            length = (end.second - start.second) % DAY
            yield (
                sum(_base(o.number) for o in course if o.time and (o.time.second - start.second) % DAY < length + 60)
                / size
            )
        yield sum(_base(o.number) for o in course) / size
        yield from ((_base(a.number) + _base(b.number)) / size for a, b in pairwise(course))


def _base(number: Number) -> float:
    return number.value * measure(number.unit or number.hint)[1]
