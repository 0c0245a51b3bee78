"""Figures that stand nowhere but follow from two that do: durations, differences, ratios, changes in percent, sums."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import combinations

from sre_advisor.investigate.checking.evidence.directions import pairs
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.words.clock import DAY, Moment
from sre_advisor.investigate.checking.words.quantities import Number, measure

_COMPARES = re.compile(
    r"\bby\b|times|fold|[x×]\b|increase|decrease|drop|more|less|higher|lower|difference|grew|growth|factor|doubl|"
    r"tripl|change|faster|slower|jump|rose|ris[ei]|fell|fall|climb|surg|gain|los[te]|shr[au]nk|sank|swell|declin",
    re.IGNORECASE,
)
_AT_LEAST = re.compile(
    r"\b(?:at least|more than|over|upwards of|no less than)\s(?:about )?\d|"
    r"\d\s?(?:fold|times|x|%) or (?:greater|more|higher|worse|better)",
    re.IGNORECASE,
)
_SUMS = re.compile(r"\b(?:total|in all|together|combined|sum|altogether|overall)\b", re.IGNORECASE)
_COUNTS = re.compile(r"\s*(?:\w+\s){0,2}?[a-z]+s\b")
POINTS = ("pp", "point", "percentage point")
"""Units of a difference between two shares, never of a change in percent."""
MANY_FIGURES = 12
MANY_TIMES = 8


_STRETCH_AFTER = re.compile(
    r"^[\s-]?[A-Za-z]+\s(?:and\s)?(?:\d+\s?\w+\s)?"
    r"(?:after|before|later|earlier|ahead|behind|younger|older|apart|ago|into|"
    r"between|lie between|passed between|following|"
    r"prior|of|long|until)"
)
_STRETCH_BEFORE = re.compile(
    r"(?:for|within|lasted|lasting|after|over|in|next|another|by|took|takes|needed|(?:delay|lag|gap|margin|interval|"
    r"distance) of)\s(?:the \w+ )?(?:about |only |just |some )?$",
    re.IGNORECASE,
)


def is_stretch(number: Number, text: str) -> bool:
    """Whether the words beside the figure make it the time between two events."""
    after = text[number.end :]
    return bool(_STRETCH_AFTER.match(after) or _STRETCH_BEFORE.search(text[: number.start]))


_OVER = re.compile(
    r"(?:pass\w*|exceed\w*|cross\w*|above|over|beyond|more than|at least|topp?\w*|surpass\w*|north of|>=?)\s?"
    r"(?:the |its |a |about )?$",
    re.IGNORECASE,
)
_UNDER = re.compile(r"(?:below|under|less than|fewer than|at most|short of|<=?)\s?(?:the |a |about )?$", re.IGNORECASE)
BOUND_ROOM = 1.6
"""How far beyond a bound that somebody names ("more than 30 %") the value may lie."""


def is_bound(number: Number, text: str, rows: Sequence[Row]) -> bool:
    """Whether the figure is a bound ("passed 30 %") that a figure of the rows lies beyond, and not far."""
    head = text[: number.start]
    over, under = _OVER.search(head), _UNDER.search(head)
    if not (over or under) or number.value <= 0:
        return False
    for held in (n for row in rows for n in row.numbers):
        for value in number.readings(held):
            ratio = value / number.value
            if (over and 1 <= ratio <= BOUND_ROOM) or (under and 1 / BOUND_ROOM <= ratio <= 1):
                return True
    return False


def between_samples(number: Number, clause: str, samples: Sequence[Row], said: Sequence[Moment]) -> bool:
    """Whether the figure lies between two samples of a series: those of the times said, else ends and extremes."""
    if not _COMPARES.search(clause) or (measure(number.unit)[0] == "second" and not _CHANGED_BY.search(clause)):
        return False
    at = [r for r in samples if any(m.is_at(r.times[0]) for m in said)]
    values = [r.numbers[-1] for r in samples]
    if len(at) >= 2:
        some = [r.numbers[-1] for r in at]
    elif len(at) == 1:
        some = [at[0].numbers[-1], values[0], values[-1], *_beside(samples, at[0])]
    else:
        some = [values[0], values[-1], min(values, key=_base), max(values, key=_base)]
    return _compared(number, some)


def _beside(samples: Sequence[Row], row: Row) -> list[Number]:
    i = next(k for k, r in enumerate(samples) if r is row)
    return [r.numbers[-1] for r in samples[max(i - 1, 0) : i + 2] if r is not row]


_CHANGED_BY = re.compile(r"\bby\b|slower|faster|longer|shorter|gain|lost", re.IGNORECASE)


def is_within(number: Number, text: str, rows: Sequence[Row]) -> bool:
    """Whether some two events lie no further apart than the stretch named ("within four minutes"), nor much nearer."""
    if not re.search(
        r"\b(?:within|less than|under|in under)\s(?:about |the (?:first|next) )?$", text[: number.start], re.IGNORECASE
    ):
        return False
    limit = number.value * measure(number.unit)[1]
    held = sorted({m.epoch for row in rows for m in row.times})
    return any(limit / 2 <= b - a <= limit + 1 for a, b in combinations(held[:60], 2))


def follows(number: Number, clause: str, rows: Sequence[Row], said: Sequence[Moment]) -> bool:
    """Whether the figure can be computed from what the rows hold, told apart from chance by what the clause says."""
    dimension, _ = measure(number.unit)
    if dimension == "second":
        return _is_gap(number, rows, said)
    if _COMPARES.search(clause):
        least = _AT_LEAST.search(clause) is not None
        some = [row.numbers for row in rows if 2 <= len(row.numbers) <= MANY_FIGURES]
        return any(_compared(number, figures, at_least=least) for figures in some)
    if _SUMS.search(clause):
        return any(_is_sum(number, row.numbers) for row in rows if 2 <= len(row.numbers) <= MANY_FIGURES)
    return False


def is_sum(clause: str) -> bool:
    """Whether the words tell of things taken together."""
    return _SUMS.search(clause) is not None


def is_worked_out(number: Number, clause: str, text: str, rows: Sequence[Row], *, paired: bool) -> bool:
    """Whether somebody computed the figure from what this code cannot read: too few or too many times, no two figures.

    `paired` tells that the rows hold figures before and after; a fold that does not follow from those is wrong.
    """
    if measure(number.unit)[0] == "second":
        stretch = _STRETCH_AFTER.match(text[number.end :]) is not None
        return stretch and not 2 <= len({m.epoch for r in rows for m in r.times}) <= MANY_TIMES
    folds = number.unit.casefold() in ("x", "×", "times", "fold")
    by = measure(number.unit)[0] == "share" and re.search(r"\bby\s(?:\w+\s)?$", text[: number.start]) is not None
    return ((folds or by) and not paired and not any(pairs(text))) or (is_sum(clause) and not number.unit)


def is_count(number: Number, after: str, sizes: Iterable[int]) -> bool:
    """Whether the figure counts a list of the evidence ("3 alerts" of a list of three)."""
    whole = not number.unit and number.value.is_integer() and 2 <= number.value <= 50
    return whole and _COUNTS.match(after) is not None and int(number.value) in sizes


def _is_gap(number: Number, rows: Sequence[Row], said: Sequence[Moment]) -> bool:
    size = measure(number.unit)[1]
    held = {m.epoch for row in rows for m in row.times}
    if said:
        ours = {h.epoch for row in rows for h in row.times if any(m.is_at(h) for m in said)} or {m.epoch for m in said}
        gaps = {abs(a - b) for a in ours for b in held | ours}
        gaps |= {abs(a.second - b.second) for a, b in combinations(said, 2)}
    elif len(held) <= MANY_TIMES:
        gaps = {abs(a - b) for a, b in combinations(held, 2)}
    else:
        return False
    target = number.value * size
    step = size * (10.0 ** -len(number.text.partition(".")[2]) if "." in number.text else 1.0)
    room = max(step, 0.03 * target if number.loose else 0)
    return any(gap % DAY == gap and -0.6 * step <= gap - target < room for gap in gaps)


def _compared(number: Number, figures: Sequence[Number], *, at_least: bool = False) -> bool:
    dimension, size = measure(number.unit)
    for one, other in combinations(figures, 2):
        a, b = _base(one), _base(other)
        if dimension == "share":
            points = number.unit.casefold().rstrip("s") in POINTS
            options = [] if points else [100 * abs(b - a) / abs(x) for x in (a, b) if x]
            if at_least and any(value >= number.value for value in options):
                return True
            if measure(one.unit or one.hint)[0] == measure(other.unit or other.hint)[0] == "share":
                options.append(abs(b - a))
        elif number.unit.casefold() in ("x", "×", "times", "fold"):
            options = [abs(x / y) for x, y in ((a, b), (b, a)) if y]
            if at_least and any(value >= number.value for value in options):
                return True
        elif measure(one.unit or one.hint)[0] == dimension or not (number.unit and (one.unit or one.hint)):
            options = [abs(b - a) / size]
        else:
            options = []
        if any(abs(value - abs(number.value)) <= max(number.slack, 0.5 if value > 20 else 0) for value in options):
            return True
    return False


def _is_sum(number: Number, figures: Sequence[Number]) -> bool:
    values = [n.value for n in figures]
    sums = {a + b for a, b in combinations(values, 2)} | {sum(values)}
    return any(abs(total - number.value) <= number.slack for total in sums)


def _base(number: Number) -> float:
    return number.value * measure(number.unit or number.hint)[1]
