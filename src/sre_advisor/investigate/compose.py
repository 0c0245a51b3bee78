"""The first look in a dozen lines, each citing the evidence it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sre_advisor.advisors.words import clock, mentions, shorten
from sre_advisor.broker.broker import Read
from sre_advisor.connectors.contract import Role
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.figures import change_title, live_at, movement_words, near_onset
from sre_advisor.investigate.kinship import Kinship, Relation, kinship, place_of
from sre_advisor.model import (
    Alert,
    AlertState,
    Catalogue,
    Change,
    Evidence,
    Finding,
    FirstLook,
    Line,
    Outcome,
    RankedChange,
)
from sre_advisor.triage import Movement, Triage
from sre_advisor.triage.logs import is_trouble

FIRING, MOVED, CHANGED = 4, 3, 2
"""Lines of each kind: what a phone shows without scrolling."""
NEW_LINE = 56
"""Characters of a new log line: its gist; the rest is in the evidence."""
RANKED = 100
"""Services that are kept in order; beyond them an order says nothing and the record grows."""
WEIGHED = 8
"""Changes that are kept with what speaks for and against them."""

SKEW = "clock skew"
"""The words by which a source tells that it left out what lies after the question's time."""
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
    kin = kinship(found, changes, catalogue)
    weighed = tuple(_titled(c, found, changes, kin, now) for c in found.changes[:WEIGHED])
    return FirstLook(
        headline=_headline(found, sources, kin, now, config),
        finding=_finding(found, sources, kin),
        since=found.onset,
        firing=_firing(sources, kin, now),
        moved=_moved(found, sources, kin, evidence, now),
        changed=_changed(found, weighed, sources, evidence),
        runbook=_runbook(sources, kin),
        owners=_owners(kin, catalogue),
        unread=_unread(found, sources, evidence),
        services=found.services[:RANKED],
        changes=weighed,
        change=found.change,
        change_reason=found.change_reason,
        evidence=evidence,
    )


def _headline(found: Triage, sources: Sources, kin: Kinship, now: datetime, config: FirstLookConfig) -> str:
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
    if not sources.cites(Role.SIGNALS):
        if _unheard(sources):
            return "Neither alerts nor signals could be seen: this says nothing about health"
        return "No alert fires, but no signals could be seen either: this says nothing about health"
    if not found.judged:
        opening = "Alerts could not be read, and there" if _unheard(sources) else "No alert fires, but there"
        return f"{opening} is too little recent data to compare signals with: this says nothing about health"
    if _unheard(sources):
        return f"No signal left its usual range in the last {config.hours:g} h, but alerts could not be read"
    return f"Nothing stands out: no alert fires and no signal left its usual range in the last {config.hours:g} h"


def _finding(found: Triage, sources: Sources, kin: Kinship) -> Finding:
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


def _firing(sources: Sources, kin: Kinship, now: datetime) -> tuple[Line, ...]:
    shown = sorted(
        (a for a in sources.alerts() if a.state is not AlertState.RESOLVED),
        key=lambda a: (
            a.state is not AlertState.FIRING, not kin.concerns(a), _severity_rank(a.severity), a.started_at
        ),
    )  # fmt: skip
    cites = sources.cites(Role.ALERTS, Role.ALERT_HISTORY)
    lines = [Line(text=_alert_words(a, kin, now), cites=cites) for a in shown[:FIRING]]
    if len(shown) > FIRING:
        lines.append(Line(text=f"and {len(shown) - FIRING} more", cites=cites))
    return tuple(lines)


def _severity_rank(severity: str | None) -> int:
    order = ("critical", "page", "error", "high", "major", "warning", "medium", "minor", "low", "info", "none")
    return order.index(severity.casefold()) if severity and severity.casefold() in order else len(order) // 2


def _alert_words(alert: Alert, kin: Kinship, now: datetime) -> str:
    said = shorten(alert.annotations.get("summary") or alert.annotations.get("description") or "", 120)
    on = f" on {alert.service}" if alert.service and not mentions(said, alert.service) else ""
    severity = f" ({alert.severity})" if alert.severity else ""
    state = "" if alert.state is AlertState.FIRING else f" [{alert.state.value}]"
    apart = "" if kin.concerns(alert) else " (looks unrelated)"
    tail = f": {said}" if said else ""
    return f"{alert.name}{severity}{on}{state} since {clock(alert.started_at, now, exact=False)}{tail}{apart}"


def _first_by_suspect(found: Triage, kin: Kinship) -> list[Movement]:
    """The strongest movement of each of the leading suspects, then what else moved most."""
    order = sorted((s.name for s in found.services[:MOVED]), key=lambda name: name != kin.origin)
    near = [m for m in found.moved if near_onset(m, found.onset)] or list(found.moved)
    leading: dict[str, Movement] = {}
    for moved in near:
        if moved.service in order:
            leading.setdefault(moved.service, moved)
    first = [leading[name] for name in order if name in leading]
    return [*first, *(m for m in near if m not in first)][:MOVED]


