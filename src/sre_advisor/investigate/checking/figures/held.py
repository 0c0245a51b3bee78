"""A figure that stands in the evidence must stand there for the service, the time and the role that it is given."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sre_advisor.investigate.checking.evidence.directions import pairs
from sre_advisor.investigate.checking.evidence.locality import Scope, misplaced, scope
from sre_advisor.investigate.checking.evidence.measured import seen_from
from sre_advisor.investigate.checking.evidence.names import bare, identifiers
from sre_advisor.investigate.checking.evidence.observations import Observation, key_of, whose
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.readings import figures_in
from sre_advisor.investigate.checking.words.bonds import BEFORE, HIGH, LIMIT, LOW, NOW, Bond, bonds, relative_times
from sre_advisor.investigate.checking.words.clauses import clauses
from sre_advisor.investigate.checking.words.clock import Moment, moments, stretches
from sre_advisor.investigate.checking.words.quantities import Number

_OTHERS = {
    HIGH: {LOW, BEFORE, LIMIT},
    LOW: {HIGH, BEFORE, LIMIT},
    BEFORE: {HIGH, LOW, NOW, LIMIT},
    NOW: {BEFORE, LIMIT},
    LIMIT: {HIGH, LOW, BEFORE, NOW},
}
"""Roles that a figure said to have the first cannot have."""


NEAR = 36
"""Characters beside a figure in which the kind of thing it measures is said."""
SHORT = 5
"""Letters of a name that may stand in another word by chance."""
SHORTENED = 4
"""Letters that a name has at least when it is cut short."""
_EACH = re.compile(r"\b(?:respectively|in that order|each)\b", re.IGNORECASE)
_LEVEL = re.compile(
    r"\b(?:above|below|over|under|past|beyond|(?:more|less|fewer) than|exceed\w*|cross\w*|passed|at least|at most|"
    r"upwards of|through)\s"
    r"(?:the |a |its |about )?(?:[\w-]+['’]s )?$",
    re.IGNORECASE,
)
_CALLEE = re.compile(r"_to_([a-z][a-z0-9-]*(?:service|svc|api|db))(?![a-z0-9])", re.IGNORECASE)
_ID = re.compile(r"[a-z]{1,2}\d{1,4}")
_WHEN = re.compile(
    r"\b(?:after|before|since|until|following|ahead of|prior to)\s"
    r"(?:(?!\d|(?:and|but|at|by)\b)[\w.:/'’-]+\s?){1,4},\s?(?:at\s)?$",
    re.IGNORECASE,
)
"""A time that stands beside what only tells when: "the first sample after the rollout, 03:50"."""
_JOINTED = re.compile(r"[A-Za-z]\w*_\w+")


@dataclass(frozen=True, slots=True)
class Said:
    """A figure of the claim in all its readings, and what the claim says of it."""

    readings: tuple[Number, ...]
    bond: Bond
    about: Scope
    owners: frozenset[str]
    sure: bool
    """Whether there is no doubt whose it is said to be."""
    clause: str
    level: bool = False
    """Said to be a level that something is beyond, rather than a reading."""
    seen: bool = False
    """Whether the claim says outright who measured it, whoever else is named."""

    def fits(self, held: Observation) -> bool:
        """Whether it may be this figure."""
        return any(n.could_be(held.number) for n in self.readings)


def said_in(plain: str, shelf: Shelf) -> Iterator[Said]:
    """Every figure of the claim."""
    times = moments(plain)
    free = {m.start for pair in stretches(plain) for m in pair}
    times = [t for t in times if t.start not in free]
    times = sorted([*times, *relative_times(plain, times)], key=lambda t: t.start)
    made = identifiers(plain)
    spans = stretches(plain)
    told = [(clause, r) for where, clause in clauses(plain) for r in figures_in(plain, where, clause, made)]
    bound = bonds(plain, [readings[0] for _, readings in told], times)
    ends = {one.value: two.value for one, two in pairs(plain)}
    for (clause, readings), given in zip(told, bound, strict=True):
        bond = given
        if len(spans) == 1 and len(ends) == 1 and bond.time is None:
            first, last = next(iter(ends.items()))
            at = spans[0][0] if readings[0].value == first else spans[0][1] if readings[0].value == last else None
            bond = replace(bond, time=at, sure=True, role="") if at else bond
        if (
            bond.time
            and given is bond
            and any(readings[0].value in p for p in ends.items())
            and _behind_both(times, told)
        ):
            bond = replace(bond, sure=False)  # "by 13:49 a third of its 13:42 level (230 to 76 ms)"
        at = readings[0].start
        owners, sure = whose(plain, at, at + len(readings[0].text), shelf)
        if not owners & shelf.tagged:  # a word that only looks like a name
            owners, sure = frozenset[str](), False
        sure = sure and _EACH.search(plain) is None
        beside = plain[max(0, at - NEAR) : at]
        beside = re.split(r"[,;:]", beside)[-1]
        yield Said(
            readings,
            bond,
            replace(scope(clause, "", shelf), services=frozenset(), text=beside),
            owners,
            sure,
            clause,
            _LEVEL.search(plain[:at]) is not None,
            seen_from(plain, at, shelf) != "",
        )


def _behind_both(times: Sequence[Moment], told: Sequence[tuple[str, tuple[Number, ...]]]) -> bool:
    """Whether two times stand before the first figure with a unit or a fraction, so that either may be its time."""
    starts = [r[-1].start for _, r in told if r[-1].room is None]
    return len(times) > 1 and bool(starts) and times[1].end <= min(starts)


def is_between(said: Said, held: Sequence[Observation]) -> bool:
    """Whether readings lie on both sides of a level that something is said to have crossed."""
    any_of = not said.owners or not said.sure
    mine = [o for o in held if o.time and (any_of or not o.owners or said.owners & o.owners)]
    read = [r for o in mine if (r := list(said.readings[0].readings(o.number)))]
    for way in range(min(map(len, read), default=0)):  # in each unit that they may be in
        values = [r[way] for r in read]
        if min(values) < said.readings[0].value < max(values):
            return True
    return False


def elsewhose(plain: str, moment: Moment, shelf: Shelf) -> str | None:
    """Why a time is one of another service than the sentence says; None when nothing shows that."""
    owners, sure = whose(plain, moment.start, moment.end, shelf)
    rows = [r for r in shelf.with_time(moment) if not r.whole]
    if all(_ID.fullmatch(o) for o in owners) or _WHEN.search(plain[: moment.start]):
        return None  # the number of a change, or what only says when: what it is named beside need not be its own
    if not any(r.times for r in shelf.rows if not r.whole and shelf.owners_of(r) & owners):
        return None  # when its readings were taken is told with those of another ("over the same samples")
    if not sure or not rows or not all(_of_another(owners, shelf.owners_of(r), r.full, shelf) for r in rows):
        return None
    theirs = sorted({s for r in rows for s in shelf.owners_of(r) & shelf.tagged})
    return f"belongs to {', '.join(t[:40] for t in theirs[:3])}, not to {', '.join(sorted(owners))}"


def against(said: Said, held: Observation, shelf: Shelf) -> str | None:
    """In what a figure that might be meant is another than the one the claim tells of."""
    if (said.sure and _of_another(said.owners, held.owners, "" if said.seen else held.near, shelf)) or _calls_another(
        said, held, shelf
    ):
        return "owner"
    return _otherwise_read(said, held) or ("kind" if _of_another_kind(said, held, shelf) else None)


def _calls_another(said: Said, held: Observation, shelf: Shelf) -> bool:
    """Whether it is a reading of calls to another service than the one named beside the caller."""
    ours = shelf.services_in(said.clause) - said.owners
    key = key_of(held)
    theirs = (shelf.services_in(key.replace("_", " ")) | {bare(n) for n in _CALLEE.findall(key)}) - held.owners
    return bool(ours and theirs and not ours & theirs and said.owners & held.owners)


def _of_another_kind(said: Said, held: Observation, shelf: Shelf) -> bool:
    metrics, key = said.about.metrics, _key(held)
    named = metrics and key and key not in metrics and _names(held, metrics)
    return bool(named) or misplaced(said.about, [held.row], shelf) is not None


def _otherwise_read(said: Said, held: Observation) -> str | None:
    """Whether it was read at another time than the one said, or is another of its series' values."""
    timed = said.bond.sure and said.bond.role not in (BEFORE, LIMIT) and not said.level
    if timed and said.bond.time and held.time and not is_then(said.bond.time, held.time):
        return "time"
    if timed and said.bond.time and held.time is None and held.role in (BEFORE, LIMIT) and said.bond.role != held.role:
        return "role"
    return "role" if held.role in _OTHERS.get(said.bond.role, ()) else None


