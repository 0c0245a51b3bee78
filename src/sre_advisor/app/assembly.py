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


def _advisor(settings: Settings, credentials: Credentials) -> ModelAdvisor | None:
    """Claude when there is a key, or a platform that brings its own credentials; else None. Raises ConfigProblem."""
    if settings.model.provider == "anthropic" and not credentials.get("ANTHROPIC_API_KEY"):
        return None
    prompts = load_prompts()
    key = partial(credentials.get, "ANTHROPIC_API_KEY")
    model = ClaudeModel(settings.model, key, load_models(), prompts.system, prompts.hash)
    return ModelAdvisor(model, prompts)


def _now() -> datetime:
    return datetime.now(UTC)


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at
