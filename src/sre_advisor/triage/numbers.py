"""Numbers in code and settings under the name they are given, units applied: 15m and 15 * time.Second differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_UNITS = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
    "nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0, "minute": 60.0, "hour": 3600.0,
    "day": 86400.0, "k": 1e3, "ki": 1024.0, "kb": 1e3, "kib": 1024.0, "mi": 2.0**20, "mb": 1e6, "mib": 2.0**20,
    "gi": 2.0**30, "gb": 1e9, "gib": 2.0**30,
}  # fmt: skip
"""Factors of the usual suffixes; "m" is minutes, which for Kubernetes' millicores on both sides compares as well."""
_NAMED = re.compile(
    r"(?<![\w.-])([A-Za-z_][\w.-]{0,79})[\"']?\s{0,8}(?::=|[:=(,]|\s)\s{0,8}[\"']?(\d{1,20}(?:\.\d{1,20})?)"
    r"\s{0,8}(?:\*\s{0,8}(?:[A-Za-z]{1,20}\.)?)?([A-Za-z]{1,20})?"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A number's value in its base unit, and how it was written."""

    value: float
    text: str


def named_numbers(lines: Sequence[str]) -> dict[str, Named]:
    """The numbers that follow a name ("timeout: 5s", "LIMIT 50", "f(ctx, 5*time.Second)"), by that name's last part."""
    found: dict[str, Named] = {}
    for line in lines:
        for name, number, unit in _NAMED.findall(line):
            known = unit.lower() if unit.lower() in _UNITS else unit.lower().removesuffix("s")
            factor = _UNITS.get(known, 1.0)
            text = f"{number} {unit}" if known in _UNITS else number
            found[name.split(".")[-1].casefold()] = Named(float(number) * factor, text)
    return found
