"""Every figure of the evidence with what surrounds it: whose it is, when it was read, and which value of its series."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from sre_advisor.investigate.checking.evidence.measured import callers, seen_from
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.words.bonds import BEFORE, LIMIT, bonds, role_of
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import Moment
from sre_advisor.investigate.checking.words.quantities import Number, measure

_MADE = re.compile(r"(?<![\w-])(?:[A-Za-z]\w*_\w+|[A-Z]?[a-z]+(?:[A-Z][a-z]+)+)(?![\w/-]|\.\w)")
_SUMMARIES = frozenset(
    ("max", "min", "avg", "mean", "median", "first", "last", "now", "baseline", "before", "value", "peak", "base",
     "p50", "p90", "p95", "p99", "current", "latest", "observed", "sum", "total", "count", "at", "level", "old",
     "new", "was", "is")
)  # fmt: skip
"""Fields that say which value of a series they hold, not of what."""
_FIELD = re.compile(r"([A-Za-z][\w.-]{2,})[\"']?\s*[:=]\s*[\"']?$")
_METRIC = re.compile(r"^metric: (.+)$", re.MULTILINE)
_OF = re.compile(
    r"^\s?(?:%|percent|[A-Za-zµ/]{1,12})?\)?(?:\s[A-Za-z][\w-]*){0,3}?\s(?:for|on|at|in|of|from|by|to)\s(?:the\s)?$"
)
_PARTS = re.compile(
    r"\b(?:because|and|but|while|led|as|after|before|when|which|that|who|caus\w+|trigger\w*|until|since)\b",
    re.IGNORECASE,
)
"""What begins another part of a sentence."""
_GOES_ON = re.compile(
    r"(?:\W|\b(?:its|it|there|which|that|was|is|are|were|at|of|from|to|by|in|about|some|around|only|just|still|p\d+|had|"
    r"has|been|now|then|again|rising|falling|reached|reaching|rose|fell|climbed|dropped|up|down|an?|the|value|figure|"
    r"peak\w*|and|with|or|back|but|later|minutes?|hit|stood|went|came|error|rate|ratio|latency|cpu|memory|share)\b)*",
    re.IGNORECASE,
)
"""Words before a figure in a clause that has no subject of its own: it goes on about that of the clause before."""
_JOINTS = frozenset(
    ("and", "then", "max", "min", "peak", "from", "until", "now", "with", "the", "utc", "still", "about", "per",
     "sec", "again", "back", "sample", "samples", "again", "for", "only", "rising", "falling", "after", "since",
     "baseline", "median", "low", "high", "highest", "lowest", "value", "percent", "seconds", "minutes", "was",
     "were", "reached", "around", "up", "down")
)  # fmt: skip
STAMP = 4
"""Characters of a line before the time that it is stamped with."""
CROWD = 40
"""Figures of one row beyond which no words tell whose each of them is."""
MOST = 3_000
"""Figures of the evidence that are looked at; a claim about more cites too much."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One figure of the evidence; `time` when it was read, `owners` the services it may be of."""

    number: Number
    row: Row
    owners: frozenset[str]
    near: str
    """The words in which a service may be mentioned whose figure it could be, too."""
    time: Moment | None = None
    role: str = ""


def observations(shelf: Shelf) -> list[Observation]:
    """Every figure of the pieces cited, worked out once for every check."""
    if "observations" not in shelf.worked_out:
        shelf.worked_out["observations"] = _observations(shelf)
    return cast("list[Observation]", shelf.worked_out["observations"])


def _observations(shelf: Shelf) -> list[Observation]:
    found: list[Observation] = []
    for row in shelf.rows:
        if not row.whole:
            found += _of_row(row, shelf)
        if len(found) > MOST:
            break
    return found


def _of_row(row: Row, shelf: Shelf) -> Iterator[Observation]:
    owners = shelf.owners_of(row)
    starts = {t.start for t in row.times}
    figures = [n for n in row.numbers if n.start not in starts]
    if row.series and len(row.times) == 1 and len(figures) == 1:
        yield Observation(figures[0], row, owners, row.full, row.times[0], role_of(row.text, figures[0]))
        return
    stamped = len(row.times) == 1 and ("\n" in row.text or row.times[0].start < STAMP)
    for bond in bonds(row.text, figures, row.times):
        told = bond.time if bond.sure else None
        if told is None and stamped and bond.role not in (BEFORE, LIMIT):
            told = row.times[0]
        at, end = bond.number.start, bond.number.end
        mine, sure = (owners, False) if len(owners) == 1 or len(figures) > CROWD else whose(row.text, at, end, shelf)
        near = next((c for s, c in clauses(row.text) if s <= at < s + len(c)), row.text) if sure else row.full
        yield Observation(bond.number, row, mine or owners, near, told, bond.role)


