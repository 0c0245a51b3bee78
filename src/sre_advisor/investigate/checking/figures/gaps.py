"""Whether so much time lies between two events, turns of a series, or moments that a claim names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, pairwise

from sre_advisor.investigate.checking.evidence.directions import pairs, sample, series_of
from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import moments
from sre_advisor.investigate.checking.words.quantities import Number, measure

_EVENTS = 60
"""Times of single events above which two of them lie any whole number of minutes apart."""


def is_gap(number: Number, plain: str, shelf: Shelf) -> bool:
    """Whether so much time lies between two events, or an event and a moment that the claim names."""
    if any(number.value in (a.value, b.value) for a, b in pairs(plain)):
        return False  # one end of a move is a reading
    said = moments(plain)
    rows = [r for r in shelf.rows if not r.whole and r.times]
    groups = series_of(rows)
    sampled = {id(r) for s in groups for r in s}
    single = {m.epoch for r in rows if id(r) not in sampled for m in r.times}
    own = {h.epoch for r in rows for h in r.times if any(m.is_at(h) for m in said)} | {
        m.epoch for m in said if not shelf.times or m.date is not None or all(t.date is None for t in shelf.times)
    }
    made = [i.casefold() for i in identifiers(plain)]
    named = {
        m.epoch for r in rows if any(i in r.full.casefold() for i in made) for m in r.times if id(r) not in sampled
    }
    turns = {e for s in groups for e in _turns(s)}
    events = single | turns if len(single) <= _EVENTS else named | turns
    some = [*combinations(sorted(events | own), 2)] if len(events) <= _EVENTS else [(a, b) for a in own for b in events]
    size = measure(number.unit)[1]
    return any(number.fits(abs(a - b) / size) for a, b in some)


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
