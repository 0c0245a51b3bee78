"""Drafts for a human to edit, written from the record alone: a status update and a timeline. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import JsonValue

from sre_advisor.advisors.draft_request import Kind
from sre_advisor.advisors.words import clock, shorten
from sre_advisor.investigate.vicinity import PLAIN
from sre_advisor.journal.events import (
    CommandRun,
    DiagnosisMade,
    Event,
    FirstLookMade,
    OutcomeTold,
    QuestionAsked,
    ToolCalled,
)
from sre_advisor.model import Confidence, Diagnosis, Evidence, FirstLook, Verdict

NOTE = "Draft from the record, for you to edit: nothing was sent to anybody."
TO_FILL = "[fill in]"


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """One thing that happened, and the evidence or the person it is known from."""

    at: datetime
    what: str
    known: str = ""


def drafted(kind: Kind, events: Sequence[Event], now: datetime) -> str:
    """The draft's text."""
    return timeline(events, now) if kind is Kind.TIMELINE else status_update(events, now)


def status_update(events: Sequence[Event], now: datetime) -> str:
    """A short update for people outside the incident; what the record does not know is left to fill in."""
    look, diagnosis, told = _look(events), _diagnosis(events), _outcome(events)
    since = look.since if look else None
    lines = [
        f"Status update, {_time(now)}",
        "",
        f"What is affected: {_affected(look)}",
        f"Since: {_time(since) if since else TO_FILL}",
        f"Cause: {_cause(diagnosis, told)}",
        f"What was done: {told.remedy if told and told.remedy else TO_FILL}",
        f"Next update: {TO_FILL}",
    ]
    return "\n".join([*lines, "", NOTE])


def timeline(events: Sequence[Event], now: datetime) -> str:
    """What happened in order of time (UTC), each with the evidence it is known from."""
    moments = sorted(set(_moments(events)))
    if not moments:
        return f"The record holds nothing with a time.\n\n{NOTE}"
    day, lines = None, list[str]()
    for moment in moments:
        if moment.at.date() != day:
            day = moment.at.date()
            lines.append(f"{day:%Y-%m-%d} (UTC)")
        known = f" [{moment.known}]" if moment.known else ""
        lines.append(f"{moment.at:%H:%M:%S}  {moment.what}{known}")
    told = _outcome(events)
    lines += ["", f"Cause: {_cause(_diagnosis(events), told)}"]
    lines += [f"Fixed by: {told.remedy if told and told.remedy else TO_FILL}", f"Follow-up actions: {TO_FILL}"]
    return "\n".join([f"Timeline, drafted {_time(now)}", "", *lines, "", NOTE])


def _moments(events: Sequence[Event]) -> Iterator[Moment]:
    for event in events:
        match event:
            case QuestionAsked(asked=asked):
                yield Moment(asked.asked_at.astimezone(UTC), f"asked: “{shorten(asked.text, 120)}”")
            case FirstLookMade(first_look=look):
                yield from _of_look(look)
            case ToolCalled(evidence=evidence):
                yield from _alerts(evidence)
            case CommandRun(command=command, user=user, at=at):
                yield Moment(at.astimezone(UTC), f"run: {shorten(command, 160)}", f"said by {user}")
            case OutcomeTold(cause=cause, user=user, at=at):
                yield Moment(at.astimezone(UTC), f"cause found: {shorten(cause, 200)}", f"said by {user}")
            case _:
                pass


def _of_look(look: FirstLook) -> Iterator[Moment]:
    known = look.evidence or ""
    if look.since:
        yield Moment(look.since.astimezone(UTC), "onset: the first signals left their usual range", known)
    for change in look.changes:
        if change.at is not None:
            yield Moment(change.at.astimezone(UTC), shorten(change.title or f"{change.kind} {change.id}", 160), known)
    first = max((s.score for s in look.services), default=0.0)
    for service in look.services:
        if service.onset is not None and service.score >= PLAIN * first:
            why = service.reasons[0] if service.reasons else "signals moved"
            yield Moment(service.onset.astimezone(UTC), f"{service.name}: {shorten(why, 140)}", known)


def _alerts(evidence: Evidence) -> Iterator[Moment]:
    """Alerts in a body, under whichever of the names the connectors give them."""
    body = evidence.body
    listed = (body.get("groups") or body.get("alerts")) if isinstance(body, dict) else None
    for item in listed if isinstance(listed, list) else ():
        if not isinstance(item, dict):
            continue
        name, at = item.get("alert") or item.get("name"), item.get("since") or item.get("started_at")
        began = _parsed(at)
        if isinstance(name, str) and began is not None:
            service = item.get("service")
            on = f" on {service}" if isinstance(service, str) else ""
            yield Moment(began, f"alert {name}{on} began to fire", evidence.id)


def _parsed(value: JsonValue) -> datetime | None:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None


def _affected(look: FirstLook | None) -> str:
    firing = [line.text for line in look.firing[:2]] if look else []
    return "; ".join(shorten(t, 160) for t in firing) or TO_FILL


def _cause(diagnosis: Diagnosis | None, told: OutcomeTold | None) -> str:
    if told is not None:
        return told.cause
    if diagnosis is None or diagnosis.verdict is not Verdict.LIKELY_CAUSE or not diagnosis.hypotheses:
        return "under investigation"
    lead = diagnosis.hypotheses[0]
    cites = ", ".join(dict.fromkeys(i for c in lead.claims_for for i in c.cites))
    sure = "not confirmed" if lead.confidence is not Confidence.HIGH else "well supported, not confirmed"
    return f"suspected, {sure}: {shorten(lead.statement, 200)}" + (f" [{cites}]" if cites else "")


def _look(events: Sequence[Event]) -> FirstLook | None:
    return next((e.first_look for e in reversed(events) if isinstance(e, FirstLookMade)), None)


def _diagnosis(events: Sequence[Event]) -> Diagnosis | None:
    """The newest diagnosis that names a cause; a later follow-up's own answer may not."""
    made = [e.diagnosis for e in reversed(events) if isinstance(e, DiagnosisMade)]
    return next((d for d in made if d.hypotheses), made[0] if made else None)


def _outcome(events: Sequence[Event]) -> OutcomeTold | None:
    return next((e for e in reversed(events) if isinstance(e, OutcomeTold)), None)


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d} {clock(at, exact=False)}"
