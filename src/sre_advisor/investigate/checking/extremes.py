"""What a claim says was the highest or the lowest a series came to, held against all of its samples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from sre_advisor.investigate.checking.clauses import clauses
from sre_advisor.investigate.checking.clock import DAY, Moment, blanked, moments, stretches
from sre_advisor.investigate.checking.directions import sample, series_of
from sre_advisor.investigate.checking.names import identifiers
from sre_advisor.investigate.checking.quantities import Number
from sre_advisor.investigate.checking.readings import figures_in
from sre_advisor.investigate.checking.row import Row
from sre_advisor.investigate.checking.shelf import Shelf, metrics_in

_JOINT = r"(?:\s(?:at|of|was|is|value|reading|sample|came|stood|with|being|around|about|just|only|to|a|the|in|it|reached|"
_JOINT += r"saw|window|recorded|seen|observed|on|for)\b|[:=(,]|\s)*\s?$"
_HIGH = re.compile(
    r"\b(?:peak(?:ed|s|ing)?|topp(?:ed|ing) out|tops out|crest(?:ed|s)?|maxed out|max(?:imum)?|high(?:est)?(?: point)?|"
    rf"as (?:high|much|many|long) as|worst|largest|biggest|slowest){_JOINT}",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:bottom(?:ed|s|ing)? out|trough(?:ed|s)?|min(?:imum)?|low(?:est)?(?: point)?|as (?:low|little|few) as|"
    rf"smallest|nadir){_JOINT}",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"\b(?:above|below|over|under|than|nearly|almost|close to|well)\s\w*\s?$", re.IGNORECASE)


class Extreme(NamedTuple):
    """A figure that a claim gives as the highest or lowest, in all its readings, and where it stands."""

    readings: tuple[Number, ...]
    high: bool
    clause: str
    offset: int


def contradicted_extreme(plain: str, shelf: Shelf) -> str | None:
    """Why a figure is not the highest or the lowest of its series; None when nothing shows that."""
    for said in _extremes(plain):
        groups = [s for s in _series(said, plain, shelf) if any(_fits(said, r) for r in s)]
        tops = [_most(_within(s, plain), high=said.high) for s in groups]
        if tops and not any(t is None or _fits(said, t) for t in tops):
            top = next(t for t in tops if t is not None)
            kind = "highest" if said.high else "lowest"
            return f"{said.readings[0].text} is not the {kind}: {sample(top).text} at {top.times[0].text} is"
    return None


def _extremes(plain: str) -> Iterator[Extreme]:
    bare = blanked(plain)
    for offset, clause in clauses(plain):
        for readings in figures_in(plain, offset, clause, identifiers(plain)):
            head = bare[max(0, readings[0].start - 60) : readings[0].start]
            if not _LEVEL.search(head) and (_HIGH.search(head) or _LOW.search(head)):
                yield Extreme(readings, _HIGH.search(head) is not None, clause, offset)


def _series(said: Extreme, plain: str, shelf: Shelf) -> list[list[Row]]:
    """The series the clause may be about."""
    services = shelf.services_in(said.clause) or shelf.services_in(plain)
    metrics = metrics_in(said.clause) or metrics_in(plain)
    found = [s for s in series_of(shelf.rows) if not services or shelf.services_of(s[0]) & services]
    return [s for s in found if not metrics or not (m := shelf.metrics_of(s[0])) or m & metrics]


def _fits(said: Extreme, row: Row) -> bool:
    return any(n.could_be(h) for n in said.readings for h in row.numbers)


def _within(samples: Sequence[Row], plain: str) -> list[Row]:
    """The samples in the stretch of time that the sentence names, all of them where it names none."""
    for start, end in stretches(plain):
        length = (end.second - start.second) % DAY
        return [r for r in samples if (r.times[0].second - start.second) % DAY < length + 60]
    said = moments(plain)
    bound = _bound(plain, said[0]) if len(said) == 1 else None
    if said and bound is None:
        return list(samples)
    after = bound == "after"
    return [r for r in samples if not said or ((r.times[0].second - said[0].second) % DAY < DAY / 2) == after]


def _bound(plain: str, moment: Moment) -> str | None:
    head = plain[: moment.start]
    if re.search(r"\b(?:after|since|from|past)\s(?:about )?$", head, re.IGNORECASE):
        return "after"
    return "before" if re.search(r"\b(?:before|until|till|up to|by|prior to)\s(?:about )?$", head, re.IGNORECASE) else None


def _most(samples: Sequence[Row], *, high: bool) -> Row | None:
    """The sample with the highest, or lowest, value; None where there is none to tell."""
    if not samples:
        return None
    return (max if high else min)(samples, key=lambda r: sample(r).value)
