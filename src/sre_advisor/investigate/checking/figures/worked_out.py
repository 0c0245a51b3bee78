"""Whether a figure that stands nowhere follows from those that do: gaps, multiples, changes, rates, sums, counts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from sre_advisor.investigate.checking.evidence.directions import pairs
from sre_advisor.investigate.checking.evidence.observations import Observation, courses, key_of
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.affinity import nearest
from sre_advisor.investigate.checking.figures.compared import alike, base, compared, is_limit, is_share, kin
from sre_advisor.investigate.checking.figures.counted import counts, noun_of
from sre_advisor.investigate.checking.figures.extremes import in_band
from sre_advisor.investigate.checking.figures.gaps import is_gap
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.figures.rates import EACH, FOLDS, means, rates, sums, times_in
from sre_advisor.investigate.checking.words.bonds import relative_times
from sre_advisor.investigate.checking.words.changes import tells_change, tells_part
from sre_advisor.investigate.checking.words.clock import blanked, moments
from sre_advisor.investigate.checking.words.quantities import Number, measure, numbers

_BESIDE = re.compile(r"\d[^\d]*(?:\b\d{1,2}:\d\d(?::\d\d)?[^\d]*)?$")
"""From the last figure before a figure, but for a time, to that figure."""
_BREAK = re.compile(r"\b(?:while|whereas|although|though|but|when|where|yet|its own)\b|;")
_AGAINST = re.compile(
    r"\b(?:than|that of|versus|against|compared|differ\w*|difference|gap|apart|between)\b", re.IGNORECASE
)
_MEAN = re.compile(r"\b(?:averag\w+|mean|on average)\b", re.IGNORECASE)
_SUM = re.compile(
    r"\b(?:total|in all|together|combined|sum|altogether|overall|both|over the|across|sent|received|took)\b",
    re.IGNORECASE,
)
_GOOD = re.compile(r"availab|success|hit|uptime|ok_|healthy", re.IGNORECASE)
"""Of these what is left to the whole is what failed."""
_REST = re.compile(r"\b(?:fail|lost|error|reject|not |un|miss|refus|broke|without)", re.IGNORECASE)
_OVER = re.compile(r"\b(?:more than|over|at least|above|well over|upwards of)\s(?:a )?$", re.IGNORECASE)
_UNDER = re.compile(
    r"\b(?:never (?:exceeded|passed|topped|above|over|(?:went|got|rose|climbed) (?:above|over|past|beyond))|"
    r"less than|under|at most|below|within|fewer than)\s(?:a )?$",
    re.IGNORECASE,
)
ROOM = 1.3
"""How far beyond a bound that somebody names the value may lie."""
_ANCHORS = 120
_UNDER_LIMIT = re.compile(r"(?<![a-z])(?:headroom|limit|quota|capacity|budget)(?![a-z])", re.IGNORECASE)


def worked_out(said: Said, plain: str, others: Sequence[Said], held: Sequence[Observation], shelf: Shelf) -> bool:
    """Whether the figure can be computed from what the claim and its evidence hold."""
    mine = [o for o in held if not said.owners or not o.owners or o.owners & said.owners or not said.sure]
    lines = courses(mine if _UNDER_LIMIT.search(plain) else nearest(said, mine))
    if in_band(said, others, [*courses(held), *_at_once(plain, held)], plain):
        return True
    if noun_of(said, plain) is not None:
        return int(said.readings[0].value) in counts(said, plain, shelf) | {2, len(others)}
    own = [r for other in others if other is not said for r in other.readings]
    wide = list(held) if _AGAINST.search(plain) or _is_fold(said.readings[-1]) else mine
    several = shelf.services_in(plain)
    if len(several) > 1 and wide is not mine:  # one service's figure held against another's
        mine = [o for o in held if not o.owners or o.owners & several]
    moved = _moved(said, plain)
    if is_change(said, plain):
        some = compared(
            said.readings[-1], *moved[0], folds=_is_fold(said.readings[-1]), share=not _is_fold(said.readings[-1])
        )
        return any(_meant(said.readings[-1], v, plain) for v in some)
    return any(_follows(number, plain, own, mine, lines, shelf, wide) for number in said.readings)


def _at_once(plain: str, held: Sequence[Observation]) -> list[list[Observation]]:
    """Readings of one thing in several services at a time that the claim names."""
    found: dict[str, list[Observation]] = {}
    times = moments(plain)
    for o in held:
        if o.time and any(m.is_at(o.time) for m in times):
            found.setdefault(key_of(o).rpartition(".")[2], []).append(o)
    return list(found.values())


def is_change(said: Said, plain: str) -> bool:
    """Whether the figure is by how much the only pair of figures that the sentence gives changed."""
    return len(_moved(said, plain)) == 1 and _is_change(said.readings[-1], plain)


def _moved(said: Said, plain: str) -> list[tuple[Number, Number]]:
    own = {round(n.value, 9) for n in said.readings}
    found = [p for p in pairs(plain) if not own & {round(n.value, 9) for n in p}]
    before = [n for n in numbers(blanked(plain)) if n.start < said.readings[0].start] if found else []
    found = [p for p in found if not before or before[-1].value in {n.value for n in p}]
    beside = _BESIDE.search(plain[: said.readings[0].start]) if found else None
    return found if beside is not None and not _BREAK.search(beside.group()) else []


def is_each(said: Said, plain: str) -> bool:
    """Whether a figure is so much in every minute, second or sample."""
    number = said.readings[0]
    return EACH.match(plain[number.end :]) is not None


_RATE = re.compile(r"per_|_ps\b|rps|qps|rate|\bper\b|/\s?(?:s|min)|\bops\b", re.IGNORECASE)
_SPANS = (
    ("second", re.compile(r"per_s|_ps\b|rps|qps|per sec|/\s?s\b", re.IGNORECASE)),
    ("minute", re.compile(r"per_min|rpm|per min|/\s?min", re.IGNORECASE)),
    ("hour", re.compile(r"per_h|per hour|/\s?h\b", re.IGNORECASE)),
)


def is_rate(row: Row, said: Said, plain: str) -> bool:
    """Whether a row tells of so much in a time, and not of another time than the claim."""
    number = said.readings[0]
    match = EACH.match(plain[number.end :])
    wanted = [span for span, _ in _SPANS if match and span in match.group()]
    told = [span for span, pattern in _SPANS if pattern.search(row.full)]
    return _RATE.search(row.full) is not None and not (wanted and told and wanted[0] not in told)


def _follows(
    number: Number,
    plain: str,
    own: Sequence[Number],
    mine: Sequence[Observation],
    lines: Sequence[list[Observation]],
    shelf: Shelf,
    wide: Sequence[Observation],
) -> bool:
    if measure(number.unit)[0] == "second" and is_gap(number, plain, shelf):
        return True
    if EACH.match(plain[number.end :]) or number.unit.startswith("rate:"):
        on_average = means(number, plain, lines) if _MEAN.search(plain) else ()
        return any(number.fits(v) for v in (*rates(number, plain, lines), *times_in(number, mine), *on_average))
    bound = _OVER.search(plain[: number.start]) or _UNDER.search(plain[: number.start])
    seen = (v for c in lines for o in _ends(c) for v in list(number.readings(o.number))[:1]) if bound else ()
    return any(_meant(number, v, plain) for v in (*seen, *_values(number, plain, own, mine, lines, shelf, wide)))


def _meant(number: Number, value: float, plain: str) -> bool:
    """Whether a value is what the figure says, or lies a little beyond it where it is said to be a bound."""
    head, ratio = plain[: number.start], value / (number.value or 1)
    if _OVER.search(head):
        return number.fits(value) or 1 <= ratio <= ROOM
    return number.fits(value) or (_UNDER.search(head) is not None and 1 / ROOM <= ratio <= 1)


def _is_fold(number: Number) -> bool:
    return number.unit.casefold() in FOLDS


def _is_change(number: Number, plain: str) -> bool:
    """Whether the figure is by how much, or how many times, the pair of figures that the sentence gives changed."""
    by = re.search(
        r"\b(?:by|(?:loss|gain|rise|drop|increase|decrease|change|fall|jump) of|i\.e\.)\s(?:about |some |roughly )?$",
        plain[: number.start],
    )
    return _is_fold(number) or (measure(number.unit)[0] == "share" and by is not None)


def _values(
    number: Number,
    plain: str,
    own: Sequence[Number],
    held: Sequence[Observation],
    lines: Sequence[list[Observation]],
    shelf: Shelf,
    wide: Sequence[Observation],
) -> Iterator[float]:
    """Values the figure may have, in its unit."""
    chosen = _anchors(plain, held, lines)
    folds, share = number.unit.casefold() in FOLDS, measure(number.unit)[0] == "share"
    if share and _REST.search(plain):
        yield from (100 - base(o.number) for o in chosen if is_share(o.number) and _GOOD.search(o.row.full))
    if _MEAN.search(plain):
        yield from means(number, plain, lines)
    if not folds and not tells_change(number, plain) and not tells_part(number, plain):
        if _SUM.search(plain):
            yield from sums(number, plain, lines)
        return  # a level, which no computation gives
    some = [(a, b) for a, b in combinations(own, 2) if alike(a, b)]
    said = moments(plain)
    then = [o for o in wide if o.time and any(m.is_at(o.time) for m in said)]
    some += [(a, o.number) for a in own for o in (then or chosen) if alike(a, o.number)]
    both = [(a, b) for a, b in combinations(chosen, 2) if kin(a, b, shelf)]
    limits = [(a, b) for a, b in both if is_limit(a) != is_limit(b)] if _UNDER_LIMIT.search(plain) else []
    at = [(a, b) for a, b in limits if any(o.time and m.is_at(o.time) for o in (a, b) if not is_limit(o) for m in said)]
    some += [(a.number, b.number) for a, b in at or limits or both]
    for one, other in some:
        yield from compared(number, one, other, folds=folds, share=share)
    if not folds and not share and _SUM.search(plain):
        yield from sums(number, plain, lines)


def _anchors(plain: str, held: Sequence[Observation], lines: Sequence[list[Observation]]) -> list[Observation]:
    """Figures that a computation may start from: at the times said, with a role, single ones, ends and extremes."""
    said = moments(plain)
    said += relative_times(plain, said)
    chosen = [
        o
        for o in held
        if o.role or o.time is None or any(m.is_at(o.time) for m in said) or not o.row.series or len(o.row.numbers) > 1
    ]
    picked = {id(o) for course in lines for o in _ends(course)}
    chosen += [o for o in held if id(o) in picked and not any(o is c for c in chosen)]
    return chosen[:_ANCHORS]


def _ends(course: Sequence[Observation]) -> list[Observation]:
    by_value = sorted(course, key=lambda o: base(o.number))
    return [course[0], course[-1], by_value[0], by_value[-1]]
