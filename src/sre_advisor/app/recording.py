"""Making recordings: of a stretch of time, of an investigation on record, of one that was just closed."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from uuid import uuid4

import structlog

from sre_advisor.advisors.naming import named_services
from sre_advisor.advisors.prompts import load_prompts
from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.spans import moment
from sre_advisor.broker.broker import Read, ReadingDesk
from sre_advisor.connectors.contract import Role
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.rules import AlertRule
from sre_advisor.credentials import Credentials
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.investigate.intake import admit
from sre_advisor.journal.events import (
    DiagnosisMade,
    Event,
    ModelTurned,
    OutcomeTold,
    QuestionAsked,
    QuestionStarted,
    ToolCalled,
    Voted,
)
from sre_advisor.logs import quieter
from sre_advisor.model import Alert, AlertState, Evidence, Outcome, Question
from sre_advisor.replay.capture import AFTER, BEFORE, Around, Span, answer_part, capture
from sre_advisor.replay.nouns import alert_part
from sre_advisor.replay.parts import (
    AlertPart,
    AnswerPart,
    DocsPart,
    MadePart,
    Manifest,
    OutcomePart,
    RepositoryPart,
    RulePart,
    SaidPart,
)
from sre_advisor.replay.recorder import Recorder
from sre_advisor.replay.writer import CannotWrite, Captured, write_recording
from sre_advisor.settings import Settings, SettingsError, load_settings

log = structlog.get_logger(__name__)

FARTHEST = timedelta(days=1)
"""How far before the question a window that was looked at still widens what is recorded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded: the question at its moment, what was read for it, and what came of it."""

    question: Question
    now: datetime
    start: datetime
    services: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    """What was read for this very question: later ones in its thread may have read what it was."""
    looked_at: tuple[Evidence, ...] = ()
    """What the whole investigation read."""
    events: tuple[Event, ...] = ()


async def record_span(config: Path | None, start: str, end: str, service: str, question: str | None, out: Path) -> int:
    """Record what was there from `start` to `end`, as if the question had been asked at the end; 0."""
    began, ended = (datetime.fromisoformat(moment(text)).replace(microsecond=0) for text in (start, end))
    if began >= ended:
        raise SettingsError("--from must lie before --to")
    settings = _quiet(config)
    async with assembled(settings, Credentials(), None) as parts:
        now = min(ended, datetime.now(UTC).replace(microsecond=0))
        known = parts.investigator.catalogue.find(service)
        text = admit(question or f"what is wrong with {service}?")
        name = known.name if known else service
        asked = Question(id=_name(), investigation=_name(), text=text, asked_at=now)
        looked = now - timedelta(hours=settings.first_look.hours)
        made = await _recorded(parts, Asked(asked, now, min(began, looked), (name,)), out)
    return _told(made)


async def record_investigation(config: Path | None, investigation: str, out: Path) -> int:
    """Record an investigation that is in the journal, its world read anew from the live systems; 0."""
    settings = _quiet(config)
    async with assembled(settings, Credentials(), None) as parts:
        made = await _recorded(parts, await _of_journal(parts, investigation), out)
    return _told(made)


class ClosedIncidents:
    """Records each investigation that people close, in the background: whoever told the cause does not wait."""

    def __init__(self, parts: Assembly) -> None:
        self._parts = parts
        self._running: set[asyncio.Task[None]] = set()

    async def hear(self, investigation: str) -> None:
        """Begin to record it, where the settings want that."""
        folder = self._parts.settings.recordings.folder
        if folder is not None:
            task = asyncio.create_task(self._record(investigation, folder))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def idle(self) -> None:
        """Wait until all that began is done."""
        await asyncio.gather(*self._running)

    async def _record(self, investigation: str, folder: Path) -> None:
        out = folder / f"{_file_name(investigation)}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.tar.gz"
        try:
            await record_closed(self._parts, investigation, out)
        except Exception:  # a recording that fails must not take the conversation down
            log.exception("recording_failed", action="record", investigation=investigation)


def recording_of_closed(parts: Assembly) -> ClosedIncidents:
    """What to tell of each closed investigation."""
    return ClosedIncidents(parts)


async def record_closed(parts: Assembly, investigation: str, out: Path) -> Path:
    """Record an investigation that was just closed."""
    return await _recorded(parts, await _of_journal(parts, investigation), out)


async def _of_journal(parts: Assembly, investigation: str) -> Asked:
    events = await parts.journal.of_investigation(investigation)
    asked = next((e.asked for e in events if isinstance(e, QuestionAsked)), None)
    if asked is None:
        raise SettingsError(
            f"no question of an investigation called {investigation[:80]} is on record; `audit list` names them"
        )
    evidence = tuple(e.evidence for e in events if isinstance(e, ToolCalled))
    first = tuple(e.evidence for e in events if isinstance(e, ToolCalled) and e.question in (asked.id, None))
    now = _moment_of(first, asked.asked_at)
    windows = [e.window_start for e in evidence if e.window_start and e.window_start > now - FARTHEST]
    start = min(windows, default=now - timedelta(hours=parts.settings.first_look.hours))
    named = named_services(asked.text, parts.investigator.catalogue)
    return Asked(asked, now, start, tuple(named), first, evidence, events)


def _moment_of(evidence: Sequence[Evidence], asked_at: datetime) -> datetime:
    """The clock the question was answered by: the end of the windows its first look asked for."""
    ends = [str(e.request["end"]) for e in evidence if e.tool == "metrics_golden_signals" and "end" in e.request]
    ends += [str(e.request["end"]) for e in evidence if "end" in e.request]
    for end in ends:
        try:
            return datetime.fromisoformat(end).astimezone(UTC)
        except ValueError:
            continue
    return asked_at


async def _recorded(parts: Assembly, asked: Asked, out: Path) -> Path:
    """Read what is missing through the broker, and write all of it."""
    settings, now = parts.settings, asked.now
    async with AsyncExitStack() as stack:
        scratch = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sre-advisor-record-"))
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        client = PrometheusClient(settings.prometheus) if settings.prometheus.url else None
        recorder = Recorder(client, settings.docs, settings.git, scratch, parts.investigator.broker.redactor)
        stack.push_async_callback(recorder.close)
        own = Question(id=_name(), investigation=_name(), text=asked.question.text, asked_at=now)
        await parts.journal.append(QuestionAsked(investigation=own.investigation, question=own.id, asked=own))
        desk = parts.investigator.broker.including([recorder]).desk(own, now, parts.journal.append)
        answers = await _answers(parts, desk, asked)
        span = Span(asked.start - BEFORE, now, min(now + AFTER, datetime.now(UTC)))
        answers += await _earlier_signals(desk, span, asked)
        around = await capture(
            desk, recorder, span, asked.looked_at or tuple(desk.evidence),
            [folder.name for folder in settings.docs.folders], [r.name for r in settings.git.repositories],
        )  # fmt: skip
        captured = Captured(
            _manifest(parts, desk, asked, answers, around, recorder),
            answers, around.metrics, around.eras, around.docs,
            _code(recorder),
        )  # fmt: skip
        redactor = parts.investigator.broker.redactor.numbering()
        try:
            return await asyncio.to_thread(write_recording, captured, out, redactor)
        except CannotWrite as trouble:
            raise SettingsError(str(trouble)) from None


def _code(recorder: Recorder) -> dict[str, Path | bytes]:
    """The bundles by their names, and beside each what ids became in it."""
    found: dict[str, Path | bytes] = {}
    for name, (_, made, file) in recorder.bundled.items():
        found[f"{_file_name(name)}.bundle"] = file
        if made.commits:
            found[f"{_file_name(name)}.commits"] = "".join(
                f"{old} {new}\n" for old, new in made.commits.items()
            ).encode()
    return found


async def _answers(parts: Assembly, desk: ReadingDesk, asked: Asked) -> list[AnswerPart]:
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


async def _earlier_signals(desk: ReadingDesk, span: Span, asked: Asked) -> list[AnswerPart]:
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


def _manifest(
    parts: Assembly,
    desk: ReadingDesk,
    asked: Asked,
    answers: Sequence[AnswerPart],
    around: Around,
    recorder: Recorder,
) -> Manifest:
    settings, catalogue = parts.settings, parts.investigator.catalogue
    tools = {o.tool.name: o.tool.role for o in desk.offers if o.source != "recorder"}
    tools |= {a.tool: None for a in answers if a.tool not in tools}
    return Manifest(
        id=asked.question.investigation,
        question=asked.question.text,
        asked_at=asked.question.asked_at,
        now=asked.now,
        services_asked_about=asked.services,
        thread=_thread(asked),
        step_s=around.metrics.scrape_interval_s or 15.0,
        first_look_hours=settings.first_look.hours,
        change_hours=settings.first_look.change_hours,
        services=tuple(catalogue.services),
        edges=catalogue.edges,
        alerts=_alerts(answers),
        docs=tuple(DocsPart(name=f.name, base_url=f.base_url) for f in settings.docs.folders),
        repositories=_repositories(parts, recorder, around),
        tools=tools,
        made=_made(asked),
        outcome=_outcome(asked.events),
        left_out=(*around.left_out, *_rewritten(recorder)),
        rules=tuple(_rule(rule) for rule in recorder.rules),
    )


def _rewritten(recorder: Recorder) -> list[str]:
    return [
        f"code: {made.secrets} secrets were taken out of {name}; {len(made.commits)} commits have other ids in the "
        "bundle, and are spoken of by those they had"
        for name, (_, made, _) in recorder.bundled.items()
        if made.commits
    ]


def _rule(rule: AlertRule) -> RulePart:
    return RulePart(
        group=rule.group, name=rule.name, expr=rule.expr, for_s=rule.for_s, labels=dict(rule.labels),
        annotations=dict(rule.annotations),
    )  # fmt: skip


def _alerts(answers: Sequence[AnswerPart]) -> tuple[AlertPart, ...]:
    """Those that were active, and of the history those that had ended."""
    found = [(a.tool, n) for a in answers for n in a.nouns if isinstance(n, AlertPart)]
    kept = [n for tool, n in found if tool == "alerts_active" or n.ended_at is not None]
    return tuple({n.model_dump_json(): n for n in kept}.values())


def _repositories(parts: Assembly, recorder: Recorder, around: Around) -> tuple[RepositoryPart, ...]:
    found: list[RepositoryPart] = []
    for config in parts.settings.git.repositories:
        made = recorder.bundled.get(config.name)
        why = next((line for line in around.left_out if config.name in line), None) if made is None else None
        found.append(
            RepositoryPart(
                name=config.name,
                head=made[1].head if made else None,
                bundle=f"code/{_file_name(config.name)}.bundle" if made else None,
                renamed=f"code/{_file_name(config.name)}.commits" if made and made[1].commits else None,
                secrets=made[1].secrets if made else 0,
                default_branch=config.default_branch,
                web_url=config.web_url,
                why=why or (None if made else "was not read"),
            )
        )
    hosted = parts.settings.github.repositories
    return (*found, *(RepositoryPart(name=name, kind="github", why="only answers are recorded") for name in hosted))


def _thread(asked: Asked) -> tuple[SaidPart, ...]:
    said: list[SaidPart] = []
    at = asked.now
    for event in asked.events:
        if isinstance(event, QuestionAsked):
            at = event.asked.asked_at
            said.append(SaidPart(at=at, who="asker", text=event.asked.text))
        elif isinstance(event, DiagnosisMade):
            said.append(SaidPart(at=at, who="advisor", text=event.diagnosis.summary))
    return tuple(said)


def _made(asked: Asked) -> MadePart:
    started = next((e for e in asked.events if isinstance(e, QuestionStarted)), None)
    turned = next((e for e in asked.events if isinstance(e, ModelTurned)), None)
    model = turned.detail.get("model") if turned else None
    try:
        own = version("sre-advisor")
    except PackageNotFoundError:
        own = "unknown"
    return MadePart(
        advisor=started.advisor if started else None,
        model=model if isinstance(model, str) else None,
        prompt_hash=(started.prompt_hash if started else None) or load_prompts().hash,
        version=own,
        recorded_at=datetime.now(UTC),
    )


def _outcome(events: Sequence[Event]) -> OutcomePart | None:
    told = next((e for e in reversed(events) if isinstance(e, OutcomeTold)), None)
    votes = {e.user: e.vote for e in events if isinstance(e, Voted)}
    confirmed = "was_the_cause" in votes.values()
    if told is None and not confirmed:
        return None
    if told is None:
        return OutcomePart(confirmed=True)
    return OutcomePart(cause=told.cause, remedy=told.remedy, confirmed=confirmed, at=told.at)


def _quiet(config: Path | None) -> Settings:
    settings = load_settings(config)
    if not settings.has_backends:
        raise SettingsError("nothing to read is configured: run `sre-advisor init` or name a file by --config")
    return settings.model_copy(update={"log": settings.log.model_copy(update={"level": quieter(settings.log.level)})})


def _name() -> str:
    return f"record-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"


def _file_name(name: str) -> str:
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".")[:100] or "recording"


def _told(made: Path) -> int:
    sys.stdout.write(f"recorded to {made}; look at it with `sre-advisor recordings show` and `recordings lint`\n")
    return 0
