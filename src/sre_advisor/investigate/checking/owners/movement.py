"""Whether something went the way a claim says: by its own figures, and by those of the evidence."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.directions import (
    DOWN,
    FLAT,
    UP,
    pairs,
    row_pairs,
    sample,
    series_of,
    series_ways,
    shared_unit,
    way_of,
    ways,
)
from sre_advisor.investigate.checking.evidence.locality import Scope
from sre_advisor.investigate.checking.evidence.roles import roles, told_pair
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.evidence.shelf import Shelf, metrics_in
from sre_advisor.investigate.checking.figures.comparisons import is_comparison
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import Number, numbers

_WORD = re.compile(r"[^\W\d_]{3,}")
_TO = re.compile(
    r"(?:chang|set|rais|lower|reduc|rose|fell|climb|drop|jump|went|increas|decreas)"
    r"\w*\s(?:[\w-]+\s){0,4}?to (\d\S*(?: ?%| [a-zA-Zµ]+)?)"
)
_OPPOSITE = {UP: DOWN, DOWN: UP}


def contradicted_pair(plain: str, services: frozenset[str], shelf: Shelf) -> str | None:
    """Why the sentence has before and after the wrong way round, however it says them; None when nothing shows that."""
    rows = [r for r in shelf.rows if not services or not (s := shelf.services_of(r)) or s & services]
    told = told_pair(plain)
    if told and _only_reversed(*told, rows):
        return f"the evidence goes from {told[1].text} to {told[0].text}, not the other way"
    early, late, several = roles(plain)
    if several != 1 or early or len(late) != 1:
        return None
    held = [(a, b) for a, b, r in row_pairs(rows) if not (m := metrics_in(plain)) or m & shelf.metrics_of(r)]
    if any(late[0].could_be(a) for a, _ in held) and not any(late[0].could_be(b) for _, b in held):
        return "the evidence has it as the value before, not the one after"
    return None


def contradicted_movement(clause: str, about: Scope, shelf: Shelf) -> str | None:
    """Why the clause has the direction wrong; None when nothing shows that."""
    said = ways(clause)
    said = said - {FLAT} or said
    rows = [r for r in shelf.rows if not about.services or not (s := shelf.services_of(r)) or s & about.services]
    for one, other in pairs(clause):
        way = way_of(one, other)
        if len(said) == 1 and way != FLAT and _OPPOSITE[way] in said:
            return f"says it went {next(iter(said))}, but {other.text} is not {_than(said)} than {one.text}"
        if _only_reversed(one, other, rows):
            return f"the evidence goes from {other.text} to {one.text}, not the other way"
    if any(pairs(clause)) or is_comparison(clause):
        return None
    if _left_behind(clause, rows):
        return "the evidence has it as the value before, not the one after"
    if FLAT in said and _stayed_at(clause, rows):
        return None
    return _against(next(iter(said)), clause, about, rows, shelf) if len(said) == 1 else None


def _stayed_at(clause: str, rows: list[Row]) -> bool:
    """Whether something stays at the figure the clause names."""
    figures = list(numbers(blanked(clause)))
    return any(n.could_be(a) and n.could_be(b) for n in figures for a, b, _ in row_pairs(rows))


def _left_behind(clause: str, rows: list[Row]) -> bool:
    """Whether the clause says that something went "to" a figure which the evidence only has as the one before."""
    match = _TO.search(clause)
    number = next(numbers(match.group(1)), None) if match else None
    if number is None:
        return False
    found = list(row_pairs(rows))
    return any(number.could_be(a) for a, _, _ in found) and not any(number.could_be(b) for _, b, _ in found)


def _than(said: frozenset[str]) -> str:
    return "more" if UP in said else "less"


def _only_reversed(one: Number, other: Number, rows: list[Row]) -> bool:
    a, b = shared_unit(one, other)
    straight = turned = False

    def fits(said: tuple[Number, ...], held: Number) -> bool:
        return any(s.could_be(held) for s in said)

    first, second = (one, a), (other, b)
    for before, after, _ in row_pairs(rows):
        early, late = shared_unit(before, after)
        straight |= fits(first, early) and fits(second, late)
        turned |= fits(second, early) and fits(first, late)
    if not straight and not turned:
        for samples in series_of(rows):
            values = [sample(r) for r in samples]
            ones = [i for i, v in enumerate(values) if fits(first, v)]
            others = [i for i, v in enumerate(values) if fits(second, v)]
            if ones and others:
                straight |= ones[0] < others[-1]
                turned |= ones[0] > others[-1]
    return turned and not straight


def _against(way: str, clause: str, about: Scope, rows: list[Row], shelf: Shelf) -> str | None:
    """The rows that tell most of what the clause tells, where all of them go another way."""
    stems = {w.casefold()[:5] for w in _WORD.findall(clause)}
    best, chosen = 1, list[tuple[Row, frozenset[str]]]()
    trends = {id(r): series_ways(s) for s in series_of(rows) for r in s}
    for row in rows:
        went = _went(row) or trends.get(id(row), frozenset())
        if not went:
            continue
        low = row.full.casefold()
        score = sum(s in low for s in stems) + 3 * any(m in low for m in about.metrics)
        score += 3 * bool(about.services & shelf.services_of(row))
        if score > best:
            best, chosen = score, [(row, went)]
        elif score == best:
            chosen.append((row, went))
    if best < 4 or not chosen:
        return None
    if way == FLAT:
        moving = {id(r) for s in series_of(rows) if _ranges(s) for r in s}
        wrong = all(FLAT not in went and (id(row) in moving or _far(row)) for row, went in chosen)
    else:
        wrong = all(way not in went and went & {_OPPOSITE[way], FLAT} for _, went in chosen)
    return f"says it went {way}; the evidence says otherwise" if wrong else None


def _went(row: Row) -> frozenset[str]:
    said = ways(row.text)
    return said or frozenset(way_of(a, b) for a, b, _ in row_pairs([row]))


def _ranges(samples: list[Row]) -> bool:
    """Whether a series' last value is more than a fifth from its first."""
    first, last = sample(samples[0]).value, sample(samples[-1]).value
    return abs(last - first) > 0.2 * max(abs(first), abs(last))


def _far(row: Row) -> bool:
    """Whether a row tells of a move of more than a fifth."""
    found = list(row_pairs([row]))
    return any(abs(b.value - a.value) > 0.2 * max(abs(a.value), abs(b.value)) for a, b, _ in found) or (
        not found and bool(ways(row.text) & {UP, DOWN})
    )
