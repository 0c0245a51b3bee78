"""Which way a text says something moved, and the pairs of figures it gives for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from sre_advisor.investigate.checking.evidence.roles import told_pair
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.investigate.checking.words.clock import blanked
from sre_advisor.investigate.checking.words.quantities import Number, numbers

UP, DOWN, FLAT = "up", "down", "flat"
MOST_TOLD = 4
"""Figures in a sentence from which a pair may be read by its words."""
_UP = (
    r"rose|rises?|rising|risen|increas\w+|grew|grows?|growing|grown|climb\w*|jump\w*|spik\w+|surg\w+|soar\w*|"
    r"went up|goes up|gone up|"
    r"going up|moved up|doubled?|doubling|tripled?|tripling|trebled?|quadrupled?|rais\w+|elevated|escalat\w+|"
    r"shot up|ramp\w* up|"
    r"higher|up from|creep\w*|crept|swell\w*|swelled|swollen|balloon\w*|mount\w*|built up|build-?up|pushed up|gain\w*|"
    r"shoot\w* up|multipl\w+|(?:sky)?rocket\w*|explod\w+|mushroom\w*|leap\w*|leapt|intensif\w+|expand\w*|"
    r"stieg\w*|gestiegen|subió|aument\w+|augment\w*"
)
_DOWN = (
    r"fell|falls?(?! (?:between|within|into|in|under|on|short|outside|back)\b)|falling|fallen|dropp?\w*|decreas\w+|"
    r"declin\w+|shrank|shrinks?|shr[ui]nk\w*|sank|sinks?|"
    r"plung\w+|plummet\w*|went down|"
    r"goes down|gone down|going down|moved down|halved?|halving|half of (?:its|the) (?:usual|former|earlier|"
    r"previous|normal)|lower\w*|reduc\w+|dipp?\w*|dip|collaps\w+|tumbl\w+|cut|"
    r"down from|(?:is|are|was|were|came|come|comes|gone) down|slid|slides?|sliding|slipp?\w*|shed|sheds|eased?|"
    r"easing|dwindl\w+|wan(?:ed|ing)|lost ground|"
    r"dragged (?:\w+ )*down|pulled down|thinned|tailed off|trailed off|sagg?\w*|cav(?:ed|ing) in|crater\w*|"
    r"nosediv\w+|tank(?:ed|ing)|subsid\w+|reced\w+|abat\w+|"
    r"dried up|vanish\w*|"
    r"fiel(?:en)?|gefallen|sank|bajó|disminuy\w+|baiss\w+"
)
_FLAT = (
    r"unchanged|(?:is|are|looks?|looked|seems?|seemed|appears?|appeared) (?:\w+ )?(?:normal|flat|stable|steady|"
    r"constant)|"
    r"(?:was|were|is|are|stayed|remained) (?:\w+ )?(?:calm|quiet)|"
    r"no (?:sign|evidence|indication|trace|hint) (?:that|of)\b[^;]{0,90}?\b(?:mov|chang)\w*|unaffected|undisturbed|"
    r"unmoved|(?:stay\w*|remain\w*) (?:put|calm|quiet|as (?:it|they) (?:was|were)|the same|in (?:its|their) band|"
    r"within (?:its|their|the) \w+|where (?:it|they) (?:was|were))|nothing (?:much )?(?:happened|changed|moved)|"
    r"the same [A-Za-z]\w*_\w+|the same [\w.]+ as (?:before|ever|usual)|(?:was|were|is|are) not (?:affected|"
    r"touched)|as (?:ever|usual)\b|"
    r"(?:did|does|has|have|had) ?n[o']t (?:changed?|moved?|rise|risen|fall|fallen|increased?|"
    r"decreased?|grow)|"
    r"(?:stayed|remained|stays|remains|was|held|kept) (?:\w+ )?(?:flat|stable|steady|constant|normal|level|unchanged)|"
    r"no (?:\w+ )?(?:change|increase|decrease|rise|drop|movement)|never (?:rose|fell|changed|moved)|"
    r"without (?:any )?change|(?:kept|keeps|held|holds) (?:its|their|the) [\w ]*?(?:where (?:it|they) (?:was|were)|"
    r"level)|"
    r"(?:no|little|hardly any) (?:movement|difference)|(?:as|the same as) before|same level as before|"
    r"(?:is|are|was|were) no different|budged? (?:not|n't)|(?:did|has|have|had) ?n[o']t budged?\w*|never budged"
)
_MOVES = re.compile(rf"\b(?:(?P<flat>{_FLAT})|(?P<up>{_UP})|(?P<down>{_DOWN}))(?![\w])", re.IGNORECASE)
_ARROW = r"(?:->|→|=>|–>|⟶)"
_FIGURE = r"([-−]?\d[\d.,]*(?:[eE][+-]?\d+)?)\s?(%|[A-Za-zµ]{1,8}\b)?"
_PAIR = re.compile(
    rf"(?:\bfrom\s+(?:about |around |~)?{_FIGURE}(?:\s\(?(?:at|on)?[^,;]{{0,24}}?\)?)?\s+(?:up |down )?(?:to|bis|"
    rf"auf|a|à)\s+(?:about |around |~)?{_FIGURE})"
    rf"|(?:{_FIGURE}\s*{_ARROW}\s*{_FIGURE})|(?:{_FIGURE}\s+became\s+{_FIGURE})"
)
_TO_FROM = re.compile(rf"\b(?:to|at)\s+{_FIGURE},?\s+(?:up |down )?from\s+{_FIGURE}")
_BEFORE = re.compile(
    r"before|old|prev\w*|baseline\w*|usual\w*|normal\w*|was|from|first|\w*_?ago|yesterday|last_\w+|\w+_before|prior"
)
_AFTER = re.compile(r"now|after|new|current|latest|last|to|since|value|is|today|observed")
_FIELD = re.compile(r"(?:^|[\s,;{(])[\"']?([A-Za-z][\w.]*)[\"']?\s?[=:]\s?(?=[-−]?\d)")


def ways(text: str) -> frozenset[str]:
    """The ways the text says something moved."""
    return frozenset(kind for m in _MOVES.finditer(text) for kind, word in m.groupdict().items() if word)


_SPANS = re.compile(r"\b(?:rang\w+|vari(?:ed|es)|anywhere|anything|spann\w+|spread)\s$", re.IGNORECASE)
"""Words before two figures that are the ends of a band rather than of a move."""


def pairs(text: str) -> Iterator[tuple[Number, Number]]:
    """(before, after) of every "from A to B", "A -> B" and "to B from A"; a unit said once counts for both."""
    bare = blanked(text)
    for pattern, turned in ((_PAIR, False), (_TO_FROM, True)):
        for match in pattern.finditer(bare):
            if _SPANS.search(bare[: match.start()]):
                continue
            groups = list(match.groups())
            filled = next((groups[i : i + 4] for i in range(0, len(groups), 4) if groups[i]), None)
            if filled is None:
                continue
            one, other = _number(filled[0], filled[1]), _number(filled[2], filled[3])
            if one is None or other is None:
                continue
            if turned:
                one, other = other, one
            yield one, other


def shared_unit(one: Number, other: Number) -> tuple[Number, Number]:
    """Both with the unit that only one of them has."""
    unit = one.unit or other.unit
    apart = max(one.value, other.value) > 20 * min(one.value, other.value)
    if unit in ("k", "thousand", "million") and apart:
        return one, other  # "from 52 to 1.1 million"
    return (one if one.unit else replace(one, unit=unit)), (other if other.unit else replace(other, unit=unit))


def _number(digits: str | None, unit: str | None) -> Number | None:
    return next(numbers(f"{(digits or '').rstrip('.,')} {unit or ''}".strip()), None) if digits else None


def row_pairs(rows: Sequence[Row]) -> Iterator[tuple[Number, Number, Row]]:
    """(before, after) as evidence gives them: in words, in fields of those names, in the lines of a diff."""
    for row in rows:
        for one, other in pairs(row.text):
            yield one, other, row
        told = told_pair(row.text) if "\n" not in row.text and len(row.numbers) <= MOST_TOLD else None
        if told:
            hint = next((n.hint for n in row.numbers if n.hint), "")
            yield replace(told[0], hint=hint), replace(told[1], hint=hint), row
        yield from ((a, b, row) for a, b in _field_pairs(row))
    for i, row in enumerate(rows):
        if row.text.startswith("-") and not row.text.startswith("---"):
            for later in rows[i + 1 : i + 8]:
                if later.text.startswith("+") and _skeleton(later.text) == _skeleton(row.text):
                    yield from ((a, b, row) for a, b in zip(row.numbers, later.numbers, strict=False))
                    break


def _skeleton(text: str) -> str:
    return re.sub(
        r"[\d.,\s]+|(?:milli|micro)?seconds?\b|minutes?\b|hours?\b|(?<=\d)(?:ms|s|m|h|[kMG]i?B?)\b",
        "",
        text[1:],
        flags=re.IGNORECASE,
    )


def _field_pairs(row: Row) -> Iterator[tuple[Number, Number]]:
    early: list[Number] = []
    late: list[Number] = []
    bare = blanked(row.text)
    for match in _FIELD.finditer(bare):
        key = match.group(1).rsplit(".", 1)[-1].casefold()
        found = next(numbers(bare[match.end() :].split("\n", 1)[0], evidence=True), None)
        if found is not None and found.start == 0:
            (early if _BEFORE.fullmatch(key) else late if _AFTER.fullmatch(key) else []).append(found)
    if len(early) == 1 and late:
        hint = next((n.hint for n in row.numbers if n.hint), "")
        one, other = early[0], late[0]
        yield (replace(one, hint=hint) if hint else one), (replace(other, hint=hint) if hint else other)


def is_before(key: str) -> bool:
    """Whether a field's name says that it holds the value before."""
    return _BEFORE.fullmatch(key.casefold()) is not None