def key_of(held: Observation) -> str:
    """What a figure is a reading of: the made-up names before it in its line, or those that head its series."""
    line = held.row.text[: held.number.start].rpartition("\n")[2] if held.number.start >= 0 else ""
    field = _FIELD.search(line)
    if field and field.group(1).casefold() not in _SUMMARIES:
        return field.group(1)
    metric = _METRIC.search(held.row.text) if field else None
    if metric:
        return metric.group(1)
    found = _MADE.findall(line)
    told = None if found else _READ.search(held.row.text)
    return found[-1] if found else told.group(1) if told else " ".join(_MADE.findall(held.row.context)[-3:])


_READ = re.compile(r"^(?:metric|signal|series|metric_name|__name__): (\S+)$", re.MULTILINE)
"""The field of a record that names what its value is a reading of."""


def courses(held: Sequence[Observation]) -> list[list[Observation]]:
    """Readings of one thing in order of time: samples of a series, or figures that a line lists one after the other."""
    found: dict[object, list[Observation]] = {}
    part, last = 0, None
    for o in held:
        if o.row.series and o.time:
            found.setdefault(o.row.series, []).append(o)
            continue
        if last is None or last.row is not o.row or _begins_anew(o.row.text[last.number.start : o.number.start]):
            part += 1
        last = o
        if o.time and o.role not in (BEFORE, LIMIT):
            found.setdefault((id(o.row), part), []).append(o)
    return [sorted(c, key=_epoch) for c in found.values() if len(c) > 1]


def _epoch(held: Observation) -> int:
    return held.time.epoch if held.time else 0


def _begins_anew(between: str) -> bool:
    """Whether words between two figures of a line name another thing that is read."""
    words = re.findall(r"(?<![\w])[^\W\d_][\w-]{2,}", between.split(" ", 1)[-1])
    return any(w.casefold() not in _JOINTS and not measure(w)[0] for w in words)


def whose(text: str, start: int, end: int, shelf: Shelf) -> tuple[frozenset[str], bool]:
    """(services that the sentence says what stands there is of, whether there can be no doubt)."""
    named = shelf.mentioned(text)
    seen = seen_from(text, start, shelf) if named else ""
    if not named or seen:
        return frozenset({seen} if seen else set[str]()), bool(seen)
    begins, clause = next(((s, c) for s, c in clauses(text) if s <= start < s + len(c)), (0, text))
    behind = next((m for m in named if m[0] >= end), None)
    if behind is not None and behind[0] < begins + len(clause) and _OF.match(text[end : behind[0]]):
        return frozenset({behind[2]}), True
    inside = [m for m in named if begins <= m[0] < begins + len(clause)]
    inside = callers(text, [m for m in inside if m[2] in shelf.tagged] or inside)
    ahead = [m for m in inside if m[1] <= start]
    if not inside and any(begins <= m[0] < begins + len(clause) for m in named):
        return frozenset(), False  # "both callers of it"
    if inside and ahead and (colon := text[ahead[-1][1] : start].rfind(": ")) >= 0:
        mine = frozenset({ahead[-1][2]})
        return mine, _GOES_ON.fullmatch(text[ahead[-1][1] + colon : start]) is not None
    if inside:
        other = not ahead and re.search(r"\d", text[end : inside[0][0]]) is not None  # perhaps of the figure between
        return frozenset({(ahead[-1] if ahead else inside[0])[2]}), len(
            {m[2] for m in ahead or inside}
        ) == 1 and not other
    before = [m for m in named if m[1] <= start]
    goes_on = _GOES_ON.fullmatch(text[begins:start]) is not None
    last = [m for m in before if not any(m[1] <= o[0] for o in before)]
    return frozenset({m[2] for m in last}), goes_on and len({m[2] for m in before}) == 1
