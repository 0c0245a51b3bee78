"""Numbers and times as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime


def rounded(value: float | None) -> float | str | None:
    """Four significant digits; infinities as words, since JSON has none; None for no number."""
    if value is None or math.isnan(value):
        return None
    short = float(f"{value:.4g}")  # may itself become infinite
    if math.isinf(short):
        return "infinite" if value > 0 else "-infinite"
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def iso(seconds: float) -> str:
    """Unix seconds as ISO 8601 in UTC."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def one_line(text: str, limit: int = 120) -> str:
    """Text from outside on one bounded line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
