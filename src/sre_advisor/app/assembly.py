"""Everything an investigation needs, over live backends or a recorded world."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from sre_advisor.advisors.claude import (
    ClaudeConfig,
    ClaudeModel,
    ConfigProblem,
    ModelTable,
    fallback_config,
    load_models,
)
from sre_advisor.advisors.claude.health import warn
from sre_advisor.advisors.claude.prices import TableProblem
from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.advisors.prompts import PromptError, load_prompts
from sre_advisor.app.backends import live_connectors
from sre_advisor.app.spans import UnclearTime
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.policy import PolicyBroken, PolicyKeeper
from sre_advisor.broker.quota import Quotas
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import Connector
from sre_advisor.credentials import Credentials, CredentialUnreadable
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.diagnose import ModelAdvisor
from sre_advisor.investigate.intake import Unanswerable
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.investigate.succession import Succession
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.logs import set_up_logs
from sre_advisor.model import Catalogue
from sre_advisor.packaged import config_dir
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.settings import Settings, SettingsError
from sre_advisor.work.halt import Stopped

if TYPE_CHECKING:
    from sre_advisor.replay.opening import Recording
    from sre_advisor.replay.world import World

EXPECTED_TROUBLE = (
    SettingsError,
    CredentialUnreadable,
    JournalUnavailable,
    PolicyBroken,
    BrokenRecording,
    Unanswerable,
    ConfigProblem,
    TableProblem,
    PromptError,
    Stopped,
    UnclearTime,
    EvalTrouble,
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
    policies: PolicyKeeper
    quotas: Quotas
    connectors: tuple[Connector, ...]
    investigator: Investigator


@asynccontextmanager
async def assembled(
    settings: Settings, credentials: Credentials, world: World | None, recording: Recording | None = None
) -> AsyncGenerator[Assembly]:
    """The rooms, wired, and closed at the end, over live backends, a `world` or an open `recording` of it.

    Raises one of EXPECTED_TROUBLE.
    """
    world = recording.world if recording else world
    redactor = Redactor(credentials.all_values(), settings.redaction)
    set_up_logs(settings.log.level, settings.log.format, lambda text: redactor.text(text)[0])
    async with AsyncExitStack() as stack:
        fallback = OfflineAdvisor()
        advisor = await _advisor(settings, credentials, redactor, stack)
        journal = await stack.enter_async_context(
            await Journal.open(settings.database, lambda value: redactor.value(value).value)
        )
        policies = await PolicyKeeper.open(settings.policy.file or config_dir() / "policy.yaml", journal.append)
        quotas = Quotas(settings.limits.quotas, journal.spent)
        catalogue = Catalogue(settings.services) if world is None else world.catalogue
        connectors = await _connectors(settings, credentials, world, recording, stack)
        for connector in connectors:
            stack.push_async_callback(connector.close)
        investigator = Investigator(
            broker=Broker(connectors, redactor, settings.limits, policies, quotas, catalogue),
            journal=journal,
            advisor=advisor or fallback,
            fallback=fallback,
            catalogue=catalogue,
            limits=settings.budget,
            first_look=settings.first_look if world is None else windows_for(settings.first_look, world, recording),
            clock=_now if world is None else _stopped(world.now),
        )
        if settings.evals.shadow.on and world is None:
            from sre_advisor.app.evals.shadowed import shadowing

            beside = shadowing(settings, credentials, redactor, journal, investigator)
            investigator = await stack.enter_async_context(beside)
        yield Assembly(settings, credentials, journal, policies, quotas, connectors, investigator)


async def _connectors(
    settings: Settings,
    credentials: Credentials,
    world: World | None,
    recording: Recording | None,
    stack: AsyncExitStack,
) -> tuple[Connector, ...]:
    if recording is not None:
        return recording.connectors
    return live_connectors(settings, credentials) if world is None else await _recorded(world, stack)


async def _recorded(world: World, stack: AsyncExitStack) -> tuple[Connector, ...]:
    from sre_advisor.replay.connectors import recorded_connectors

    return await recorded_connectors(world, stack)


async def _advisor(
    settings: Settings, credentials: Credentials, redactor: Redactor, stack: AsyncExitStack
) -> Advisor | None:
    """Claude when there is a key, or a platform that brings its own credentials; its SDK loads while others work."""
    if settings.model.provider == "anthropic" and not credentials.model_key():
        return None
    table = load_models()
    second = fallback_config(settings.model, table)
    made = partial(_claude, table=table, credentials=credentials, redactor=redactor, stack=stack)
    return Succession(made(settings.model), made(second)) if second else made(settings.model)


def _claude(
    config: ClaudeConfig, table: ModelTable, credentials: Credentials, redactor: Redactor, stack: AsyncExitStack
) -> ModelAdvisor:
    prompts = load_prompts()
    model = ClaudeModel(config, credentials.model_key, table, prompts.system, prompts.hash)
    stack.push_async_callback(model.close)
    for work in (model.warm(), warn(model)):
        stack.callback(asyncio.create_task(work).cancel)
    return ModelAdvisor(model, prompts, lambda text: redactor.text(text)[0])


def windows_for(config: FirstLookConfig, world: World, recording: Recording | None = None) -> FirstLookConfig:
    """The first look's windows: those of the recording where it tells them, else longer where it is coarse."""
    if recording is not None and recording.first_look_hours and recording.change_hours:
        return config.model_copy(update={"hours": recording.first_look_hours, "change_hours": recording.change_hours})
    return config.model_copy(update={"hours": max(config.hours, SAMPLES * world.step_s / 3600)})


def _now() -> datetime:
    return datetime.now(UTC)


def _stopped(at: datetime) -> Callable[[], datetime]:
    return lambda: at
