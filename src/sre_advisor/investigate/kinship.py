"""How the services that make noise stand to the one where the trouble seems to have begun. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sre_advisor.model import Alert, Catalogue, Change
from sre_advisor.triage import Triage

LEADERS = 3
"""Suspects among which the one whose change explains the trouble is preferred."""


class Relation(StrEnum):
    """How a service stands to the origin; UNKNOWN when no graph tells."""

    ORIGIN = "origin"
    CALLER = "caller"
    CALLEE = "callee"
    APART = "apart"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Kinship:
    """The origin, and what calls it or is called by it over any number of calls."""

    origin: str | None
    callers: frozenset[str] = frozenset()
    callees: frozenset[str] = frozenset()
    placed: frozenset[str] = frozenset()
    """Services that have a place in the graph at all."""

    def of(self, service: str | None) -> Relation:
        """How a service stands to the origin."""
        if service is None or self.origin is None:
            return Relation.UNKNOWN
        if service == self.origin:
            return Relation.ORIGIN
        if service in self.callers:
            return Relation.CALLER
        if service in self.callees:
            return Relation.CALLEE
        return Relation.APART if {service, self.origin} <= self.placed else Relation.UNKNOWN

    def concerns(self, alert: Alert) -> bool:
        """Whether an alert may tell of the same trouble; one whose place is not known may."""
        return self.of(alert.service) is not Relation.APART


def kinship(found: Triage, changes: Mapping[str, Change], catalogue: Catalogue) -> Kinship:
    """The first suspect, or the leader to whom the change that explains it was made, with its kin."""
    leaders = [s.name for s in found.services[:LEADERS]]
    culprit = changes.get(found.change or "")
    place = place_of(culprit, changes.values()) if culprit else None
    origin = next((n for n in leaders if n == place), leaders[0] if leaders else None)
    if origin is None:
        return Kinship(None)
    graph = catalogue.graph
    callers = _reached(origin, ((callee, caller) for caller, callee in graph))
    return Kinship(origin, callers, _reached(origin, graph) - callers, frozenset(n for edge in graph for n in edge))


def place_of(change: Change, changes: Iterable[Change]) -> str | None:
    """The service a change was made to: its own word, else that of the deploy that shipped it."""
    return change.service or next((c.service for c in changes if c.service and c.commit == change.id), None)


def _reached(start: str, steps: Iterable[tuple[str, str]]) -> frozenset[str]:
    following: dict[str, list[str]] = {}
    for one, other in steps:
        following.setdefault(one, []).append(other)
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for name in following.get(ahead.pop(), ()):
            if name not in found:
                found.add(name)
                ahead.append(name)
    return frozenset(found - {start})
