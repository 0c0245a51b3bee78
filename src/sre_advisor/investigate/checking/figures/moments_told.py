"""What a claim says of two moments that it names, or of one, held against the readings of just those moments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sre_advisor.investigate.checking.evidence.locality import misplaced, scope
from sre_advisor.investigate.checking.evidence.observations import Observation, courses
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.folds import UNITS, ByPercent, Fold, fold_of, folds
from sre_advisor.investigate.checking.figures.held import Said
from sre_advisor.investigate.checking.words.bonds import relative_times
from sre_advisor.investigate.checking.words.changes import tells_change, tells_part
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import DAY, Moment, moments, stretches
from sre_advisor.investigate.checking.words.quantities import Number, measure

_FROM = re.compile(
    r"\b(?:compared (?:with|to)|against|versus|vs\.?|relative to|than|from|since|over|on|of)\s"
    r"(?:(?:at|in|the|its|their|that|those|what it was|about|around)\s)*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\b(?:between|from)\s(?:the\s)?$", re.IGNORECASE)
_BY = re.compile(r"\bby\s(?:the\s)?$", re.IGNORECASE)
_THEN = re.compile(r"(?:\b(?:at|in|by|from|of|on|in (?:the|its|their|that))|@|^\W*)\s?$", re.IGNORECASE)
_OVER = re.compile(
    r"\b(?:more than|over|above|at least|beyond|past|exceed\w*|topp?\w*|surpass\w*|upwards of|north of|no less than|"
    r"well over|not less than)\s(?:a |the )?$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"\b(?:less than|fewer than|under|below|beneath|at most|no more than|not more than|short of)\s(?:a |the )?$",
    re.IGNORECASE,
)
_LASTS = re.compile(
    r"\b(?:for|within|last(?:ed|s|ing)|after|another|(?:delay|lag|gap|margin|interval) of)\s(?:[\w-]+\s){0,3}$",
    re.IGNORECASE,
)
"""Words before a bound on a stretch of time that passed, rather than on a reading."""
_GOOD = re.compile(r"availab|success|hit|uptime|ok_|healthy", re.IGNORECASE)
_BAD = re.compile(r"\b(?:fail|lost|error|reject|miss|refus|broke)", re.IGNORECASE)
_NOT = re.compile(r"\b(?:no|not|never|hardly|without|un\w+)\b|n't\b", re.IGNORECASE)
WHOLE = 100.0
MINUTE, SAMPLE, MOST = 60, 300, 1.5
"""Seconds; the step of a sample by which a stretch may be told longer; and how many times too long it may be."""
_FOR = re.compile(r"\bfor\s(?:about |around |some |roughly |the )?$", re.IGNORECASE)
_THEN_FROM = re.compile(r"\s?[a-z]+,?\s\(?(?:from\s|between\s)?(?:the\s)?", re.IGNORECASE)
_WAY = re.compile(
    r"\b(?:(?P<up>rose|climbed|grew|increased|jumped|went up|gained|is up|was up|up)|"
    r"(?P<down>fell|dropped|declined|sank|decreased|went down|is down|was down|down))\s"
    r"(?:by\s)?(?:about |around |some |roughly |nearly |almost |over |more than |less than )?$",
    re.IGNORECASE,
)
"""By how much of itself something became more or less."""
_BEFOREHAND = re.compile(
    r"\b(?:value|level|figure|reading|of what it was|as it was|than|as)\b[^\d,;]{0,20}"
    r"\b(?:an?|one|\d+)\s(?:second|minute|min|hour)s?\s(?:before|earlier|previously)(?=\W*$|[,;.)])",
    re.IGNORECASE,
)
"""How long before the one time named the other reading was taken."""
ROOM = 0.02
"""Share of a level by which a reading may lie on its other side."""


def contradicted_moments(told: Sequence[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why something did not change so much between the times named, or was not so high at the one; else None."""
    for said in told:
        why = _not_so_high(said, held, plain, shelf)
        if why:
            return why
    if why := _not_so_long(told, plain):
        return why
    times = _ends(plain)
    if times is None or len(shelf.services_in(plain)) > 1:
        return None
    figures = [(fold_of(s.readings[-1], plain), s.owners) for s in told if s.readings[-1].unit.casefold() in UNITS]
    some = [*figures, *((fold, shelf.services_in(plain)) for fold in folds(plain)), *_by_percent(told, plain)]
    for fold, owners in some if len(some) == 1 else ():
        clause = next(c for where, c in clauses(plain) if where <= fold.start < where + len(c) + 1)
        mine = [o for o in held if not o.owners or not owners or o.owners & owners]
        about = replace(scope(clause, "", shelf), services=frozenset())
        mine = [o for o in mine if misplaced(about, [o.row], shelf) is None]
        ratios = list(_ratios(_meant(courses(mine), told), times))
        if ratios and not any(fold.fits(ratio) for ratio in ratios):
            return f"it went to {ratios[-1]:.3g} times what it was"
    return None


def _by_percent(told: Sequence[Said], plain: str) -> Iterator[tuple[Fold, frozenset[str]]]:
    """How many times what it was something became that rose or fell by so many percent."""
    for said in told:
        number = said.readings[-1]
        way = _WAY.search(plain[: number.start])
        if number.unit.casefold() in ("%", "percent") and way is not None:
            up = way.group("up") is not None
            fold = 1 + number.value / WHOLE if up else 1 - number.value / WHOLE
            least, most = (_OVER.search(plain[: number.start]), _UNDER.search(plain[: number.start]))
            yield ByPercent(fold, bool(least), bool(most), number.start, number), said.owners


