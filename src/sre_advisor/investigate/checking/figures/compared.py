"""Two figures held against each other: whether they may be, and how many times, percent or units they are apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sre_advisor.investigate.checking.evidence.observations import Observation, key_of
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.derive import POINTS
from sre_advisor.investigate.checking.words.bonds import LIMIT
from sre_advisor.investigate.checking.words.quantities import Number, measure

_LIMIT = re.compile(r"(?:^|_)(?:limit|quota|max|capacity|size|budget)(?:_|$)", re.IGNORECASE)


def compared(number: Number, one: Number, other: Number, *, folds: bool, share: bool) -> Iterator[float]:
    """How far apart they are in the unit of the number: folds, shares of either, points, or a difference."""
    one, other = _alike_hinted(one, other), _alike_hinted(other, one)
    a, b = base(one), base(other)
    if folds:
        yield from (abs(x / y) for x, y in ((a, b), (b, a)) if y)
    elif share:
        if number.unit.casefold().rstrip("s") not in POINTS:
            yield from (100 * abs(b - a) / abs(x) for x in (a, b) if x)
            yield from (100 * abs(x / y) for x, y in ((a, b), (b, a)) if y and abs(x) <= abs(y))
        if is_share(one) and is_share(other):
            yield abs(_points(one) - _points(other))
    else:
        yield from (abs(x - y) for x in number.readings(one) for y in number.readings(other))
        if not number.unit:
            points = replace(number, unit="%")
            yield from (abs(x - y) for x in points.readings(one) for y in points.readings(other))
        if not number.unit and is_share(one) and is_share(other):
            yield abs(_points(one) - _points(other))


def _alike_hinted(one: Number, other: Number) -> Number:
    """The figure as a ratio where the one it is held against is one and its own unit is told nowhere."""
    bare = not one.unit and not one.hint and 0 <= one.value <= 1
    return replace(one, hint="ratio") if bare and other.hint == "ratio" and not other.unit else one


def _points(share: Number) -> float:
    """A share in percent; one without a unit is a ratio where it is no more than one."""
    known = measure(share.unit or share.hint)[0] == "share"
    return base(share) if known else share.value * (100 if abs(share.value) <= 1 else 1)


def kin(one: Observation, other: Observation, shelf: Shelf) -> bool:
    """Whether two figures may be held against each other: of one row, series, record or moment, in one dimension."""
    if not alike(one.number, other.number):
        return False
    if one.row is other.row or (one.row.series and one.row.series == other.row.series):
        return True
    if one.time and other.time and one.time.epoch == other.time.epoch:
        return True
    if _bounds(one, other) or _bounds(other, one):
        return True
    metrics = shelf.metrics_of(one.row), shelf.metrics_of(other.row)
    if all(metrics):
        return bool(metrics[0] & metrics[1])
    return bool(key_of(one)) and key_of(one) == key_of(other)


def is_limit(held: Observation) -> bool:
    """Whether a figure is a bound that was set rather than a reading."""
    return held.role == LIMIT or _LIMIT.search(key_of(held)) is not None


def _bounds(one: Observation, other: Observation) -> bool:
    """Whether the first is the limit of what the other reads: "memory_limit_mb" of "memory_rss_mb"."""
    key, read = key_of(one), key_of(other)
    parts = set(_LIMIT.sub("_", key.casefold()).split("_")) - {""}
    near = not one.owners or not other.owners or bool(one.owners & other.owners)
    return (
        near
        and _LIMIT.search(key) is not None
        and _LIMIT.search(read) is None
        and parts < set(read.casefold().split("_"))
    )


def alike(one: Number, other: Number) -> bool:
    """Whether they are in one dimension, or one of them in none."""
    dimensions = {measure(n.unit or n.hint)[0] for n in (one, other)}
    return len(dimensions - {""}) < 2


def is_share(number: Number) -> bool:
    """Whether it may be a share, in percent where it does not say."""
    return measure(number.unit or number.hint)[0] == "share" or (
        not number.unit and not number.hint and number.value <= 100
    )


def base(number: Number) -> float:
    """The figure in the base unit of its dimension."""
    return number.value * measure(number.unit or number.hint)[1]
