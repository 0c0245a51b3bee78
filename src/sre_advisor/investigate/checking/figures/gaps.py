"""Whether so much time lies between two things that the evidence has a time of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from sre_advisor.investigate.checking.evidence.directions import pairs, sample, series_of
from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import Moment, blanked, moments
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

_LATER = re.compile(r"[\s-]?[A-Za-z]+ (?:later(?! than)|afterwards|thereafter)\b", re.IGNORECASE)
_EVENTS, _FEW = 60, 3
"""Times of single events above which two of them lie any whole number of minutes apart, and how often a figure may
have been read that tells when."""
MINUTE = 59
"""Seconds by which a time told to the minute may be later."""


def is_gap(number: Number, plain: str, shelf: Shelf) -> bool:
    """Whether so much time lies between two events, or an event and a moment that the claim names."""
    if any(number.value in (a.value, b.value) for a, b in pairs(plain)):
        return False  # one end of a move is a reading
    said = moments(plain)
    rows = [r for r in shelf.rows if not r.whole and r.times]
    groups = series_of(rows)
    sampled = {id(r) for s in groups for r in s}
    timed = [m for r in rows if id(r) not in sampled for m in r.times]
    single = {m.epoch for m in timed}
    own = {h.epoch for r in rows for h in r.times if any(m.is_at(h) for m in said)} | {
        m.epoch for m in said if not shelf.times or m.date is not None or all(t.date is None for t in shelf.times)
    }
    own |= _read_at(number, plain, rows)
    made = [i.casefold() for i in identifiers(plain)]
    named = {
        m.epoch for r in rows if any(i in r.full.casefold() for i in made) for m in r.times if id(r) not in sampled
    }
    turns = {e for s in groups for e in _turns(s)}
    events = single | turns if len(single) <= _EVENTS else named | turns
    some = [*combinations(sorted(events | own), 2)] if len(events) <= _EVENTS else [(a, b) for a in own for b in events]
    exact, late = {m.epoch for m in timed if m.exact}, {m.epoch + MINUTE for m in timed if not m.exact}
    some += [(a, b) for a in exact for b in late] if len(single) <= _EVENTS else []
    base = _base_of(number, plain, said)
    if base is not None and (at := {h.epoch for r in rows for h in r.times if base.is_at(h)} or {base.epoch}):
        some = [(a, b) for a in at for b in events | own]
    size = measure(number.unit)[1]
    return any(number.fits(abs(a - b) / size) for a, b in some)


def _read_at(number: Number, plain: str, rows: Sequence[Row]) -> set[int]:
    """When the other figures of the sentence were read, each that was so no more than a few times."""
    found: set[int] = set()
    for other in numbers(blanked(plain)):
        if other.start != number.start and len(other.text.strip("0.")) > 1:
            epochs = {r.times[0].epoch for r in rows if r.series and any(other.could_be(h) for h in r.numbers)}
            found |= epochs if len(epochs) <= _FEW else set()
    return found


def _base_of(number: Number, plain: str, said: Sequence[Moment]) -> Moment | None:
    """The only time before a stretch that lies between it and what the sentence tells next ("… 40 seconds later")."""
    before = [m for m in said if m.end <= number.start]
    alone = len(before) == 1 and len(said) == 1 and not any(m.start > number.start for m in said)
    others = [n for n in numbers(blanked(plain)) if n.start != number.start and measure(n.unit)[0] == "second"]
    return before[0] if alone and not others and _LATER.match(plain[number.end :]) else None


def _turns(samples: Sequence[Row]) -> Iterator[int]:
    """Where a series begins, ends, peaks, and takes its largest steps."""
    values = [sample(r).value for r in samples]
    least = 0.2 * (max(values) - min(values))
    yield samples[0].times[0].epoch
    yield samples[-1].times[0].epoch
    for i, (a, b) in enumerate(pairwise(values)):
        if least and abs(b - a) >= least:
            yield samples[i + 1].times[0].epoch
            yield samples[i].times[0].epoch
    by_value = sorted(samples, key=lambda r: sample(r).value)
    yield from (r.times[0].epoch for r in (by_value[0], by_value[-1]))
