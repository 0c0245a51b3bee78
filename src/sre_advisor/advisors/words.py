"""How figures, times and stretches of time are written for people."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from math import isfinite

SECONDS = ("s", "sec", "second", "seconds")
_METRIC = re.compile(r"[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)+")
_UNIT_ENDINGS = ("_seconds", "_milliseconds", "_bytes", "_per_second", "_per_minute")


def figure(value: float, unit: str | None = None) -> str:
    """A value with three significant digits in the unit a person would say: ms, %, MiB."""
    if not isfinite(value):
        return "no number"
    match unit:
        case "1" | None | "":
            return _digits(value)
        case "ratio":
            return f"{_digits(value * 100)} %"
        case _ if unit.casefold() in SECONDS:
            return f"{_digits(value * 1000)} ms" if 0 < abs(value) < 1 else f"{_digits(value)} s"
        case "bytes" | "B":
            return _bytes(value)
        case _:
            return f"{_digits(value)} {unit}"


def span(before: float, after: float, unit: str | None = None) -> str:
    """From one value to another; a unit that changes no figure is said once."""
    one, other = figure(before, unit), figure(after, unit)
    plain = unit and one.endswith(f" {unit}") and other.endswith(f" {unit}")
    return f"from {one.removesuffix(f' {unit}') if plain else one} to {other}"


def signal_words(name: str, unit: str | None = None) -> str:
    """A metric's name as words, without an ending that its figures' unit says already."""
    if not _METRIC.fullmatch(name):
        return name
    ending = next((e for e in _UNIT_ENDINGS if unit and name.endswith(e) and len(name) > len(e)), "")
    return name.removesuffix(ending).replace("_", " ")


def clock(at: datetime, now: datetime | None = None, *, exact: bool = True) -> str:
    """The time of day in UTC; seconds only where exact and not a full minute; the date when it is another day's."""
    utc = at.astimezone(UTC)
    time = f"{utc:%H:%M:%S}" if utc.second and exact else f"{utc:%H:%M}"
    if now is not None and utc.date() != now.astimezone(UTC).date():
        return f"{utc:%Y-%m-%d} {time} UTC"
    return f"{time} UTC"


def stretch(length: timedelta) -> str:
    """A length of time in the two largest units that matter: "45 s", "5 min", "3 h 20 min", "2 days"."""
    seconds = abs(int(length.total_seconds()))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
    return f"{round(minutes / 1440)} days"


def shorten(text: str, limit: int) -> str:
    """The text on one line, cut at `limit` characters with an ellipsis."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def mentions(text: str, name: str) -> bool:
    """Whether the name stands in the text as a whole word, compared without case."""
    return re.search(rf"(?<![\w-]){re.escape(name.casefold())}(?![\w-])", text.casefold()) is not None


def _digits(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    text = f"{value:.3g}"
    return f"{float(text):.12f}".rstrip("0").rstrip(".") if "e" in text else text


def _bytes(value: float) -> str:
    size = abs(value)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{_digits(value)} {unit}"
        size, value = size / 1024, value / 1024
    return f"{_digits(value)} GiB"
