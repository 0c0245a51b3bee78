"""The first look in one line, and how much it can say. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
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


class Hearing(StrEnum):
    """What silence about alerts rests on: whether anybody could have told."""

    HEARD = "active alerts were read"
    RECORD = "only a record of alerts was read, and holds none"
    UNREAD = "a source of alerts could not be read"
    NONE = "no source of alerts is connected"


SILENT = {
    Hearing.HEARD: "No alert fires, but",
    Hearing.RECORD: "No alert is on record, but",
    Hearing.UNREAD: "Alerts could not be read, but",
    Hearing.NONE: "No source of alerts is connected, but",
}
"""How a line begins that tells of something although no alert does."""
NO_HEALTH = "this says nothing about health"


def headline(found: Triage, sources: Sources, kin: Kinship, now: datetime, config: FirstLookConfig) -> str:
    """What is known in one line; silence is called good news only where all was seen."""
    firing = [a for a in sources.alerts() if a.state is AlertState.FIRING]
    loud = f"{len(firing)} {'alert fires' if len(firing) == 1 else 'alerts fire'}"
    if kin.origin and firing and not found.plainly(kin.origin):
        return f"{_who_fires(firing)}, no signal clearly shows where it began; best lead: {kin.origin}"
    if kin.origin:
        since = f", since about {clock(found.onset, now, exact=False)}" if found.onset else ""
        silent = SILENT[hearing(sources)]
        if only_gone(found, sources, kin):
            return f"{silent} {kin.origin} reports nothing any more{since}: down, or taken away on purpose?"
        opening = loud if firing else f"{silent} signals moved"
        return f"{opening}: the trouble seems to be in {kin.origin}{since}{_bystanders(firing, kin)}"
    if firing:
        names = shorten(", ".join(dict.fromkeys(a.name for a in firing)), 120)
        return f"{loud} ({names}), but no signal shows where it began"
    return _quiet(found, sources, config)


def _quiet(found: Triage, sources: Sources, config: FirstLookConfig) -> str:
    """The line where no alert fires and no service is suspected."""
    heard = hearing(sources)
    if not sources.cites(Role.SIGNALS):
        if heard in (Hearing.UNREAD, Hearing.NONE):
            return f"Neither alerts nor signals could be seen: {NO_HEALTH}"
        return f"{SILENT[heard]} no signals could be seen either: {NO_HEALTH}"
    if not found.judged:
        return f"{SILENT[heard]} there is too little recent data to compare signals with: {NO_HEALTH}"
    calm = f"o signal left its usual range in the last {config.hours:g} h"
    words = {
        Hearing.UNREAD: f"N{calm}, but alerts could not be read",
        Hearing.NONE: f"N{calm}, but no source of alerts is connected",
        Hearing.RECORD: f"Nothing stands out: no alert is on record and n{calm}",
        Hearing.HEARD: f"Nothing stands out: no alert fires and n{calm}",
    }
    return words[heard]


def hearing(sources: Sources) -> Hearing:
    """Whether anybody could have told of an alert."""
    answered = {r for r, read in sources.reads if read.evidence.outcome in (Outcome.OK, Outcome.NO_DATA)}
    failed = {r for r, read in sources.reads if read.evidence.outcome in SAYS_NOTHING}
    if Role.ALERTS in failed:
        return Hearing.UNREAD
    if Role.ALERTS in answered or sources.cites(Role.ALERT_HISTORY):
        return Hearing.HEARD
    if Role.ALERT_HISTORY in failed:
        return Hearing.UNREAD
    return Hearing.RECORD if Role.ALERT_HISTORY in answered else Hearing.NONE


def only_gone(found: Triage, sources: Sources, kin: Kinship) -> bool:
    """Whether all that speaks of trouble is that the origin fell silent: nobody fails, no alert that concerns it fires.

    A service that was scaled down or retired looks exactly so.
    """
    if any(a.state is AlertState.FIRING and kin.concerns(a) for a in sources.alerts()):
        return False
    plain = [m for m in found.moved if m.plain]
    return any(m.gone and m.about == kin.origin for m in plain) and all(m.gone for m in plain)


def finding(found: Triage, sources: Sources, kin: Kinship) -> Finding:
    """How much the look can say."""
    if kin.origin:
        plain = found.plainly(kin.origin) and not only_gone(found, sources, kin)
        return Finding.PLAIN if plain else Finding.WEAK
    if any(a.state is not AlertState.RESOLVED for a in sources.alerts()):
        return Finding.WEAK
    unread = any(read.evidence.outcome in SAYS_NOTHING for _, read in sources.reads)
    deaf = hearing(sources) is Hearing.NONE
    return Finding.BLIND if unread or deaf or not found.judged or not sources.cites(Role.SIGNALS) else Finding.CALM


def _who_fires(firing: Sequence[Alert]) -> str:
    """The alerts by name with the services they are on, the first one when there are several."""
    first = firing[0]
    more = f" and {len(firing) - 1} more fire" if len(firing) > 1 else " fires"
    return f"{shorten(first.name, 80)}{more}{f' on {first.service}' if first.service else ''}"


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
