"""Serving Slack until told to stop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.evals.schedule import canary_beside
from sre_advisor.app.pages import pages_of
from sre_advisor.app.stopping import Stopping, stoppable
from sre_advisor.app.warming import kept_warm
from sre_advisor.credentials import Credentials
from sre_advisor.settings import SettingsError, load_settings
from sre_advisor.setup.privileges import exceptions_in, refuse_writers
from sre_advisor.slack.about import Sources
from sre_advisor.slack.feedback import Closed, nobody
from sre_advisor.slack.ingress import web_client
from sre_advisor.slack.patience import PATIENCE, Patience
from sre_advisor.slack.service import SlackRefused, SlackService, literal_voice
from sre_advisor.slack.threads import Threads
from sre_advisor.work.contract import MakeWorker, QueueUnavailable
from sre_advisor.work.embedded import EmbeddedWorker


async def run_slack(config: Path | None) -> int:
    """Serve Slack until SIGINT or SIGTERM, which may come while it still starts; 0 on a clean stop."""
    async with stoppable() as stopping:
        settings, credentials = load_settings(config), Credentials()
        settings.require_backends()
        async with assembled(settings, credentials, None) as parts:
            await refuse_writers(settings, credentials, exceptions_in(await parts.policies.current()))
            await _served(parts, stopping)
    return 0


async def _served(parts: Assembly, stopping: Stopping) -> None:
    from sre_advisor.app.recording.closed import ClosedIncidents

    recording = ClosedIncidents(parts)
    try:
        async with (
            slack_service(parts, closed=recording.hear) as service,
            endpoints(parts, service),
            kept_warm(parts.connectors),
            canary_beside(parts),
        ):
            await stopping.told()
            await service.stop()  # while it is still told that this process stops
    finally:
        await recording.stop()


@asynccontextmanager
async def endpoints(parts: Assembly, service: SlackService) -> AsyncGenerator[int | None]:
    """What is served over HTTP and its port; nothing, and None, without `http.listen`."""
    settings = parts.settings
    if settings.http.listen is None:
        yield None
        return
    from sre_advisor.app.endpoints import Endpoints, listening
    from sre_advisor.app.metrics import Metrics

    metrics = Metrics()
    parts.journal.tell(metrics.tell)
    application = Endpoints(service, parts.journal, metrics).application(slack_events=settings.slack.mode == "http")
    async with listening(application, settings.http.listen) as port:
        yield port


@asynccontextmanager
async def slack_service(
    parts: Assembly, patience: Patience = PATIENCE, closed: Closed = nobody
) -> AsyncGenerator[SlackService]:
    """The advisor, listening in Slack; `closed` hears of each investigation whose cause somebody told."""
    token = _needed(parts.credentials, "SLACK_BOT_TOKEN")
    over_http = parts.settings.slack.mode == "http"
    if over_http and parts.settings.http.listen is None:
        raise SettingsError("slack.mode is http, but http.listen names no HOST:PORT at which Slack's events arrive")
    threads = Threads(web_client(token, parts.settings.slack))
    service = SlackService(
        token,
        "" if over_http else _needed(parts.credentials, "SLACK_APP_TOKEN"),
        parts.settings.slack,
        parts.journal,
        replace(parts.investigator, own=threads.of),
        parts.policies,
        parts.quotas,
        sources=Sources(parts.connectors),
        closed=closed,
        voice=partial(literal_voice, pages=pages_of(parts.settings), patience=patience, plan=parts.settings.slack.plan),
        working=_working(parts),
        signing_secret=_needed(parts.credentials, "SLACK_SIGNING_SECRET") if over_http else None,
    )
    try:
        await service.start()
    except (SlackRefused, QueueUnavailable) as refusal:
        raise SettingsError(str(refusal)) from None
    try:
        yield service
    finally:
        await service.stop()


def _working(parts: Assembly) -> MakeWorker:
    """One process runs its questions itself; several share them through PostgreSQL."""
    url = parts.settings.database.url
    if not url.startswith("postgresql"):
        return EmbeddedWorker
    from sre_advisor.work.queue import QueueWorker

    return lambda run: QueueWorker(url, run, parts.journal)


def _needed(credentials: Credentials, name: str) -> str:
    value = credentials.get(name)
    if not value:
        raise SettingsError(f"{name} is not set: put the token there, or the path of a file with it in {name}_FILE")
    return value
