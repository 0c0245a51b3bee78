"""Why a figure of a claim is not that of what the claim says: another's, of another time, or in another role."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sre_advisor.investigate.checking.evidence.locality import misplaced
from sre_advisor.investigate.checking.evidence.observations import Observation
from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.figures.held import Said, against, is_between, is_then
from sre_advisor.investigate.checking.figures.readings import derived
from sre_advisor.investigate.checking.words.clock import moments
from sre_advisor.investigate.checking.words.quantities import measure

_OF_ITS = re.compile(r"\d\sof (?:its|their|the)\s$")
_BETWEEN_TWO = re.compile(
    r"^[\s-]?[A-Za-z]+\s(?:after|before|later|earlier|ahead|behind|younger|older|apart|ago|between|prior)\b"
)


def misheld(told: Iterable[Said], held: Sequence[Observation], plain: str, shelf: Shelf) -> str | None:
    """Why a figure is not that of what the claim says; None when nothing shows that."""
    for said in told:
        mine = [o for o in held if said.fits(o)]
        if _OF_ITS.search(plain[: said.readings[0].start]):
            continue  # "3 of its 64 slots": the whole need not have been read then
        if not mine or any(not against(said, o, shelf) for o in mine) or (said.level and is_between(said, held)):
            continue
        if said.level and all(against(said, o, shelf) == "owner" for o in mine) and is_between(said, held):
            continue
        if _may_be_worked_out(said, plain) and derived(said.readings, said.clause, plain, moments(plain), shelf):
            continue
        why = _contrast(said, mine, held, shelf)
        if why:
            return f"{said.readings[0].said} {why}"
    return None


def _may_be_worked_out(said: Said, plain: str) -> bool:
    """Whether it is a figure that people compute: a multiple, or by how much something changed."""
    number = said.readings[0]
    by = (
        measure(number.unit)[0] in ("share", "second")
        and re.search(r"\bby\s(?:\w+\s)?$", plain[: number.start]) is not None
    )
    stretch = measure(number.unit)[0] == "second" and _BETWEEN_TWO.match(plain[number.end :]) is not None
    return by or stretch or number.unit.casefold() in ("x", "×", "times", "fold")


def _contrast(said: Said, mine: Sequence[Observation], held: Sequence[Observation], shelf: Shelf) -> str | None:
    """What the evidence has instead: the same figure is another's, or what is told of has another figure."""
    differs = [against(said, o, shelf) for o in mine]
    if "time" in differs:
        kin = [o for o in mine if against(said, o, shelf) == "time"]
        for o in held:
            if o.time and said.bond.time and is_then(said.bond.time, o.time) and any(_alike(o, k, shelf) for k in kin):
                return f"was not read at {said.bond.time.text}, but {o.number.text}"
    if "role" in differs:
        kin = [o for o in mine if against(said, o, shelf) == "role"]
        other = next((o for o in held if o.role == said.bond.role and any(o.row is k.row for k in kin)), None)
        if other is not None:
            return f"is not the {said.bond.role}: {other.number.text} is"
    if set(differs) == {"owner"}:
        theirs = sorted({s for o in mine for s in (o.owners & shelf.tagged) - said.owners})
        if not theirs:
            return "is of calls to another service"
        if theirs:
            return f"belongs to {', '.join(t[:40] for t in theirs[:3])}, not to {', '.join(sorted(said.owners))}"
    if set(differs) == {"kind"}:
        return (
            misplaced(said.about, [o.row for o in mine], shelf)
            or f"is no figure of {', '.join(sorted(said.about.metrics))}"
        )
    return None


def _alike(one: Observation, other: Observation, shelf: Shelf) -> bool:
    """Whether two figures are readings of one thing."""
    if one.row.series and one.row.series == other.row.series:
        return True
    same = bool(one.owners & other.owners) or not (one.owners or other.owners)
    units = {measure(o.number.unit or o.number.hint)[0] for o in (one, other)} - {""}
    metrics = shelf.metrics_of(one.row), shelf.metrics_of(other.row)
    kin = one.row is other.row or (bool(metrics[0] & metrics[1]) if all(metrics) else _words(one) == _words(other))
    return same and len(units) < 2 and kin


def _words(held: Observation) -> frozenset[str]:
    return frozenset(w.casefold() for w in re.findall(r"[^\W\d_]{3,}", held.row.full))
