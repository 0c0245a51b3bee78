"""Whether anything happened in a stretch of time that a claim names ("between 13:40 and 13:45")."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.investigate.checking.evidence.locality import misplaced, scope
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.clock import DAY, Moment, stretches

MINUTE = 60


def not_within(plain: str, shelf: Shelf) -> str | None:
    """Why nothing happened in the stretch of time named; None when something did or nothing shows that."""
    about = replace(scope(plain, "", shelf), quantiles=frozenset(), text="")
    rows = [r for r in shelf.rows if not r.whole and r.times]
    for start, end in stretches(plain):
        if all(any(m.is_at(t) for t in shelf.times) for m in (start, end)):
            continue
        inside = [r for r in rows if _lies_in(start, end, r)]
        if not inside or misplaced(about, inside, shelf):
            return f"nothing in the evidence lies between {start.text} and {end.text}"
    return None


def _lies_in(start: Moment, end: Moment, row: Row) -> bool:
    """Whether a row tells of a time in the stretch, or of one that began before and ended after it."""
    length = (end.second - start.second) % DAY
    offsets = [(t.second - start.second) % DAY for t in row.times]
    over = len(row.times) == 2 and offsets[0] > offsets[1] + MINUTE and offsets[1] >= length
    return over or any(o < length + MINUTE for o in offsets)
