"""Which course of readings a phrase is about: of the service it names, told in most of its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.checking.evidence.observations import Observation, courses, observations
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf, metrics_in
from sre_advisor.investigate.checking.times.events import is_line, kinds
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import measure, numbers

Course = Sequence[Observation]
_IDLE = frozenset(
    ("the", "first", "time", "was", "were", "with", "for", "its", "and", "sample", "minute", "value", "from", "that")
)
_FIGURES = tuple(
    (re.compile(rf"\b(?:{said})\b", re.IGNORECASE), re.compile(rf"(?<![a-z0-9])(?:{held})(?![a-z0-9])"))
    for said, held in (("mean|average|avg", "mean|average|avg"), ("median", "median|p50"), ("p50", "median"))
)
"""What people and metrics call the same figure of many."""


def meant(clause: str, told: str, shelf: Shelf) -> list[Course]:
    """The courses that tell most of what the clause is about, of the service it names."""
    lines, mine = owned(clause, told, shelf)
    scores = [(_score(clause, line) + bool(line[0].owners & mine), _score(told, line)) for line in lines]
    best = max(scores, default=(0.0, 0.0))
    found = [line for line, score in zip(lines, scores, strict=True) if score == best]
    return found if sum(best) > 0 or len(lines) == 1 else []


def owned(clause: str, told: str, shelf: Shelf) -> tuple[list[Course], frozenset[str]]:
    """(every course of the services that the clause or else the claim names, those services)."""
    lines: list[Course] = [line for line in courses(observations(shelf)) if len(line) > 2 and not is_line(line[0].row)]
    mine = shelf.services_in(clause) or shelf.services_in(told)
    of_mine = [line for line in lines if (line[0].owners | shelf.services_in(_label(line[0].row))) & mine]
    return of_mine or ([line for line in lines if not line[0].owners] if mine else lines), mine


def is_stretch_of(one: Course, other: Course) -> bool:
    """Whether two courses are read at the same times, in the same unit."""
    units = {measure(c[0].number.unit or c[0].number.hint)[0] for c in (one, other)}
    times = [{o.time.epoch for o in c if o.time} for c in (one, other)]
    return len(units) == 1 and len(times[0] & times[1]) > 1


def _score(words: str, line: Course) -> float:
    text = _label(line[0].row)
    stems = {w.casefold()[:5] for w in re.findall(r"[^\W\d_]{3,}", words) if w.casefold() not in _IDLE}
    score = sum(s in text for s in stems) + 2.0 * len(kinds(words) & kinds(text))
    score += 3.0 * len(metrics_in(words) & metrics_in(text))
    score += 2.0 * sum(q in text for q in re.findall(r"\bp\d{2,3}\b", words.casefold()))
    score += 2.0 * sum(said.search(words) is not None and held.search(text) is not None for said, held in _FIGURES)
    held = measure(line[0].number.unit or line[0].number.hint)[0]
    told = {measure(n.unit)[0] for n in numbers(blanked(words)) if n.unit} - {""}
    return score - 2.0 * (bool(held) and bool(told) and held not in told)


def _label(row: Row) -> str:
    return f"{row.series} {row.context} {row.text[:160]}".casefold()
