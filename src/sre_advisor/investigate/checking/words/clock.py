"""Times of day and dates in a text, brought to seconds since the epoch in UTC."""

from __future__ import annotations

import re
from calendar import monthrange, timegm
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise

DAY = 86400
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "cet": 60, "cest": 120, "bst": 60, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "pacific daylight time": -420, "pacific standard time": -480, "eastern daylight time": -240,
    "eastern standard time": -300, "central european summer time": 120, "central european time": 60,
    "british summer time": 60, "india standard time": 330, "japan standard time": 540,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "ist": 330, "jst": 540, "aest": 600, "sgt": 480, "msk": 180,
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_TIME = re.compile(
    rf"(?<![\w:.])(?<!UTC[+−-])(?<!GMT[+−-])(?:{_ISO_DATE}[T ]?,?\s?|\d\d/[A-Z][a-z][a-z]/\d{{4}}:)?"
    rf"(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:[.,]\d+)?)?"
    r"(?:\s?(?P<half>[ap]\.?m\b\.?))?"
    rf"(?:(?:\s?local(?: time)?)?\s?(?P<open>\()?(?P<zone>Z|(?:UTC|GMT)\s?[+−-]\d{{1,2}}(?::?\d\d)?|\+\d\d:?\d\d|"
    r"(?:(?<=\d:\d\d:\d\d)|(?<=\.\d\d\d)|(?<=\())[−-]\d\d:?\d\d|"
    rf"{'|'.join(_ZONES)})"
    r"(?(open)\))(?![\w]))?(?!\d|:\d)",
    re.IGNORECASE,
)
_ZONE_SAID = re.compile(
    r"(?:\b(?:[A-Z][A-Za-z]+[\s/]){0,4}(?:[Ll]ocal\s)?(?:[Tt]ime(?:zone)?\s?)?,?\s?\(?|(?<![\w.]))"
    rf"\b(?P<zone>(?:UTC|GMT)\s?[+−-]\s?\d{{1,2}}(?::?\d\d)?|{'|'.join(z.upper() for z in _ZONES if len(z) > 1)}|"
    rf"(?i:{'|'.join(z for z in _ZONES if ' ' in z)}))\b\)?"
)
"""A zone said apart from a time ("seen from Berlin (UTC+2)"), with the place before it."""
_DATE = re.compile(rf"\b{_ISO_DATE}\b")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WORD_DATE = re.compile(
    rf"\b(?:(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<m1>{_MONTH})|"
    rf"(?P<m2>{_MONTH})\s(?:the\s)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b)(?:,?\s(?P<year>(?:19|20)\d\d)\b)?"
)
_UNIX = re.compile(r"(?<![\w.])(1[0-9]{9}|1[0-9]{12})(?:\.\d+)?(?![\w])")
_ABOUT = re.compile(r"(?:about|around|roughly|approximately|circa|shortly|just|gegen|~|≈)\s(?:\w+\s)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as written: seconds since midnight UTC, the date's epoch if it was given, how exactly it was said."""

    second: int
    text: str
    date: int | None = None
    exact: bool = False
    """Given to the second."""
    zoned: bool = False
    loose: bool = False
    local: int = 0
    """Seconds since midnight as literally written."""
    start: int = 0
    end: int = 0
    elsewhere: int | None = None
    """Seconds since midnight UTC if it is meant in the zone that its sentence names."""

    @property
    def epoch(self) -> int:
        """Seconds since the epoch; on the first day of all when no date was given."""
        return (self.date or 0) + self.second

    def is_at(self, other: Moment) -> bool:
        """Whether this, said by a claim, is `other`, read in evidence: to the second, or the minute it falls in."""
        if self.date is not None and other.date is not None and self.date != other.date:
            return False
        if any(self._fits(said, other.second) for said in (self.second, self.elsewhere) if said is not None):
            return True
        # A local time quoted as it stands in the evidence, zone left out or the same.
        return not self.zoned and other.local != other.second and self._fits(self.local, other.local)

    def _fits(self, said: int, held: int) -> bool:
        gap = (held - said) % DAY
        gap = gap - DAY if gap > DAY // 2 else gap
        if self.exact:
            return abs(gap) <= 1
        if self.loose:
            return -90 <= gap < 150
        return 0 <= gap < 60 or -30 <= gap < 0


def moments(text: str, *, unix: bool = False) -> list[Moment]:
    """Every time of day in the text, in order; `unix` reads numbers of ten or thirteen digits as times too."""
    return list(_moments(text, unix))


@lru_cache(4_096)  # rules ask again and again of the same clause
def _moments(text: str, unix: bool) -> tuple[Moment, ...]:
    found = [m for match in _TIME.finditer(text) if (m := _moment(match, text)) is not None]
    found = _in_zone_said(text, found)
    if unix:
        found += [_from_unix(match) for match in _UNIX.finditer(text)]
    return tuple(sorted((m for m in found if m.date is None or m.date > DAY), key=lambda m: m.start))


def _in_zone_said(text: str, said: list[Moment]) -> list[Moment]:
    """Times without a zone in the one said right behind them; or, said elsewhere in the sentence, in that or in UTC."""
    apart = [m for m in _ZONE_SAID.finditer(text) if not any(t.start <= m.start("zone") < t.end for t in said)]
    zones = [(m.start(), o * 60) for m in apart if (o := _offset(m.group("zone").casefold()))]
    only = {offset for _, offset in zones}
    found: list[Moment] = []
    for time in said:
        beside = [o for at, o in zones if _BESIDE.fullmatch(text[time.end : max(at, time.end)]) and at >= time.end - 1]
        if time.zoned or time.date is not None:
            found.append(time)
        elif beside:
            found.append(replace(time, second=(time.local - beside[0]) % DAY, zoned=True))
        elif len(only) == 1:
            found.append(replace(time, elsewhere=(time.local - next(iter(only))) % DAY))
        else:
            found.append(time)
    return found


_BESIDE = re.compile(r"\s?(?:in|by)?\s?(?:the)?\s?")
_TO = re.compile(r"\s*(?:and|to|through|until|till|–|—|-)\s*", re.IGNORECASE)


def stretches(text: str) -> list[tuple[Moment, Moment]]:
    """Stretches of time ("between 13:40 and 13:45 UTC", "13:40–13:45"); a zone said at the end counts for both."""
    said = moments(text)
    found: list[tuple[Moment, Moment]] = []
    for one, other in pairwise(said):
        before = text[max(0, one.start - 12) : one.start]
        joint = _TO.fullmatch(text[one.end : other.start])
        if not joint or (
            joint.group().strip().casefold() == "and" and not re.search(r"(?:between|from)\s$", before, re.IGNORECASE)
        ):
            continue
        shift = (other.second - other.local) if other.zoned and not one.zoned else 0
        found.append((replace(one, second=(one.second + shift) % DAY), other))
    return found


def dates(text: str) -> frozenset[int]:
    """The epochs of every ISO date in the text."""
    return frozenset(_midnight(m.group("date")) for m in _DATE.finditer(text))


def names_zone(text: str) -> bool:
    """Whether the text names a zone of its own, other than UTC."""
    zones = [m.group("zone") for p in (_TIME, _ZONE_SAID) for m in p.finditer(text) if m.group("zone")]
    return any(_offset(zone.casefold()) for zone in zones)


@lru_cache(20_000)  # a line of evidence is asked for by every check
def blanked(text: str, *, unix: bool = False) -> str:
    """The text with times and dates blanked out, lengths kept."""
    patterns = (_TIME, _ZONE_SAID, re.compile(r"\b\d{4}-\d\d-\d\d(?:T\S*)?"), *((_UNIX,) if unix else ()))
    for pattern in patterns:
        text = pattern.sub(lambda m: " " * len(m.group()), text)
    return _WORD_DATE.sub(lambda m: " " * len(m.group()), text)


def in_dates(text: str, held: list[Moment]) -> str:
    """The text with seconds since the epoch, where the evidence has that time, and dates in words as written dates."""
    days = {m.date - m.date % DAY for m in held if m.date is not None}

    def stamp(match: re.Match[str]) -> str:
        at = _from_unix(match)
        known = any(at.epoch == m.epoch for m in held)
        return f"{datetime.fromtimestamp(at.epoch, UTC):%Y-%m-%dT%H:%M:%SZ}" if known else match.group()

    def date(match: re.Match[str]) -> str:
        month = _MONTHS.index((match.group("m1") or match.group("m2"))[:3].casefold()) + 1
        day, year = int(match.group("d1") or match.group("d2")), match.group("year")
        like = [d for d in days if (at := datetime.fromtimestamp(d, UTC)) and (at.month, at.day) == (month, day)]
        if not year:
            return f"{datetime.fromtimestamp(like[0], UTC):%Y-%m-%d}" if like else match.group()
        if not 0 < day <= monthrange(int(year), month)[1]:
            return match.group()
        said = _midnight(f"{year}-{month:02}-{day:02}")
        near = [d for d in days if abs(d - said) == DAY] if said not in days and names_zone(text) else []
        return f"{datetime.fromtimestamp(near[0] if near else said, UTC):%Y-%m-%d}"  # of that day in that zone

    return _WORD_DATE.sub(date, _UNIX.sub(stamp, text))


def _moment(match: re.Match[str], text: str) -> Moment | None:
    hour, minute, second = int(match.group("h")), int(match.group("m")), int(match.group("s") or 0)
    half = (match.group("half") or "").casefold()
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    zone = (match.group("zone") or "").casefold()
    offset = _offset(zone)
    local = hour * 3600 + minute * 60 + second
    date = _midnight(match.group("date")) if match.group("date") else None
    utc = local - (offset or 0) * 60
    if date is not None:
        date += (utc // DAY) * DAY
    loose = _ABOUT.search(text[max(0, match.start("h") - 24) : match.start("h")]) is not None
    written = match.group().strip()
    return Moment(
        utc % DAY, written, date, match.group("s") is not None, offset is not None, loose, local % DAY,
        match.start(), match.end(),
    )  # fmt: skip


def _offset(zone: str) -> int | None:
    """Minutes east of Greenwich; None when no zone was said (then UTC is meant)."""
    if not zone:
        return None
    if zone in _ZONES:
        return _ZONES[zone]
    signed = re.fullmatch(r"(?:utc|gmt)?\s?([+−-])\s?(\d{1,2}):?(\d\d)?", zone)
    if signed is None:
        return None
    minutes = int(signed.group(2)) * 60 + int(signed.group(3) or 0)
    return minutes if signed.group(1) == "+" else -minutes


def _from_unix(match: re.Match[str]) -> Moment:
    value = int(match.group(1))
    value = value // 1000 if value > 10**11 else value
    return Moment(
        value % DAY, match.group(), value - value % DAY, exact=True, zoned=True, local=value % DAY,
        start=match.start(), end=match.end(),
    )  # fmt: skip


def _midnight(date: str) -> int:
    year, month, day = (int(part) for part in date.split("-"))
    return timegm((year, month, day, 0, 0, 0))
