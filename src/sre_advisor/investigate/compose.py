"""The first look in a dozen lines, each citing the evidence it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sre_advisor.broker.broker import Read
from sre_advisor.connectors.contract import Role
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.figures import change_title, movement_words
from sre_advisor.investigate.words import clock, shorten, stretch
from sre_advisor.model import (
    Alert,
    AlertState,
    Catalogue,
    Change,
    FirstLook,
    Line,
    Outcome,
    RankedChange,
)
from sre_advisor.triage import Movement, Triage

FIRING, MOVED, CHANGED = 4, 3, 3
"""Lines of each kind: what a phone shows without scrolling."""

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


def compose(
    found: Triage, sources: Sources, catalogue: Catalogue, now: datetime, config: FirstLookConfig, evidence: str
) -> FirstLook:
    """The first look's lines from what triage found; pure."""
    changes = {c.id: c for c in sources.changes()}
    return FirstLook(
        headline=_headline(found, sources, now, config),
        since=found.onset,
        firing=_firing(sources, now),
        moved=tuple(
            Line(text=movement_words(m, now), cites=(evidence, *sources.cites(Role.SIGNALS)))
            for m in _first_by_suspect(found)
        ),
        changed=_changed(found, sources, changes, now, evidence),
        runbook=_runbook(sources),
        owners=_owners(found, catalogue),
        unread=_unread(found, sources, evidence),
        services=found.services[:10],
        changes=tuple(_titled(c, changes, now) for c in found.changes[:8]),
        change=found.change,
        change_reason=found.change_reason,
        evidence=evidence,
    )


def _headline(found: Triage, sources: Sources, now: datetime, config: FirstLookConfig) -> str:
    firing = [a for a in sources.alerts() if a.state is AlertState.FIRING]
    loud = f"{len(firing)} {'alert fires' if len(firing) == 1 else 'alerts fire'}"
    if found.services:
        first = found.services[0]
        since = f", since about {clock(found.onset, now)}" if found.onset else ""
        victims = [a.service for a in firing if a.service and a.service != first.name]
        seen = f"; {victims[0]} alerts but looks like a victim" if victims else ""
        opening = loud if firing else "No alert fires, but signals moved"
        return f"{opening}: the trouble seems to be in {first.name}{since}{seen}"
    if firing:
        names = shorten(", ".join(dict.fromkeys(a.name for a in firing)), 120)
        return f"{loud} ({names}), but no signal shows where it began"
    if not sources.cites(Role.SIGNALS):
        return "No alert fires, but no signals could be seen either: this says nothing about health"
    return f"Nothing stands out: no alert fires and no signal left its usual range in the last {config.hours:g} h"


def _firing(sources: Sources, now: datetime) -> tuple[Line, ...]:
    shown = sorted(
        (a for a in sources.alerts() if a.state is not AlertState.RESOLVED),
        key=lambda a: (a.state is not AlertState.FIRING, _severity_rank(a.severity), a.started_at),
    )
    cites = sources.cites(Role.ALERTS, Role.ALERT_HISTORY)
    lines = [Line(text=_alert_words(a, now), cites=cites) for a in shown[:FIRING]]
    if len(shown) > FIRING:
        lines.append(Line(text=f"and {len(shown) - FIRING} more", cites=cites))
    return tuple(lines)


def _severity_rank(severity: str | None) -> int:
    order = ("critical", "page", "error", "high", "major", "warning", "medium", "minor", "low", "info", "none")
    return order.index(severity.casefold()) if severity and severity.casefold() in order else len(order) // 2


def _alert_words(alert: Alert, now: datetime) -> str:
    on = f" on {alert.service}" if alert.service else ""
    severity = f" ({alert.severity})" if alert.severity else ""
    state = "" if alert.state is AlertState.FIRING else f" [{alert.state.value}]"
    said = alert.annotations.get("summary") or alert.annotations.get("description") or ""
    tail = f": {shorten(said, 140)}" if said else ""
    return f"{alert.name}{severity}{on}{state} since {clock(alert.started_at, now)}{tail}"


def _first_by_suspect(found: Triage) -> list[Movement]:
    """The strongest movement of each of the leading suspects, then what else moved most."""
    order = {s.name: n for n, s in enumerate(found.services[:MOVED])}
    leading: dict[str, Movement] = {}
    for moved in found.moved:
        if moved.service in order:
            leading.setdefault(moved.service, moved)
    first = [leading[name] for name in order if name in leading]
    rest = [m for m in found.moved if m not in first]
    return [*first, *rest][:MOVED]


def _changed(
    found: Triage, sources: Sources, changes: dict[str, Change], now: datetime, evidence: str
) -> tuple[Line, ...]:
    cites = (evidence, *sources.cites(Role.CHANGES))
    if found.change == "none":
        return (Line(text=f"No known change explains this: {found.change_reason or 'none fits'}", cites=cites),)
    shown = [c for c in found.changes if c.id in changes][:CHANGED]
    return tuple(Line(text=_change_words(c, changes[c.id], found.onset, now), cites=cites) for c in shown)


def _change_words(ranked: RankedChange, change: Change, onset: datetime | None, now: datetime) -> str:
    lag = ""
    if onset is not None:
        lag = f", {stretch(onset - change.at)} {'before' if change.at <= onset else 'after'} the onset"
    why = f": {'; '.join(ranked.reasons[:2])}" if ranked.reasons else ""
    return f"{change_title(change, now)}{lag}{why}"


def _titled(ranked: RankedChange, changes: dict[str, Change], now: datetime) -> RankedChange:
    change = changes.get(ranked.id)
    if change is None:
        return ranked
    known = {"title": change_title(change, now), "kind": change.kind, "service": change.service, "at": change.at}
    return ranked.model_copy(update=known)


def _runbook(sources: Sources) -> tuple[Line, ...]:
    lines: dict[str, Line] = {}
    for role, read in sources.reads:
        if role is Role.RUNBOOK and read.evidence.outcome is Outcome.OK:
            lines.setdefault(read.evidence.summary, Line(text=read.evidence.summary, cites=(read.evidence.id,)))
    return tuple(lines.values())


def _owners(found: Triage, catalogue: Catalogue) -> tuple[Line, ...]:
    suspects = [catalogue.find(s.name) for s in found.services[:2]]
    return tuple(Line(text=f"{s.name} belongs to {', '.join(s.owners)}") for s in suspects if s and s.owners)


def _unread(found: Triage, sources: Sources, evidence: str) -> tuple[Line, ...]:
    failed = [
        Line(
            text=f"{read.evidence.source} could not be read ({read.evidence.tool}): {read.evidence.summary}",
            cites=(read.evidence.id,),
        )
        for _, read in sources.reads
        if read.evidence.outcome in SAYS_NOTHING
    ]
    empty: Sequence[Line] = [
        Line(text=f"{read.evidence.source} holds nothing for this: {read.evidence.summary}", cites=(read.evidence.id,))
        for role, read in sources.reads
        if read.evidence.outcome is Outcome.NO_DATA and role is Role.SIGNALS
    ]
    return (*failed, *empty, *(Line(text=u, cites=(evidence,)) for u in found.unseen[:4]))
