"""A claim's figures in all their readings, and whether one that stands nowhere follows from those that do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sre_advisor.investigate.checking.evidence.directions import series_of
from sre_advisor.investigate.checking.evidence.fields import column_sums
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.derive import (
    between_samples,
    follows,
    is_bound,
    is_count,
    is_stretch,
    is_sum,
    is_within,
)
from sre_advisor.investigate.checking.figures.ranking import ratio_of
from sre_advisor.investigate.checking.words.clock import Moment, blanked
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers
from sre_advisor.investigate.checking.words.quotes import quoted, stands_in

_THEN_UNIT = re.compile(r"^[^\w%]{0,3}(?:to|and|->|→|=>|–|-|became|or|bis|auf|und)?[^\w%]{0,3}$", re.IGNORECASE)
_SPAN = re.compile(r"^\d[^,;]{0,40}\b(?:every|each|per)\s$")
_AND_AFTER = re.compile(r"\s(?:after|before|ahead of|later|earlier)\b", re.IGNORECASE)
_FACTOR = re.compile(
    r"\b(?:factor(?: of)?|multipl(?:y|ied|ies|ying) by)\s(?:about |around |roughly |some )?$",
    re.IGNORECASE,
)


def figures_in(plain: str, where: int, clause: str, made: Sequence[str]) -> Iterator[tuple[Number, ...]]:
    """The clause's figures, each in all its readings: "from 0.1 to 65.9 %" may mean 0.1 % or 0.1."""
    bare = blanked(plain)
    for token in sorted(set(made), key=len, reverse=True):
        if token in bare:
            bare = re.sub(rf"(?<!\w){re.escape(token)}(?!\w)", lambda m: " " * len(m.group()), bare)
    found = list(numbers(bare))
    for i, number in enumerate(found):
        if i and _SPAN.search(bare[found[i - 1].start : number.start]):
            continue  # "61 MB every 30 minutes"
        if not where <= number.start < where + len(clause):
            continue
        readings = [replace(number, unit="times") if _FACTOR.search(bare[: number.start]) else number]
        if i and not number.unit and _AND_AFTER.match(bare[number.end :]) and measure(found[i - 1].unit)[0] == "second":
            readings = [replace(number, unit=found[i - 1].unit)]  # "four minutes after A and seven after B"
        follower = found[i + 1] if i + 1 < len(found) else None
        if follower and follower.unit and not number.unit:
            between = bare[number.end : follower.start]
            if _THEN_UNIT.match(between):
                readings.append(replace(number, unit=follower.unit))
        yield tuple(readings)


def derived(readings: Sequence[Number], clause: str, plain: str, said: Sequence[Moment], shelf: Shelf) -> bool:
    """Whether the figure stands nowhere but follows from what does."""
    services = shelf.services_in(clause) or shelf.services_in(plain)
    near = [r for r in shelf.rows if not services or not (s := shelf.services_of(r)) or s & services]
    after = plain[readings[0].start + len(readings[0].text) :]
    if readings[0].unit == "times" and (quotes := quoted(shelf.claim)):
        return readings[0].value == sum(stands_in(quotes[0], (r.text,)) for r in shelf.rows)
    if (
        any(is_bound(n, plain, near) or ratio_of(n, plain, shelf) for n in readings)
        or any(between_samples(n, clause, samples, said) for n in readings for samples in series_of(near))
        or (is_sum(clause) and any(abs(readings[0].value - s) < 0.5 for s in column_sums(shelf.rows)))
        or is_count(readings[0], after, shelf.kinds(after) or shelf.sizes() | shelf.mentions_of(services))
    ):
        return True
    # A stretch of time lies between two events, often of two services.
    return any(
        _lasts(n, clause, plain, said, shelf) if measure(n.unit)[0] == "second" else follows(n, clause, near, said)
        for n in readings
    )


def _lasts(number: Number, clause: str, plain: str, said: Sequence[Moment], shelf: Shelf) -> bool:
    """Whether it is the time between two events, also in two parts ("1 h 32 min") that stand nowhere by themselves."""
    rows = [r for r in shelf.rows if not r.whole]
    if (len(said) == 2 and follows(number, "", (), said)) or is_within(number, plain, rows):
        return True
    if not is_stretch(number, plain):
        return False
    two = shelf.services_in(plain)
    if len(two) == 2 and not said:
        return _apart(number, [[r for r in rows if s in shelf.owners_of(r)] for s in two])
    return follows(number, "", rows, said) or _in_two_parts(number, clause, plain, rows, said)


def _in_two_parts(number: Number, clause: str, plain: str, rows: list[Row], said: Sequence[Moment]) -> bool:
    match = re.search(r"(\d+)\s?h(?:ours?)?\s(?:and\s)?(\d+)\s?min", plain)
    if not match or not match.start() <= number.start <= match.end():
        return False
    total = str(int(match.group(1)) * 60 + int(match.group(2)))
    return follows(Number(float(total), total, "min"), clause, rows, said)


def _apart(number: Number, rows: Sequence[list[Row]]) -> bool:
    """Whether so much time lies between something of the one service and something of the other."""
    return any(follows(number, "", [a, b], ()) for a in rows[0] for b in rows[1])
