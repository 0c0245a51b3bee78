"""The one place that wires the rooms together."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import structlog
from rich.console import Console

from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.redact import Redactor
from sre_advisor.connectors.contract import Connector
from sre_advisor.credentials import Credentials, CredentialUnreadable
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.intake import Unanswerable, admit
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.events import QuestionAsked
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.logs import set_up_logs
from sre_advisor.model import Catalogue, Evidence, FirstLook, Question
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.world import World, load_world
from sre_advisor.settings import Settings, SettingsError, load_settings
from sre_advisor.slack.service import SlackRefused, SlackService
from sre_advisor.terminal.voice import TerminalVoice

log = structlog.get_logger(__name__)

EXPECTED_TROUBLE = (
    SettingsError,
    CredentialUnreadable,
    JournalUnavailable,
    BrokenRecording,
    Unanswerable,
    SlackRefused,
)
"""What is a person's to mend: said in one line, without a stack trace."""

SAMPLES = 100
"""A baseline needs about this many samples: a coarse recording is looked at over a longer time."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """The rooms, wired."""

    settings: Settings
    credentials: Credentials
    journal: Journal
    connectors: tuple[Connector, ...]
    investigator: Investigator


@asynccontextmanager
async def assembled(settings: Settings, credentials: Credentials, world: World | None) -> AsyncIterator[Assembly]:
    """Everything an investigation needs, over live backends or a recorded world; closed at the end."""
    redactor = Redactor(credentials.all_values())
    set_up_logs(settings.log.level, settings.log.format, lambda text: redactor.text(text)[0])
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(
            await Journal.open(settings.database, lambda value: redactor.value(value).value)
        )
        if world is None:
            connectors, catalogue = _live(settings, credentials), Catalogue(settings.services)
            clock, look = _now, settings.first_look
        else:
            connectors, catalogue = await _recorded(world, stack), world.catalogue
            hours = max(settings.first_look.hours, SAMPLES * world.step_s / 3600)
            clock, look = _stopped(world.now), settings.first_look.model_copy(update={"hours": hours})
        for connector in connectors:
            stack.push_async_callback(connector.close)
        fallback = OfflineAdvisor()
        yield Assembly(
            settings,
            credentials,
            journal,
            connectors,
            Investigator(
                broker=Broker(connectors, redactor, settings.limits),
                journal=journal,
                advisor=_advisor(settings, credentials) or fallback,
                fallback=fallback,
                catalogue=catalogue,
                limits=settings.model.limits,
                first_look=look,
                clock=clock,
            ),
        )


async def ask_on_terminal(text: str, config: Path | None, recording: str | None, *, as_json: bool) -> int:
    """Answer one question on standard output; 0 when it was answered."""
    question = _terminal_question(admit(text))
    settings = load_settings(config)
    world = await asyncio.to_thread(load_world, _recording_folder(recording)) if recording else None
    if world is None and not settings.has_backends:
        raise SettingsError(
            "nothing to read is configured: run `sre-advisor init`, name a file by --config, or ask the bundled "
            "incident by --recording demo"
        )
    async with assembled(settings, Credentials(), world) as parts:
        voice = _Silent() if as_json else TerminalVoice(Console(highlight=False))
        if world is not None:
            question = replace(question, asked_at=world.now)
        asked = QuestionAsked(investigation=question.investigation, question=question.id, asked=question)
        await parts.journal.append(asked)
        answer = await parts.investigator.answer(question, voice)
    if as_json:
        sys.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) + "\n")
    return 0


async def run_slack(config: Path | None) -> int:
    """Serve Slack until SIGINT or SIGTERM; 0 on a clean stop."""
    settings, credentials = load_settings(config), Credentials()
    if not settings.has_backends:
        raise SettingsError("nothing to read is configured: run `sre-advisor init` or name a file by --config")
    async with assembled(settings, credentials, None) as parts, slack_service(parts):
        await _until_stopped()
    return 0


@asynccontextmanager
async def slack_service(parts: Assembly) -> AsyncIterator[SlackService]:
    """The advisor, listening in Slack."""
    service = SlackService(
        _needed(parts.credentials, "SLACK_BOT_TOKEN"),
        _needed(parts.credentials, "SLACK_APP_TOKEN"),
        parts.settings.slack,
        parts.journal,
        parts.investigator,
    )
    await service.start()
    try:
        yield service
    finally:
        await service.stop()


def _needed(credentials: Credentials, name: str) -> str:
    value = credentials.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: put the token there, or the path of a file with it in {name}_FILE")
    return value


async def _until_stopped() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()


class _Silent:
    """A voice for callers who want the whole answer at the end."""

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing yet."""

    async def answer(self, answer: Answer) -> None:
        """Say nothing: the caller has it."""


def _advisor(settings: Settings, credentials: Credentials) -> Advisor | None:
    """Claude when there is a key (or a platform that brings its own credentials), else None."""
    from sre_advisor.advisors.claude import claude_advisor

    return claude_advisor(settings.model, lambda: credentials.get("ANTHROPIC_API_KEY"))


def _live(settings: Settings, credentials: Credentials) -> tuple[Connector, ...]:
    raise NotImplementedError(settings, credentials)


async def _recorded(world: World, stack: AsyncExitStack) -> tuple[Connector, ...]:
    raise NotImplementedError(world, stack)


def _recording_folder(recording: str) -> Path:
    if recording == "demo":
        from sre_advisor.demo.incident import WORLD

        return WORLD
    return Path(recording)


def _terminal_question(text: str) -> Question:
    name = f"terminal-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    return Question(id=name, investigation=name, text=text, asked_at=_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at
