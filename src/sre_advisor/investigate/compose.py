"""The first look in a dozen lines, each citing the evidence it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sre_advisor.advisors.words import clock, mentions, shorten
from sre_advisor.connectors.contract import Role
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.figures import change_title, live_at, movement_words, near_onset
from sre_advisor.investigate.headline import SAYS_NOTHING, Sources, finding, headline
from sre_advisor.investigate.kinship import Kinship, Relation, kinship, place_of
from sre_advisor.model import (
    Alert,
    AlertState,
    Catalogue,
    Change,
    Evidence,
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
PARTLY = "not read: "
"""The words by which a source that gave something tells what it could not give."""
PARTLY_SAID = 300
"""Characters of that."""


def compose(
    found: Triage, sources: Sources, catalogue: Catalogue, now: datetime, config: FirstLookConfig, evidence: str
) -> FirstLook:
    """The first look's lines from what triage found; pure."""
    changes = {c.id: c for c in sources.changes()}
    kin = kinship(found, changes, catalogue)
    weighed = tuple(_titled(c, found, changes, kin, now) for c in found.changes[:WEIGHED])
    return FirstLook(
        headline=headline(found, sources, kin, now, config),
        finding=finding(found, sources, kin),
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


UNRELATED = " (looks unrelated)"
"""Stands at the end of the line of an alert that no call connects with the trouble."""


def _alert_words(alert: Alert, kin: Kinship, now: datetime) -> str:
    said = shorten(alert.annotations.get("summary") or alert.annotations.get("description") or "", 120)
    on = f" on {alert.service}" if alert.service and not mentions(said, alert.service) else ""
    severity = f" ({alert.severity})" if alert.severity else ""
    state = "" if alert.state is AlertState.FIRING else f" [{alert.state.value}]"
    apart = "" if kin.concerns(alert) else UNRELATED
    tail = f": {said}" if said else ""
    return f"{alert.name}{severity}{on}{state} since {clock(alert.started_at, now, exact=False)}{tail}{apart}"


def _first_by_suspect(found: Triage, kin: Kinship) -> list[Movement]:
    """The strongest movement of each of the leading suspects, then what else moved most."""
    order = sorted((s.name for s in found.services[:MOVED]), key=lambda name: name != kin.origin)
    near = [m for m in found.moved if near_onset(m, found.onset)] or list(found.moved)
    leading: dict[str, Movement] = {}
    for moved in near:
        if moved.about in order:
            leading.setdefault(moved.about, moved)
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
    partly = [
        Line(text=f"{read.evidence.source} was read in part ({read.evidence.tool}): {said}", cites=(read.evidence.id,))
        for _, read in sources.reads
        if read.evidence.outcome in (Outcome.OK, Outcome.NO_DATA) and (said := _left_unread(read.evidence))
    ]
    skewed = [
        Line(text=said, cites=(read.evidence.id,))
        for role, read in sources.reads
        if role is Role.CHANGES
        for said in f"{read.evidence.summary}; {read.evidence.truncated or ''}".split("; ")
        if SKEW in said
    ]
    return (
        *failed,
        *dict.fromkeys(partly),
        *skewed,
        *empty,
        *(Line(text=u, cites=(evidence,)) for u in found.unseen[:4]),
    )


def _left_unread(evidence: Evidence) -> str:
    """What a source that gave something says it could not read; "" when nothing."""
    told = f"{evidence.summary}; {evidence.truncated or ''}"
    at = told.casefold().find(PARTLY)
    return shorten(told[at + len(PARTLY) :].strip("; "), PARTLY_SAID) if at >= 0 else ""