def _not_so_long(told: Sequence[Said], plain: str) -> str | None:
    """Why a stretch of time is not as long as it is said to be ("for 30 minutes, from 10:02 to 10:12")."""
    for start, end in stretches(plain):
        for number in (s.readings[-1] for s in told):
            joint = plain[number.end : start.start]
            lasts = number.value * measure(number.unit)[1]
            length = (end.second - start.second) % DAY
            if (
                measure(number.unit)[0] == "second"
                and lasts >= MINUTE
                and _FOR.search(plain[: number.start])
                and _THEN_FROM.fullmatch(joint)
                and not (length - MINUTE) / MOST <= lasts <= length * MOST + SAMPLE
            ):
                return f"from {start.text} to {end.text} it is {length // 60} minutes, not {number.said}"
    return None


def _meant(lines: list[list[Observation]], told: Sequence[Said]) -> list[list[Observation]]:
    """Those courses that hold another figure of the claim, all where none does."""
    others = [s for s in told if s.bond.time is not None and s.readings[-1].unit.casefold() not in UNITS]
    return [c for c in lines if any(s.fits(o) for s in others for o in c)] or lines


def _ends(plain: str) -> tuple[Moment, Moment, bool] | None:
    """The two times that a change is told between, and whether it may have come at any time up to the second."""
    said = moments(plain)
    if len(said) == 1 and (before := _BEFOREHAND.search(plain)) is not None:
        earlier = [t for t in relative_times(plain, said) if before.start() <= t.start < before.end()]
        return (earlier[0], said[0], False) if earlier else None
    if len(said) != 2:
        return None
    if stretches(plain):
        return said[0], said[1], False
    if _BETWEEN.search(plain[: said[0].start]):
        return said[0], said[1], False
    by = [_BY.search(plain[: m.start]) is not None for m in said]
    if by == [False, True]:
        return said[0], said[1], True
    against = [_FROM.search(plain[: m.start]) is not None for m in said]
    return (said[0], said[1], False) if any(against) else None


def _ratios(lines: Sequence[Sequence[Observation]], times: tuple[Moment, Moment, bool]) -> Iterator[float]:
    """How many times what it was each course became, from the earlier time to the later, or to any up to it."""
    for line in lines:
        at = [next((i for i, o in enumerate(line) if o.time and m.is_at(o.time)), None) for m in times[:2]]
        if at[0] is None or at[1] is None:
            continue
        start, end = sorted((at[0], at[1]))
        before = line[start].number.value
        for o in line[start + 1 : end + 1] if times[2] else [line[end]]:
            if before:
                yield o.number.value / before
            dimension, size = measure(o.number.unit or o.number.hint)
            if dimension == "share":  # so many points may be meant
                yield 1 + (o.number.value - before) * size / WHOLE


def _not_so_high(said: Said, held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why nothing that may be meant lay beyond a level at the time that it is said to have."""
    number = said.readings[-1]
    over, under = _OVER.search(plain[: number.start]), _UNDER.search(plain[: number.start])
    time = said.bond.time
    if time is None or not said.bond.sure or not (over or under) or not _is_level(number, plain):
        return None
    if not _THEN.search(plain[: time.start]) or _NOT.search(said.clause) or stretches(plain):
        return None
    by = _BY.search(plain[: time.start]) is not None
    mine = [o for o in held if o.time and time.is_at(o.time) and _may_be(said, o, shelf)]
    if by:
        lines = [c for c in courses(list(held)) if any(o is m for o in c for m in mine)]
        mine = [o for c in lines for o in c if o.time and any(o.time.epoch <= m.time.epoch for m in mine if m.time)]
    values = [v for o in mine for v in _values(number, o, said.clause)]
    room = max(number.slack, ROOM * abs(number.value))
    if not values or any(v >= number.value - room if over else v <= number.value + room for v in values):
        return None
    nearer = min(values, key=lambda v: abs(v - number.value))
    return f"it was {nearer:.4g} at {time.text}, not {'above' if over else 'below'} {number.said}"


def _is_level(number: Number, plain: str) -> bool:
    worked_out = tells_change(number, plain) and not _OVER.search(plain[: number.start])
    changes = worked_out or tells_part(number, plain) or number.unit.casefold() in UNITS
    return bool(measure(number.unit)[0]) and not changes and not _LASTS.search(plain[: number.start])


def _may_be(said: Said, held: Observation, shelf: Shelf) -> bool:
    """Whether a reading may be what the level is said of: not another's, in the same dimension and of the same kind."""
    number = said.readings[-1]
    dimension = measure(held.number.unit or held.number.hint)[0]
    if said.owners and held.owners and not said.owners & held.owners:
        return False
    return dimension in ("", measure(number.unit)[0]) and misplaced(said.about, [held.row], shelf) is None


def _values(number: Number, held: Observation, clause: str) -> Iterator[float]:
    """The reading in the unit of the level, and what is left of it where it tells of what went well or did not."""
    share = measure(number.unit)[0] == "share"
    yield from (v for v in number.readings(held.number) if not share or v <= WHOLE)
    if share and bool(_GOOD.search(held.row.full)) == bool(_BAD.search(clause)):
        yield from (100 - v for v in number.readings(held.number))
