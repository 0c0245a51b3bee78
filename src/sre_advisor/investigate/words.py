"""How figures, times and stretches of time are written for people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import isfinite


def figure(value: float, unit: str | None = None) -> str:
    """A value with four significant digits and its unit, without an exponent where a person would write none."""
    if not isfinite(value):
        return "no number"
    text = f"{value:.4g}"
    if "e" in text and abs(value) < 1e15:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.8f}".rstrip("0")
    return f"{text} {unit}" if unit and unit not in ("1", "ratio") else text


def clock(at: datetime, now: datetime | None = None) -> str:
    """The time of day in UTC, to the second only where it is not a full minute; the date when it is another day's."""
    utc = at.astimezone(UTC)
    time = f"{utc:%H:%M:%S}" if utc.second else f"{utc:%H:%M}"
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
