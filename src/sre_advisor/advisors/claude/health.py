"""Whether the configured model can be used: reachable, authorised, still offered, and its settings legal. Free."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import structlog

from sre_advisor.advisors.claude.failures import from_status
from sre_advisor.advisors.claude.model import ClaudeModel
from sre_advisor.advisors.turns import FailureKind, ModelFailure
from sre_advisor.connectors.contract import Health

_SECONDS, _WARN_SECONDS = 15.0, 5.0
_log = structlog.get_logger(__name__)
_STATES = {
    FailureKind.UNAUTHORISED: "unauthorised",
    FailureKind.SPEND_LIMIT: "unauthorised",
    FailureKind.UNKNOWN_MODEL: "misconfigured",
    FailureKind.BAD_REQUEST: "misconfigured",
}


async def ping(model: ClaudeModel) -> Health:
    """One look at the model's own page; never raises for what the other side does."""
    began = time.monotonic()
    try:
        info = await _retrieved(model)
    except ModelFailure as failure:
        state = _STATES.get(failure.kind, "unreachable")
        return _health(state, failure.detail or failure.words, began, failure.words)
    if info is None:
        return _health("ok", f"{model.name}: client built; {model.config.provider} offers no free check", began)
    problem = _problem(model, info)
    if problem:
        return _health("misconfigured", problem, began, "change the model's settings")
    advice = "choose a newer model soon" if info.lifecycle == "deprecated" else ""
    return _health("ok", f"{model.name} is {info.lifecycle}", began, advice)


async def warn(model: ClaudeModel) -> None:
    """Log what is wrong with the model, before the first question finds out; never in anybody's way."""
    try:
        async with asyncio.timeout(_WARN_SECONDS):
            health = await ping(model)
    except TimeoutError:
        _log.warning("model_not_checked", action="check", model=model.name, why="its API took too long to answer")
        return
    if health.state != "ok" or health.advice:
        _log.warning(
            "model_check",
            action="check",
            model=model.name,
            state=health.state,
            detail=health.detail,
            advice=health.advice,
        )


async def _retrieved(model: ClaudeModel) -> Any:
    client = await model.client()
    import anthropic

    if model.config.provider != "anthropic":
        return None
    try:
        return await client.models.retrieve(model.name, timeout=_SECONDS)
    except anthropic.APIStatusError as error:
        raise from_status(error) from None
    except anthropic.APIError:
        raise ModelFailure(FailureKind.UNREACHABLE, "the model's API could not be reached: check base_url") from None


def _problem(model: ClaudeModel, info: Any) -> str | None:
    """What the API says this model cannot do although it is configured."""
    if info.lifecycle == "retired":
        return f"{model.name} is retired"
    offered = info.capabilities
    if offered is None:
        return None
    thinking, effort = model.config.thinking or model.facts.thinking[0], model.config.effort
    if not getattr(offered.thinking.types, thinking).supported:
        return f"{model.name} does not offer thinking {thinking!r}"
    level = getattr(offered.effort, effort, None) if effort and model.facts.efforts else None
    if level is not None and not level.supported:
        return f"{model.name} does not offer effort {effort!r}"
    if not offered.structured_outputs.supported:
        return f"{model.name} cannot answer in a schema"
    return None


def _health(state: Any, detail: str, began: float, advice: str = "") -> Health:
    return Health("claude", state, detail, round(time.monotonic() - began, 3), advice)
