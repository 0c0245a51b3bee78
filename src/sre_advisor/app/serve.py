"""Serving Slack until told to stop."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.evals.schedule import canary_beside
from sre_advisor.app.pages import pages_of
from sre_advisor.app.warming import kept_warm
from sre_advisor.credentials import Credentials
from sre_advisor.settings import SettingsError, load_settings
from sre_advisor.setup.privileges import exceptions_in, refuse_writers
from sre_advisor.slack.delivery import PATIENCE
from sre_advisor.slack.ingress import web_client
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.service import SlackRefused, SlackService, literal_voice
from sre_advisor.slack.threads import Threads


async def run_slack(config: Path | None) -> int:
    """Serve Slack until SIGINT or SIGTERM; 0 on a clean stop."""
    settings, credentials = load_settings(config), Credentials()
    if not settings.has_backends:
        raise SettingsError("nothing to read is configured: run `sre-advisor init` or name a file by --config")
    async with assembled(settings, credentials, None) as parts:
        await refuse_writers(settings, credentials, exceptions_in(await parts.policies.current()))
        async with slack_service(parts), kept_warm(parts.connectors), canary_beside(parts):
            await until_stopped()
    return 0


@asynccontextmanager
async def slack_service(parts: Assembly, patience: Patience = PATIENCE) -> AsyncGenerator[SlackService]:
    """The advisor, listening in Slack."""
    token = _needed(parts.credentials, "SLACK_BOT_TOKEN")
    threads = Threads(web_client(token, parts.settings.slack))
    service = SlackService(
        token,
        _needed(parts.credentials, "SLACK_APP_TOKEN"),
        parts.settings.slack,
        parts.journal,
        replace(parts.investigator, own=threads.of),
        parts.policies,
        parts.quotas,
        voice=partial(literal_voice, pages=pages_of(parts.settings), patience=patience),
    )
    try:
        await service.start()
    except SlackRefused as refusal:
        raise SettingsError(str(refusal)) from None
    try:
        yield service
    finally:
        await service.stop()


def _needed(credentials: Credentials, name: str) -> str:
    value = credentials.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: put the token there, or the path of a file with it in {name}_FILE")
    return value


async def until_stopped() -> None:
    """Return at SIGINT or SIGTERM."""
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
