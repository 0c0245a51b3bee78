"""A time that a clause gives to an event must be the time the evidence gives to that event, and not to another."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.clauses import clauses
from sre_advisor.investigate.checking.clock import Moment, blanked, moments, stretches
from sre_advisor.investigate.checking.events import actors, events
from sre_advisor.investigate.checking.happened import told_at, when
from sre_advisor.investigate.checking.quantities import numbers
from sre_advisor.investigate.checking.shelf import Shelf

_AT = re.compile(r"(?:\b(?:at|by|on|since|from|in the minute of|in the|of|around|about|until|till)|@|,)\s*$", re.IGNORECASE)
_AFTER = re.compile(r"^\s?(?:UTC|sample|row|reading|window|local time)?\b", re.IGNORECASE)
_FREE = re.compile(r"\b(?:by|until|till|before|after|already|still|from|to|not|never|no longer|back)\b|n't\b", re.IGNORECASE)
_TURN = re.compile(
    r"\b(?:cross\w*|passed|past|over|exceed\w*|broke through|above|below|under|beyond|first|began|started|onset|set in|"
    r"peak\w*|highest|lowest|slowest|topped out|bottomed out)\b",
    re.IGNORECASE,
)
"""Words of a turn that a course of readings takes, rather than of where it stood."""
_LEVEL = re.compile(r"\b(?:cross\w*|passed|past|over|exceed\w*|through|above|below|under|beyond|than)\s(?:the )?$", re.IGNORECASE)
MINUTE = 60
FAR = 12 * 3600


def misdated_event(plain: str, shelf: Shelf) -> str | None:
    """Why what a clause tells of did not happen when it says; None when nothing shows that."""
    free = {m.start for pair in stretches(plain) for m in pair}
    said = moments(plain)
    if not said:
        return None
    known = actors(shelf)
    held = events(shelf)
    for where, clause in clauses(plain):
        times = [m for m in said if where <= m.start < where + len(clause) and m.start not in free]
        if len(times) != 1 or _FREE.search(clause):
            continue
        phrase = _without(clause, where, times[0])
        if len(re.findall(r"[^\W\d_]{3,}", phrase)) < 2:
            continue
        spans = when(phrase, held, shelf, known)
        if not spans or any(s.read for s in spans) and (not _TURN.search(phrase) or _read_off(plain, times[0], clause)):
            continue
        at = _epoch(times[0], spans[0].early)
        if any(s.early - MINUTE <= _epoch(times[0], s.early) <= s.late + MINUTE for s in spans):
            continue
        if any(s.read for s in spans) or not told_at(phrase, at, held, shelf, known):
            return f"{times[0].text} is not when the evidence has that"
    return None


def _read_off(plain: str, moment: Moment, clause: str) -> bool:
    """Whether the clause gives a figure read at that time, rather than a level that was crossed then."""
    figures = [n for n in numbers(blanked(clause)) if not _LEVEL.search(clause[: n.start])]
    return bool(figures)


def _epoch(moment: Moment, near: int) -> int:
    """The moment in seconds since the epoch, on the day of what it is held against where no date was said."""
    if moment.date is not None:
        return moment.epoch
    day = near - near % 86400
    seconds = {moment.second} | ({moment.elsewhere} if moment.elsewhere is not None else set())
    return min((day + s + d for s in seconds for d in (-86400, 0, 86400)), key=lambda t: abs(t - near))


def _without(clause: str, offset: int, moment: Moment) -> str:
    head = _AT.sub(" ", clause[: moment.start - offset])
    return head + _AFTER.sub(" ", clause[moment.end - offset :])
