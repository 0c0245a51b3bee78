"""Places and regions whose clock a claim tells its times by: "12:33 in Berlin", "4:46 Pacific time"."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from sre_advisor.investigate.checking.words.clock import DAY, Moment, moments, names_zone

_REGIONS = {
    "pacific": "America/Los_Angeles", "mountain": "America/Denver", "central": "America/Chicago",
    "eastern": "America/New_York", "central european": "Europe/Berlin", "eastern european": "Europe/Athens",
    "british": "Europe/London", "indian": "Asia/Kolkata", "india": "Asia/Kolkata", "japan": "Asia/Tokyo",
    "china": "Asia/Shanghai", "israel": "Asia/Jerusalem",
}  # fmt: skip
"""What people call the clock of a region by."""
_CITIES = {
    "seattle": "America/Los_Angeles", "san francisco": "America/Los_Angeles", "portland": "America/Los_Angeles",
    "oregon": "America/Los_Angeles", "california": "America/Los_Angeles", "boston": "America/New_York",
    "washington": "America/New_York", "virginia": "America/New_York", "atlanta": "America/New_York",
    "austin": "America/Chicago", "dallas": "America/Chicago", "munich": "Europe/Berlin", "hamburg": "Europe/Berlin",
    "frankfurt": "Europe/Berlin", "cologne": "Europe/Berlin", "milan": "Europe/Rome", "barcelona": "Europe/Madrid",
    "geneva": "Europe/Zurich", "mumbai": "Asia/Kolkata", "delhi": "Asia/Kolkata", "bangalore": "Asia/Kolkata",
    "bengaluru": "Asia/Kolkata", "beijing": "Asia/Shanghai", "shenzhen": "Asia/Shanghai", "osaka": "Asia/Tokyo",
}  # fmt: skip
"""Cities that the database of time zones names none after."""
_CONTINENTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
_PLACE = re.compile(
    r"\b(?:(?P<before>[Ii]n|[Ff]rom|[Ff]or|[Aa]t|[Ss]een from|[Bb]y)\s(?:the\s)?)?"
    r"(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+)?)"
    r"(?:['’]s)?(?P<time>(?:\s(?:summer|winter|standard|daylight|local|wall))?\s(?:time|clock)\b)?"
    r"(?!\s?\((?:UTC|GMT|[A-Z]{3,4}\)))"
)
_SUMMER, _WINTER = datetime(2024, 7, 1, 12, tzinfo=UTC), datetime(2024, 1, 1, 12, tzinfo=UTC)


def in_zones(text: str, held: Sequence[Moment]) -> str:
    """The text with the offset from UTC behind the only place whose clock it tells a time by, as of the days held."""
    said = moments(text)
    if not said or names_zone(text):
        return text
    found = [(m, zone) for m in _PLACE.finditer(text) if (zone := _zone(m))]
    if len({zone for _, zone in found}) != 1:
        return text
    match, zone = found[0]
    offset = _offset(zone, said, held)
    return f"{text[: match.end()]} (UTC{offset}){text[match.end() :]}" if offset else text


def _zone(match: re.Match[str]) -> str | None:
    name = match.group("name").casefold()
    if match.group("time") and name in _REGIONS:
        return _REGIONS[name]
    return _cities().get(name) if match.group("before") or match.group("time") else None


@lru_cache(1)
def _cities() -> dict[str, str]:
    """Zones by the city that each is named after; only those of people where the database is not there."""
    zones = [z for z in sorted(available_timezones()) if z.startswith(_CONTINENTS)]
    return {**{zone.rpartition("/")[2].replace("_", " ").casefold(): zone for zone in zones}, **_CITIES}


def _offset(zone: str, said: Sequence[Moment], held: Sequence[Moment]) -> str:
    """Hours and minutes as of the days held; where none has a date, those under which a time said is one held."""
    try:
        clock = ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # no database of time zones on this machine
        return ""
    days = [datetime.fromtimestamp(m.epoch, UTC) for m in held if m.date is not None][:1] or [_SUMMER, _WINTER]
    offsets = [int(shift.total_seconds()) for day in days if (shift := day.astimezone(clock).utcoffset()) is not None]
    fitting = [o for o in offsets if _fits(o, said, held)]
    seconds = next(iter([*fitting, *offsets]), 0)
    return f"{'-' if seconds < 0 else '+'}{abs(seconds) // 3600:02}:{abs(seconds) % 3600 // 60:02}" if seconds else ""


def _fits(offset: int, said: Sequence[Moment], held: Collection[Moment]) -> bool:
    return any(abs((m.local - offset - h.second + DAY // 2) % DAY - DAY // 2) < 60 for m in said for h in held)
