"""Lengths and points of time as people type them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_LONGEST = timedelta(days=36_500)


class UnclearTime(Exception):
    """What was typed is no time; the message says what is."""


def span(text: str) -> timedelta:
    """`90d`, `12h`, `30m` or `4w`; raises UnclearTime."""
    match = re.fullmatch(r"(\d{1,7})([mhdw])", text.strip(), re.ASCII)
    found = timedelta(**{_UNITS[match[2]]: int(match[1])}) if match else None
    if found is None or found > _LONGEST:
        raise UnclearTime(f"{text[:40]!r} is no length of time: write for example 90d, 12h, 30m or 4w")
    return found


def moment(text: str, now: datetime | None = None) -> str:
    """A point of time as ISO 8601 UTC, from a date, a time or how long ago; raises UnclearTime."""
    if re.fullmatch(r"\d+[mhdw]", text.strip(), re.ASCII):
        at = (now or datetime.now(UTC)) - span(text)
    else:
        try:
            at = datetime.fromisoformat(text.strip())
        except ValueError:
            raise UnclearTime(
                f"{text[:40]!r} is no time: write for example 2026-05-31, 2026-05-31T14:00Z or 7d"
            ) from None
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).isoformat(timespec="microseconds")
