"""The canary on its schedule while Slack is served: a round when one is due, a word to the channel when it drops."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta

import structlog

from sre_advisor.app.assembly import EXPECTED_TROUBLE, Assembly
from sre_advisor.app.beside import beside
from sre_advisor.app.evals.watching import Canary, one_round
from sre_advisor.broker.redaction import Redactor
from sre_advisor.evals.canary import CanaryState, read_state
from sre_advisor.evals.config import CanaryConfig
from sre_advisor.model import Question
from sre_advisor.slack.blocks import escape
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.ingress import web_client
from sre_advisor.slack.render import Message
from sre_advisor.slack.trouble import Undeliverable

log = structlog.get_logger(__name__)
AGAIN = timedelta(hours=1)
"""When a round that could not be finished is tried again."""


def canary_beside(parts: Assembly) -> AbstractAsyncContextManager[None]:
    """Keep the canary going while the service runs, if one is configured."""
    if parts.settings.evals.canary.baseline is None:
        return nullcontext()
    client = web_client(parts.credentials.get("SLACK_BOT_TOKEN") or "", parts.settings.slack)
    return beside(_keep_going(parts, Delivery(client, parts.journal)))


async def _keep_going(parts: Assembly, delivery: Delivery) -> None:
    config = parts.settings.evals.canary
    due = await asyncio.to_thread(_next, config)
    while True:
        await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
        try:
            await canary_due(parts, delivery)
            due = datetime.now(UTC) + timedelta(hours=config.every_hours)
        except (*EXPECTED_TROUBLE, Undeliverable) as trouble:
            log.warning("canary_failed", action="canary", why=str(trouble))
            due = datetime.now(UTC) + AGAIN
        except Exception:  # a defect of the canary must not end the service
            log.exception("canary_broke", action="canary")
            due = datetime.now(UTC) + AGAIN


async def canary_due(parts: Assembly, delivery: Delivery) -> CanaryState:
    """One round; the channel is told once, in the round with which the evidence passes its limit."""
    config, settings = parts.settings.evals.canary, parts.settings
    assert config.baseline is not None
    canary = Canary(
        config.suite, config.baseline, config.state, config.alpha, config.only, _model(parts), config.max_usd
    )
    redactor = Redactor(parts.credentials.all_values(), settings.redaction)
    state = await one_round(canary, settings, parts.credentials, redactor)
    before = state.model_copy(update={"rounds": state.rounds[:-1]})
    log.info("canary_asked", action="canary", words=state.words())
    if state.watch().alarms and not (before.rounds and before.watch().alarms):
        name = f"canary-{state.arm}-{len(state.rounds)}"
        told = Question(name, "canary", "canary", datetime.now(UTC), channel=config.channel)
        await delivery.post(told, "canary", Message((), escape(state.words())))
    return state


def _model(parts: Assembly) -> str | None:
    """The model in use is what is watched, by the name it has in the baseline."""
    return parts.settings.model.model if parts.credentials.model_key() else None


def _next(config: CanaryConfig) -> datetime:
    state = read_state(config.state)
    last = state.rounds[-1].at if state and state.rounds else datetime.min.replace(tzinfo=UTC)
    return last + timedelta(hours=config.every_hours) if last.year > 1 else datetime.now(UTC)
