"""When a series moved: "jumped at 12:04" is wrong where it jumped at 12:05."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from sre_advisor.investigate.checking.clock import Moment
from sre_advisor.investigate.checking.directions import DOWN, UP, sample, series_of, ways
from sre_advisor.investigate.checking.locality import Scope
from sre_advisor.investigate.checking.row import Row
from sre_advisor.investigate.checking.shelf import Shelf

_OTHER = {UP: DOWN, DOWN: UP}
LEAST = 0.15
"""Share of a series' range that a step between two samples must have to count as a move."""
_AT = re.compile(r"(?:\b(?:at|um)|@|\bin the)\s+(?:about |around )?$")


def moved_elsewhen(clause: str, offset: int, times: Sequence[Moment], about: Scope, shelf: Shelf) -> str | None:
    """Why nothing moved so at the time the clause names; None when nothing shows that."""
    said = ways(clause) & {UP, DOWN}
    if len(said) != 1 or len(times) != 1 or not _AT.search(clause[: max(0, times[0].start - offset)]):
        return None
    way = next(iter(said))
    mine = [s for s in series_of(shelf.rows) if not about.services or shelf.services_of(s[0]) & about.services]
    words = {w.casefold()[:5] for w in re.findall(r"[^\W\d_]{3,}", clause)}
    told = max((_shared(s[0], words) for s in mine), default=0)
    mine = [s for s in mine if _shared(s[0], words) == told]
    moves = [m for s in mine for m in _moves(s, way)]
    known = any(times[0].is_at(r.times[0]) for s in mine for r in s)
    if (
        known
        and any(times[0].is_at(m) for s in mine for m in _moves(s, _OTHER[way]))
        and not any(times[0].is_at(m) for m in moves)
    ):
        return f"at {times[0].text} it went {_OTHER[way]}"
    if moves and known and not any(times[0].is_at(m) for m in moves):
        return f"it went {way} at {moves[0].text}, not at {times[0].text}"
    return None


def _shared(row: Row, words: set[str]) -> int:
    low = row.full.casefold()
    return sum(w in low for w in words)


def _moves(samples: Sequence[Row], way: str) -> Iterator[Moment]:
    """Both ends of each step that goes far enough this way, but not the first sample of all."""
    values = [sample(r).value for r in samples]
    least = LEAST * (max(values) - min(values))
    for i, (a, b) in enumerate(pairwise(values)):
        if (b - a if way == UP else a - b) > least:
            yield samples[i + 1].times[0]
