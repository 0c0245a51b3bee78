"""The first look in one line, and how much it can say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sre_advisor.advisors.words import clock, shorten
from sre_advisor.broker.broker import Read
from sre_advisor.connectors.contract import Role
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.kinship import Kinship, Relation
from sre_advisor.model import Alert, AlertState, Change, Finding, Outcome
from sre_advisor.triage import Triage

SAYS_NOTHING = (Outcome.UNAVAILABLE, Outcome.DENIED, Outcome.QUOTA_EXCEEDED, Outcome.BAD_REQUEST)


class Sources(Protocol):
    """What the sources gave (see first_look.Gathered)."""

    @property
    def reads(self) -> tuple[tuple[Role, Read], ...]:
        """Every read with the role it was asked for."""
        ...

    def cites(self, *roles: Role) -> tuple[str, ...]:
        """Ids of evidence that holds something."""
        ...

    def alerts(self) -> tuple[Alert, ...]:
        """Alerts, the active ones first."""
        ...

    def changes(self) -> tuple[Change, ...]:
        """Changes, oldest first."""
        ...


def headline(found: Triage, sources: Sources, kin: Kinship, now: datetime, config: FirstLookConfig) -> str:
    """What is known in one line; silence is called good news only where all was seen."""
    firing = [a for a in sources.alerts() if a.state is AlertState.FIRING]
    loud = f"{len(firing)} {'alert fires' if len(firing) == 1 else 'alerts fire'}"
    if kin.origin and firing and not found.plainly(kin.origin):
        return f"{_who_fires(firing)}, no signal clearly shows where it began; best lead: {kin.origin}"
    if kin.origin:
        since = f", since about {clock(found.onset, now, exact=False)}" if found.onset else ""
        silent = "Alerts could not be read, but" if _unheard(sources) else "No alert fires, but"
        opening = loud if firing else f"{silent} signals moved"
        return f"{opening}: the trouble seems to be in {kin.origin}{since}{_bystanders(firing, kin)}"
    if firing:
        names = shorten(", ".join(dict.fromkeys(a.name for a in firing)), 120)
        return f"{loud} ({names}), but no signal shows where it began"
    return _quiet(found, sources, config)


def _quiet(found: Triage, sources: Sources, config: FirstLookConfig) -> str:
    """The line where no alert fires and no service is suspected."""
    unheard = _unheard(sources)
    if not sources.cites(Role.SIGNALS):
        if unheard:
            return "Neither alerts nor signals could be seen: this says nothing about health"
        return "No alert fires, but no signals could be seen either: this says nothing about health"
    if not found.judged:
        opening = "Alerts could not be read, and there" if unheard else "No alert fires, but there"
        return f"{opening} is too little recent data to compare signals with: this says nothing about health"
    if unheard:
        return f"No signal left its usual range in the last {config.hours:g} h, but alerts could not be read"
    return f"Nothing stands out: no alert fires and no signal left its usual range in the last {config.hours:g} h"


def finding(found: Triage, sources: Sources, kin: Kinship) -> Finding:
    """How much the look can say."""
    if kin.origin:
        return Finding.PLAIN if found.plainly(kin.origin) else Finding.WEAK
    if any(a.state is not AlertState.RESOLVED for a in sources.alerts()):
        return Finding.WEAK
    unread = any(read.evidence.outcome in SAYS_NOTHING for _, read in sources.reads)
    return Finding.BLIND if unread or not found.judged or not sources.cites(Role.SIGNALS) else Finding.CALM


def _who_fires(firing: Sequence[Alert]) -> str:
    """The alerts by name with the services they are on, the first one when there are several."""
    first = firing[0]
    more = f" and {len(firing) - 1} more fire" if len(firing) > 1 else " fires"
    return f"{shorten(first.name, 80)}{more}{f' on {first.service}' if first.service else ''}"


def _unheard(sources: Sources) -> bool:
    """Whether a source of alerts could not be read, so that silence is no news."""
    return any(r is Role.ALERTS and read.evidence.outcome in SAYS_NOTHING for r, read in sources.reads)


def _bystanders(firing: Sequence[Alert], kin: Kinship) -> str:
    """Which alerting services look like victims of the origin, and which have nothing to do with it."""
    said = ""
    victim = (Relation.CALLER, f"calls {kin.origin} and looks like a victim")
    for relation, words in (victim, (Relation.APART, "looks unrelated")):
        names = sorted({a.service for a in firing if a.service and kin.of(a.service) is relation})
        if len(names) > 2:
            said += f"; {names[0]} and {len(names) - 1} more: each {words}"
        elif names:
            plural = words.replace("calls", "call").replace("looks", "look").replace("a victim", "victims")
            said += f"; {' and '.join(names)} {words if len(names) == 1 else plural}"
    return said
