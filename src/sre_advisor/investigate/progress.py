"""How far an investigation has come: what is read for the first look, and what came of it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sre_advisor.broker.broker import Offer
from sre_advisor.connectors.contract import Role
from sre_advisor.model import Evidence, Outcome

TITLES: dict[Role, str] = {
    Role.ALERTS: "Alerts",
    Role.ALERT_HISTORY: "Alerts",
    Role.SIGNALS: "Metrics",
    Role.CHANGES: "Changes",
    Role.LOGS: "Logs",
    Role.RUNBOOK: "Runbooks",
}
"""What a person calls it, in the order in which it is shown."""
PERHAPS = frozenset({Role.RUNBOOK})
"""Read only when something else that was read asks for it."""

CONCLUDED = "triage"
"""The source of evidence that was drawn from other evidence and not read."""


class State(StrEnum):
    """How a step stands."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of thing that is read, by these tools; `perhaps` when it may turn out to be of no use."""

    title: str
    tools: frozenset[str]
    perhaps: bool = False
    reads: tuple[Evidence, ...] = ()

    @property
    def state(self) -> State:
        """Done when each tool has answered, failed when none of them could."""
        if self.tools - {e.tool for e in self.reads}:
            return State.WAITING
        return State.FAILED if self.reads and all(failed(e) for e in self.reads) else State.DONE

    @property
    def over(self) -> bool:
        """Whether nothing more is waited for."""
        return self.state is not State.WAITING


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, the reads that belong to none of them, and whether the first look stands."""

    steps: tuple[Step, ...] = ()
    more: tuple[Evidence, ...] = ()
    looked: bool = False

    @property
    def done(self) -> int:
        """Steps that are over."""
        return sum(s.over for s in self.steps)

    @property
    def reads(self) -> tuple[Evidence, ...]:
        """All that was read."""
        return (*(e for s in self.steps for e in s.reads), *self.more)

    def came(self, evidence: Evidence) -> Plan:
        """The plan after a read came back; what no step of the first look waits for is counted apart."""
        if evidence.source == CONCLUDED:
            return self
        taken = next((s for s in self.steps if evidence.tool in s.tools and not (self.looked and s.over)), None)
        if taken is None:
            return replace(self, more=(*self.more, evidence))
        grown = replace(taken, reads=(*taken.reads, evidence))
        return replace(self, steps=tuple(grown if s is taken else s for s in self.steps))

    def first_looked(self) -> Plan:
        """The plan once the first look stands: what nothing asked for by then is not read.

        Not yet while something is awaited that is read in any case: then it stands without that, for now.
        """
        if any(not s.over and not s.perhaps for s in self.steps):
            return self
        steps = (replace(s, tools=frozenset[str]()) if s.perhaps and not s.reads else s for s in self.steps)
        return replace(self, steps=tuple(steps), looked=True)


def failed(evidence: Evidence) -> bool:
    """Whether a read ended without the source's answer; that it holds nothing is an answer."""
    return evidence.outcome not in (Outcome.OK, Outcome.NO_DATA)


def steps(with_role: Callable[[Role], Iterable[Offer]]) -> tuple[Step, ...]:
    """The steps of a first look: one for each kind of source that is there."""
    found: dict[str, Step] = {}
    for role, title in TITLES.items():
        tools = frozenset(offer.tool.name for offer in with_role(role))
        if tools:
            known = found.get(title, Step(title, frozenset(), role in PERHAPS))
            found[title] = replace(known, tools=known.tools | tools)
    return tuple(found.values())