def _moved(found: Triage, sources: Sources, kin: Kinship, evidence: str, now: datetime) -> tuple[Line, ...]:
    """What moved most, and in place of the last of it the log line that is new."""
    cites = (evidence, *sources.cites(Role.SIGNALS))
    signals = [Line(text=movement_words(m, now), cites=cites) for m in _first_by_suspect(found, kin)]
    logged = _new_log_line(found, sources, evidence)
    return (*signals[: MOVED - len(logged)], *logged)


def _new_log_line(found: Triage, sources: Sources, evidence: str) -> tuple[Line, ...]:
    """The loudest line that nobody wrote before the trouble began; triage puts new troubled ones first."""
    new = next((t for t in found.log_templates if t.is_new and is_trouble(t.level)), None) if found.services else None
    if new is None:
        return ()
    who = f"{new.service} logs" if new.service else "logged"
    count = "once" if new.since == 1 else f"{new.since} times"
    text = f"new: {who} “{shorten(new.example, NEW_LINE)}”, {count}"
    return (Line(text=text, cites=(evidence, *sources.cites(Role.LOGS))),)


def _changed(found: Triage, weighed: Sequence[RankedChange], sources: Sources, evidence: str) -> tuple[Line, ...]:
    """The change that answers first; when none does, that is the line."""
    cites = (evidence, *sources.cites(Role.CHANGES))
    if found.change == "none":
        return (Line(text=f"No known change explains this: {found.change_reason or 'none fits'}", cites=cites),)
    shown = sorted((c for c in weighed if c.title), key=lambda c: c.id != found.change)[:CHANGED]
    return tuple(Line(text=_change_words(c, culprit=c.id == found.change), cites=cites) for c in shown)


def _change_words(ranked: RankedChange, *, culprit: bool) -> str:
    """A change with what speaks for it if it is the one that answers, else with what speaks against it."""
    reasons = [r for r in ranked.reasons if not r.startswith("in ")][:2]
    why = reasons if culprit or not ranked.doubts else list(ranked.doubts[:1])
    return f"{ranked.title}: {'; '.join(why)}" if why else ranked.title


def _titled(
    ranked: RankedChange, found: Triage, changes: dict[str, Change], kin: Kinship, now: datetime
) -> RankedChange:
    change = changes.get(ranked.id)
    if change is None:
        return ranked
    live = live_at(change, tuple(changes.values()))
    place = place_of(change, changes.values())
    culprit = changes.get(found.change or "")
    began_there = culprit is None or place_of(culprit, changes.values()) == kin.origin
    elsewhere = began_there and place and kin.origin and place != kin.origin
    doubts = (f"made to {place}, but it began in {kin.origin}",) if elsewhere else ()
    known = {
        "title": change_title(change, now, live),
        "kind": change.kind,
        "service": place,
        "at": live or change.at,
        "doubts": ranked.doubts or doubts,
    }
    return ranked.model_copy(update=known)


def _runbook(sources: Sources, kin: Kinship) -> tuple[Line, ...]:
    """Each runbook once, the origin's first; those of unrelated alerts only when there is no other."""
    places = {a.name: kin.of(a.service) for a in reversed(sources.alerts())}
    order = (Relation.ORIGIN, Relation.CALLER, Relation.CALLEE, Relation.UNKNOWN, Relation.APART)
    found: list[tuple[int, Line]] = []
    for role, read in sources.reads:
        if role is Role.RUNBOOK and read.evidence.outcome is Outcome.OK:
            alert = str(read.evidence.request.get("alert") or "")
            rank = order.index(places.get(alert, Relation.UNKNOWN))
            found.append((rank, Line(text=_runbook_words(read.evidence, alert), cites=(read.evidence.id,))))
    found.sort(key=lambda f: f[0])
    near = [f for f in found if f[0] < order.index(Relation.APART)] or found
    return tuple({line.text: line for _, line in near}.values())


def _runbook_words(evidence: Evidence, alert: str) -> str:
    match evidence.body:
        case {"path": str() as path, "matched_by": str()} if alert:
            return f"{path} (for {alert})"
        case _:
            return evidence.summary


def _owners(kin: Kinship, catalogue: Catalogue) -> tuple[Line, ...]:
    service = catalogue.find(kin.origin) if kin.origin else None
    return (Line(text=f"{service.name}: {', '.join(service.owners)}"),) if service and service.owners else ()


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
    skewed = [
        Line(text=said, cites=(read.evidence.id,))
        for role, read in sources.reads
        if role is Role.CHANGES
        for said in f"{read.evidence.summary}; {read.evidence.truncated or ''}".split("; ")
        if SKEW in said
    ]
    return (*failed, *skewed, *empty, *(Line(text=u, cites=(evidence,)) for u in found.unseen[:4]))
