"""Trying the model's API by a call that costs nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sre_advisor.advisors.claude import ConfigProblem, load_models
from sre_advisor.advisors.claude.client import build_client
from sre_advisor.advisors.claude.config import checked_facts
from sre_advisor.advisors.claude.failures import from_status
from sre_advisor.advisors.claude.prices import TableProblem
from sre_advisor.advisors.turns import FailureKind
from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings
from sre_advisor.setup.checkup import Check, State, Trial

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types import ModelInfo

NAME = "model"
KEY = "ANTHROPIC_API_KEY"


def trials(settings: Settings, credentials: Credentials) -> list[tuple[str, Trial]]:
    """The one trial."""

    async def trial() -> Sequence[Check]:
        return (await _try(settings, credentials),)

    return [(NAME, trial)]


async def _try(settings: Settings, credentials: Credentials) -> Check:
    config, key = settings.model, credentials.get(KEY)
    if config.provider == "anthropic" and not key:
        return Check(NAME, State.NOT_CONFIGURED, "the offline advisor answers", f"set {KEY} (or {KEY}_FILE)")
    try:
        checked_facts(config, load_models())
        # The SDK takes most of a second to import: not counted, and not in the way of the other checks.
        client = await asyncio.to_thread(build_client, config, lambda: key or "")
    except (ConfigProblem, TableProblem) as problem:
        return Check(NAME, State.MISCONFIGURED, str(problem), "correct the part model of the configuration")
    if config.provider != "anthropic":
        detail = f"{config.model} on {config.provider}: the platform has no call that costs nothing"
        return Check(NAME, State.NOT_CHECKED, detail, "ask a question to try it")
    try:
        return await _retrieve(client, config.model)
    finally:
        await client.close()


async def _retrieve(client: AsyncAnthropic, model: str) -> Check:
    import anthropic

    began = time.monotonic()
    try:
        found = await client.with_options(max_retries=0, timeout=8.0).models.retrieve(model)
    except anthropic.APIStatusError as error:
        failure = from_status(error)
        states = {FailureKind.UNAUTHORISED: State.UNAUTHORISED, FailureKind.UNKNOWN_MODEL: State.MISCONFIGURED}
        state = states.get(failure.kind, State.UNREACHABLE)
        return Check(NAME, state, f"{model}: {failure.words}", "", time.monotonic() - began)
    except anthropic.APIError:
        advice = "check the network, a proxy in between, and model.base_url"
        return Check(NAME, State.UNREACHABLE, "the model's API cannot be reached", advice, time.monotonic() - began)
    return _lifecycle(found, model, time.monotonic() - began)


def _lifecycle(found: ModelInfo, model: str, seconds: float) -> Check:
    until = f", retires {found.retires_at:%Y-%m-%d}" if found.retires_at else ""
    detail = f"{model} is {found.lifecycle}{until}"
    if found.lifecycle == "retired":
        return Check(NAME, State.MISCONFIGURED, detail, "set model.model to one that is active", seconds)
    advice = "plan to set model.model to a newer one" if found.lifecycle == "deprecated" else ""
    return Check(NAME, State.OK, detail, advice, seconds)
