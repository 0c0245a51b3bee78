"""Two things held against each other, and one thing against its own past: "higher than", "doubled", "three times"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sre_advisor.investigate.checking.evidence.directions import pairs, row_pairs, way_of
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf, metrics_in
from sre_advisor.investigate.checking.figures.folds import folds
from sre_advisor.investigate.checking.words.quantities import Number, measure

_JOINT = r"(?=.*\b(?:than|of the two|that of)\b)"
_MORE = re.compile(
    rf"\b(?:higher|greater|larger|bigger|more|above|longer)\b{_JOINT}|\b(?:exceed|outstrip|surpass|top)\w*\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    rf"\b(?:lower|smaller|less|fewer|below|shorter)\b{_JOINT}|\b(?:undercuts?|falls short of|trails)\b", re.IGNORECASE
)
_THAN = re.compile(
    r"\bthan\b|\bof the two\b|\bthat of\b|\b(?:exceed|outstrip|surpass|top)\w*\b|\bundercuts?\b|\bfalls short of\b|"
    r"\btrails\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"\bthan\s(?:it|they|before|usual|an? |the (?:day|week|hour)|its|normal|in the|\d)", re.IGNORECASE)


def is_comparison(text: str) -> bool:
    """Whether it holds two things against each other, which says nothing of how one of them moved."""
    return bool(_MORE.search(text) or _LESS.search(text)) and bool(_THAN.search(text)) and not _PAST.search(text)


def contradicted_comparison(plain: str, shelf: Shelf) -> str | None:
    """Why what is said to be higher is not; None when nothing shows that."""
    if not is_comparison(plain):
        return None
    than = _THAN.search(plain)
    assert than is not None
    one, other = shelf.services_in(plain[: than.start()]), shelf.services_in(plain[than.end() :])
    metrics = metrics_in(plain)
    if len(one) != 1 or len(other) != 1 or one == other or not metrics:
        return None
    ours, theirs = list(_latest(one, metrics, shelf)), list(_latest(other, metrics, shelf))
    if len(ours) != 1 or len(theirs) != 1:
        return None
    high, low = _MORE.search(plain), _LESS.search(plain)
    more = high is not None and (low is None or high.start() < low.start())  # "the larger of the two, the other …"
    if way_of(theirs[0], ours[0]) == ("down" if more else "up"):
        return f"it is {ours[0].text} against {theirs[0].text}"
    return None


def _latest(services: frozenset[str], metrics: frozenset[str], shelf: Shelf) -> Iterator[Number]:
    """The last value of these services' metrics, one a row."""
    for row in shelf.rows:
        if shelf.services_of(row) & services and shelf.metrics_of(row) & metrics:
            value = value_of(row)
            if value is not None:
                yield value


def value_of(row: Row) -> Number | None:
    """The value a row ends with; None when it tells of several things."""
    told = list(row_pairs([row]))
    starts = {t.start for t in row.times}  # ten digits are a time and a figure
    figures = [n for n in row.numbers if n.start not in starts]
    return told[0][1] if told else figures[0] if len(figures) == 1 else None


def contradicted_fold(plain: str, rows: list[Row], shelf: Shelf) -> str | None:
    """Why it did not double, triple or halve; None when nothing shows that."""
    metrics = metrics_in(plain)
    held = [(a, b) for a, b, r in row_pairs(rows) if metrics and metrics & shelf.metrics_of(r)]
    own = list(pairs(plain))
    ratios = [_base(b) / _base(a) for a, b in (own if len(own) == 1 else held) if _base(a) > 0]
    for fold in folds(plain) if ratios else ():
        if not any(fold.fits(ratio) for ratio in ratios):
            return f"it went to {ratios[0]:.3g} times what it was"
    return None


def _base(number: Number) -> float:
    return number.value * measure(number.unit or number.hint)[1]
