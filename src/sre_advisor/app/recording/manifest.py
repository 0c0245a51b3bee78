"""What a recording says of itself: its question, its world, how it was made, what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from sre_advisor.advisors.prompts import load_prompts
from sre_advisor.app.assembly import Assembly
from sre_advisor.app.recording.asked import Asked
from sre_advisor.app.recording.names import file_name
from sre_advisor.broker.broker import ReadingDesk
from sre_advisor.connectors.prometheus.rules import AlertRule
from sre_advisor.journal.events import (
    DiagnosisMade,
    Event,
    ModelTurned,
    OutcomeTold,
    QuestionAsked,
    QuestionStarted,
    Voted,
)
from sre_advisor.replay.capture import Around
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


def manifest_of(
    parts: Assembly,
    desk: ReadingDesk,
    asked: Asked,
    answers: Sequence[AnswerPart],
    around: Around,
    recorder: Recorder,
) -> Manifest:
    """The manifest of what was read."""
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
                bundle=f"code/{file_name(config.name)}.bundle" if made else None,
                renamed=f"code/{file_name(config.name)}.commits" if made and made[1].commits else None,
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
