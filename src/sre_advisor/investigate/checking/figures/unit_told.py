"""The unit that a claim gives something without a figure ("waits that many seconds"), held against the evidence's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sre_advisor.investigate.checking.evidence.names import identifiers
from sre_advisor.investigate.checking.evidence.observations import Observation
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.evidence.units import unit_in
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.quantities import measure

_UNIT = (
    r"(?:(?:nano|micro|milli)?seconds?|minutes?|hours?|days|ms|µs|us|secs?|msecs?|percent(?:age points)?|%|fractions?|"
    r"ratios?|(?:kilo|mega|giga|tera|kibi|mebi|gibi)?bytes?|[kKMGT]i?B|(?:milli)?cores)"
)
_ENDS = r"(?=\s?(?:$|[.,;:)]|\b(?:between|of|for|per|by|and|from|that|each|to|after|before|until)\b))"
_TOLD = re.compile(
    rf"(?:\b(?:(?:that|this|so|as|how) many|(?:number|count|amount) of|units? (?:is|are)|counts?|unit:)"
    rf"(?:\s(?:whole|full))?\s|[(\[])({_UNIT})(?![\w/])|"
    rf"\b(?:in|as|is|are)\s({_UNIT})(?![\w/]){_ENDS}|"
    rf"(?:^|[:,]\s)({_UNIT})(?=\s(?:between|that|for which|per|until)\b)",
    re.IGNORECASE,
)
"""Words that make a unit that of what the sentence is about, no figure standing before it."""


def contradicted_unit(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why what the claim names is counted in another unit of the same dimension; None when nothing shows that."""
    said, bare = set(_units(plain)), {s.readings[-1].unit for s in told if _bare(s, held)}
    if not said | bare:
        return None
    for token in identifiers(plain):
        lines = [line for s in shelf.sources for line in s.text.splitlines() if token.casefold() in line.casefold()]
        rows = [] if shelf.services_in(token) else [r for r in shelf.rows if token.casefold() in r.full.casefold()]
        defined = {u for line in lines for u in _units(line)}
        by_name = {u for r in rows if (u := unit_in(r.text, r.context))}
        for unit in said | (bare if lines else set[str]()):
            kin = {u for u in defined or (by_name if unit in said else set[str]()) if measure(u)[0] == measure(unit)[0]}
            if kin and all(measure(u) != measure(unit) for u in kin):
                return f"{token} is in {', '.join(sorted(kin))}, not in {unit}"
    return None


def _bare(said: Said, held: Sequence[Observation]) -> bool:
    """Whether the evidence gives the figure without a unit, so that what it says of the unit elsewhere counts."""
    mine = [o for o in held if said.fits(o)]
    unit = said.readings[-1].unit
    return bool(measure(unit)[0] and mine) and not any(o.number.unit or o.number.hint for o in mine)


def _units(text: str) -> Iterator[str]:
    for match in _TOLD.finditer(text):
        unit = next(g for g in match.groups() if g)
        if measure(unit)[0]:
            yield unit