def is_then(said: Moment, held: Moment) -> bool:
    """Whether a sample may be that of the time said: the second of a claim need not be the second of a sample."""
    return said.is_at(held) or (said.exact and not held.exact and held.is_at(said))


def _of_another(owners: frozenset[str], theirs: frozenset[str], near: str, shelf: Shelf) -> bool:
    """Whether something is of another service than those, and the words near it do not so much as mention them."""
    if not theirs & shelf.tagged or owners & theirs or not owners & shelf.tagged:
        return False
    if any(o.startswith(t) or t.startswith(o) for o in owners for t in theirs if min(len(o), len(t)) >= SHORTENED):
        return False  # "reco" of recommendationservice
    told = re.sub(r"[\s_.:/-]+", "", near.casefold())
    words = {bare(w) for p in (r"[A-Za-z0-9-]+", r"[A-Za-z0-9]+") for w in re.findall(p, near.replace("_", " "))}
    return not any(o in words or (len(o) > SHORT and o in told) for o in owners)


def _key(held: Observation) -> str:
    """The jointed name that stands last before the figure; empty where none does."""
    found = [m.group() for m in _JOINTED.finditer(held.row.text) if m.end() <= held.number.start]
    return found[-1].casefold() if found else ""


def _names(held: Observation, metrics: frozenset[str]) -> bool:
    low = held.row.text.casefold()
    return any(m in low for m in metrics)