def series_of(rows: Iterable[Row]) -> list[list[Row]]:
    """Samples of one series, in order of time."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row.series and len(row.times) == 1 and row.numbers:
            found.setdefault(row.series, []).append(row)
    return [sorted(group, key=lambda r: r.times[0].epoch) for group in found.values() if len(group) > 1]


def sample(row: Row) -> Number:
    """The value of a sample, which stands last."""
    return row.numbers[-1]


def series_ways(samples: Sequence[Row]) -> frozenset[str]:
    """The ways a series went at any time, by more than a tenth of its range of values."""
    values = [sample(r).value for r in samples]
    first, low, high = values[0], min(values), max(values)
    least = 0.1 * max(abs(high), abs(low))
    found = {UP} if high - first > least or any(b - a > least for a, b in pairwise(values)) else set[str]()
    return frozenset(
        found | ({DOWN} if first - low > least or any(a - b > least for a, b in pairwise(values)) else set())
    )


def way_of(one: Number, other: Number) -> str:
    """Which way a pair of figures goes."""
    one, other = shared_unit(one, other)
    gap = _plain(other) - _plain(one)
    return UP if gap > 0 else DOWN if gap < 0 else FLAT


def _plain(number: Number) -> float:
    from sre_advisor.investigate.checking.words.quantities import measure

    return number.value * measure(number.unit or number.hint)[1]
