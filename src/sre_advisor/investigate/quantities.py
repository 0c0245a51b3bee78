"""Numbers, times and names of commits in a text, so that a claim can be held against its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = (
    r"%|percent|ms|milliseconds?|s|sec|secs|seconds?|min|mins|minutes?|h|hrs?|hours?|days?|[KMG]i?B|bytes?|k|x|times"
)
_NUMBER = re.compile(
    rf"(?<![\w.:/#-])(-?\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"
    rf"(?:\s?({_UNITS})(?![\w/]))?(?![\w:/]|\.\d|-\d)"
)
_TIME = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\.\d+)?(?![\d:])")
_DATE = re.compile(r"\b\d{4}-\d\d-\d\d(?:T(?=\d))?")
_SHA = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")

_SECOND, _BYTE = "second", "byte"
_SIZES = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "KiB": 2.0**10, "MiB": 2.0**20, "GiB": 2.0**30}


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written; `decimals` and trailing zeros tell how far it was rounded, `unit` what it counts."""

    value: float
    text: str
    unit: str = ""

    @property
    def slack(self) -> float:
        """How far from it the exact value may lie: half a unit of its last written digit that is not a filling zero."""
        whole, _, decimals = self.text.casefold().partition(".")
        if decimals:
            return 0.5 * 10.0 ** -len(decimals.partition("e")[0])
        digits = whole.lstrip("-")
        zeros = len(digits) - len(digits.rstrip("0")) if self.value else 0
        return 0.5 * 10.0 ** min(zeros, max(len(digits) - 2, 0))

    def could_be(self, other: Number) -> bool:
        """Whether `other`, rounded as this was and perhaps written in another unit, is this number."""
        return any(abs(value - self.value) <= self.slack * 1.000001 for value in self._readings(other))

    def _readings(self, other: Number) -> Iterator[float]:
        """The values `other` has in this number's unit; a number without a unit may stand for the common ones."""
        dimension, size = _measure(self.unit)
        theirs, their_size = _measure(other.unit)
        if dimension == theirs:
            yield other.value * their_size / size
        if self.unit and not other.unit:
            yield other.value
            if dimension == "share":
                yield other.value * 100
            elif dimension in (_SECOND, _BYTE):
                yield other.value / size
        elif other.unit and not self.unit:
            yield other.value
            if theirs == "share":
                yield other.value / 100


_DIMENSIONS = (
    (("%", "percent"), "share", 1.0),
    (tuple(_SIZES), _BYTE, 0.0),
    (("byte", "bytes"), _BYTE, 1.0),
    (("k",), "", 1000.0),
    (("x", "times", ""), "", 1.0),
    (("ms", "millisecond", "milliseconds"), _SECOND, 0.001),
    (("min", "mins", "minute", "minutes"), _SECOND, 60.0),
    (("h", "hr", "hrs", "hour", "hours"), _SECOND, 3600.0),
    (("day", "days"), _SECOND, 86400.0),
)


def _measure(unit: str) -> tuple[str, float]:
    """The dimension a unit belongs to and its size in that dimension's base unit."""
    for names, dimension, size in _DIMENSIONS:
        if unit in names:
            return dimension, _SIZES.get(unit, size)
    return _SECOND, 1.0


def numbers(text: str) -> Iterator[Number]:
    """Every number of the text that is no part of a time, a date, a version or a name."""
    bare = _SHA.sub(" ", _TIME.sub(" ", _DATE.sub(" ", text)))
    for match in _NUMBER.finditer(bare):
        written = match.group(1).replace(",", "")
        yield Number(float(written), written, match.group(2) or "")


def minutes(text: str) -> frozenset[int]:
    """Every time of day in the text, in minutes since midnight."""
    return frozenset(int(h) * 60 + int(m) for h, m, _ in _TIME.findall(_DATE.sub(" ", text)))


def commits(text: str) -> frozenset[str]:
    """Everything in the text that looks like a commit's SHA."""
    return frozenset(_SHA.findall(text))
