"""The recorded answers, with the nouns they were made of."""

from __future__ import annotations

from datetime import datetime

from sre_advisor.app.assembly import Assembly
from sre_advisor.app.recording.asked import Asked
from sre_advisor.broker.broker import Read, ReadingDesk
from sre_advisor.connectors.contract import Role
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.model import Alert, AlertState, Evidence, Outcome
from sre_advisor.replay.capture import Span, answer_part
from sre_advisor.replay.nouns import alert_part
from sre_advisor.replay.parts import AlertPart, AnswerPart


async def answers_of(parts: Assembly, desk: ReadingDesk, asked: Asked) -> list[AnswerPart]:
    """What was answered, with the nouns: those of the journal are read again, as it holds none."""
    if not asked.evidence:
        catalogue = parts.investigator.catalogue
        await take_first_look(desk, asked.now, catalogue, parts.settings.first_look, asked.services)
        told = [e for e in desk.evidence if e.source != "triage"]
        return [answer_part(e, await desk.read(e.tool, e.request)) for e in told]
    roles = {offer.tool.name: offer.tool.role for offer in desk.offers}
    answers: list[AnswerPart] = []
    for evidence in asked.evidence:
        if evidence.source == "triage" or evidence.tool not in roles:
            continue
        again: Read | None = None
        if roles[evidence.tool] is not None and evidence.outcome is Outcome.OK:
            again = await desk.read(evidence.tool, evidence.request)
        part = answer_part(evidence, again)
        if roles[evidence.tool] is Role.ALERTS:
            part = part.model_copy(update={"nouns": _alerts_then(evidence, again, asked.now)})
        answers.append(part)
    return answers


def _alerts_then(evidence: Evidence, again: Read | None, now: datetime) -> tuple[AlertPart, ...]:
    """The alerts of the answer; with all labels where they are active still, else as far as the answer tells."""
    active = [n for n in again.nouns if isinstance(n, Alert) and n.started_at <= now] if again else []
    told: list[Alert] = []
    groups = evidence.body.get("groups") if isinstance(evidence.body, dict) else None
    for group in groups if isinstance(groups, list) else []:
        if not isinstance(group, dict) or not isinstance(group.get("since"), str):
            continue
        service, severity, notes = group.get("service"), group.get("severity"), group.get("annotations")
        same = [a for a in active if a.name == group.get("alert") and a.service == service]
        if same:
            told += same
            continue
        told.append(
            Alert(
                name=str(group.get("alert")),
                started_at=datetime.fromisoformat(str(group["since"])),
                service=str(service) if service else None,
                severity=str(severity) if severity else None,
                state=AlertState(str(group.get("state", "firing"))),
                annotations={k: str(v) for k, v in notes.items()} if isinstance(notes, dict) else {},
            )
        )
    return tuple(alert_part(a) for a in told)


async def earlier_signals(desk: ReadingDesk, span: Span, asked: Asked) -> list[AnswerPart]:
    """Golden signals of the time before the first look's, for where no Prometheus is installed to work them out."""
    if not any(offer.tool.role is Role.SIGNALS for offer in desk.offers):
        return []
    made: list[AnswerPart] = []
    for offer in desk.with_role(Role.SIGNALS):
        read = await desk.read(
            offer.tool.name, {"start": span.start.isoformat(), "end": max(asked.start, span.start).isoformat()}
        )
        if read.evidence.outcome is Outcome.OK:
            made.append(answer_part(read.evidence, read, asked=False))
    return made
