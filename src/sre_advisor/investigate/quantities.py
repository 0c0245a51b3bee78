"""Numbers, times and names of commits in a text, so that a claim can be held against its evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = re.compile(r"(?<![\w.:/-])-?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w:/]|\.\d|-\d)")
_GLUED = re.compile(r"(?<![\w.:/-])(-?\d+(?:\.\d+)?)\s?(ms|s|m|h|d|%|x|k|M|G|B|KB|MB|GB|KiB|MiB|GiB|rps|qps)\b")
_PERCENT = re.compile(r"(?<![\w.:/-])(-?\d+(?:\.\d+)?)\s?%")
_TIME = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_SHA = re.compile(r"\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}\b")

SCALES = (1.0, 100.0, 0.01, 1000.0, 0.001, 1e6, 1e-6, 1e9, 1e-9, 60.0, 1 / 60, 3600.0, 1 / 3600, 1024.0**2, 1024.0**-2)
"""Factors between the ways one quantity is written: percent, milli, kilo, mega, minutes, hours, MiB."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written: `decimals` tells how far it was rounded."""

    value: float
    decimals: int
    text: str

    def could_be(self, other: float) -> bool:
        """Whether `other`, rounded as this was and perhaps in another unit, is this number."""
        slack = 0.5 * 10.0**-self.decimals
        return any(abs(other * scale - self.value) <= slack * 1.000001 for scale in SCALES) or _close(self.value, other)


def _close(written: float, other: float) -> bool:
    """Equal to two significant digits, for "about 1.2 s" said of 1.183 s."""
    return written != 0 and any(abs(other * s - written) <= abs(written) * 0.02 for s in SCALES[:5])


def numbers(text: str) -> Iterator[Number]:
    """Every number of the text that is no part of a time, a date, a version or a name."""
    bare = _SHA.sub(" ", _TIME.sub(" ", text))
    seen: set[str] = set()
    for match in (*_NUMBER.finditer(bare), *_GLUED.finditer(bare)):
        written = (match.group(1) if match.re is _GLUED else match.group(0)).replace(",", "")
        if written not in seen:
            seen.add(written)
            decimals = len(written.partition(".")[2]) if "e" not in written.casefold() else 0
            yield Number(float(written), decimals, written)


def minutes(text: str) -> frozenset[int]:
    """Every time of day in the text, in minutes since midnight."""
    return frozenset(int(h) * 60 + int(m) for h, m, _ in _TIME.findall(text))


def commits(text: str) -> frozenset[str]:
    """Everything in the text that looks like a commit's SHA."""
    return frozenset(_SHA.findall(text))
