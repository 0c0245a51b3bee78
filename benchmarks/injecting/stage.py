"""The rooms wired as the program wires them, save for the one defence that is off."""

from __future__ import annotations

import io
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, redirect_stderr
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.injecting import weak
from benchmarks.injecting.world import SECRET, Places
from sre_advisor.advisors.claude import ClaudeConfig, ClaudeModel, load_models
from sre_advisor.advisors.ledger import Limits
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.advisors.prompts import load_prompts
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.config import DayQuota, LimitsConfig, QuotasConfig, ReadQuota
from sre_advisor.broker.policy import FixedPolicy
from sre_advisor.broker.policy.model import Policy
from sre_advisor.broker.quota import Quotas
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector
from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git import GitConfig, GitConnector, RepositoryConfig
from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.investigate.check import check
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.diagnose import ModelAdvisor
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.store import Journal
from sre_advisor.logs import set_up_logs
from sre_advisor.model import Series, Window
from sre_advisor.replay.alerts import RecordedAlerts
from sre_advisor.replay.events import RecordedChanges, RecordedLogs
from sre_advisor.replay.metrics import RecordedMetrics
from sre_advisor.replay.world import World, load_world
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.ingress import web_client
from sre_advisor.slack.pages import Pages
from sre_advisor.slack.rendering import Literal
from sre_advisor.slack.service import SlackService
from sre_advisor.slack.threads import Threads
from sre_advisor.slack.voice import SlackVoice
from tests.standins.model_server import ModelServer

DEFENCES = (
    "no tool acts", "paths stay inside", "windows are bounded", "policy", "redaction", "text is literal",
    "nothing is hidden", "messages are bounded", "links lead to our pages", "answers stay in the thread",
    "claims are checked", "commands are parsed", "outside text only in tool results",
)  # fmt: skip
PAGES = Pages.of(["https://docs.example", "https://prometheus.example"])
UNLIMITED = QuotasConfig(question=ReadQuota(), person=DayQuota(), channel=DayQuota(), day=DayQuota())


class Watched(RecordedMetrics):
    """Recorded metrics that remember the longest window they were asked for."""

    longest = timedelta(0)

    async def query_range(self, promql: str, window: Window, step_s: float) -> tuple[RangeSeries, ...]:
        """As recorded."""
        self.longest = max(self.longest, window.length)
        return await super().query_range(promql, window, step_s)

    async def signals(self, window: Window, offset: timedelta) -> tuple[Series, ...]:
        """As recorded."""
        self.longest = max(self.longest, window.length)
        return await super().signals(window, offset)


@dataclass
class Stage:
    """The advisor at work, and everything that can be looked at from outside it."""

    slack: LocalSlack
    service: SlackService
    metrics: Watched
    journal: Path
    logs: io.StringIO = field(default_factory=io.StringIO)


@asynccontextmanager
async def staged(
    folder: Path, places: Places, slack: LocalSlack, server: ModelServer, off: str | None
) -> AsyncGenerator[Stage]:
    """All rooms over the world, `off` being the one defence that is switched off."""
    world, logs = load_world(places.world), io.StringIO()
    redactor = weak.Unredacted() if off == "redaction" else Redactor([SECRET, server.api_key, slack.bot_token])
    with redirect_stderr(logs):
        set_up_logs("info", "json", lambda text: redactor.text(text)[0])
    metrics = Watched(world)
    policies = FixedPolicy(Policy.model_validate(_policy(slack, everything=off == "policy")))
    limits = LimitsConfig(tool_calls=500, quotas=UNLIMITED)
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(
            await Journal.open(
                DatabaseConfig(url=f"sqlite:///{folder}/journal-{off}.db"), lambda value: redactor.value(value).value
            )
        )
        connectors = _connectors(world, places, metrics, off)
        for connector in connectors:
            stack.push_async_callback(connector.close)
        quotas = Quotas(UNLIMITED)
        config = SlackConfig(api_url=slack.api_url, connections=1, grace_s=1)
        model = _model(server, off)
        stack.push_async_callback(model.close)
        investigator = Investigator(
            broker=Broker(connectors, redactor, limits, policies, quotas, world.catalogue),
            journal=journal,
            advisor=ModelAdvisor(model, load_prompts(), lambda text: redactor.text(text)[0]),
            fallback=OfflineAdvisor(),
            catalogue=world.catalogue,
            limits=Limits(model_calls=20, tool_calls=500, cost_usd=1000.0),
            first_look=FirstLookConfig(),
            clock=lambda: world.now,
            checker={"claims are checked": weak.believing, "commands are parsed": weak.by_first_word}.get(
                off or "", check
            ),
            own=Threads(web_client(slack.bot_token, config)).of,
        )
        service = SlackService(
            slack.bot_token, slack.app_token, config, journal, investigator, policies, quotas, voice=_voice(off)
        )
        await service.start()
        try:
            yield Stage(slack, service, metrics, folder / f"journal-{off}.db", logs)
        finally:
            await service.stop()


def _connectors(world: World, places: Places, metrics: Watched, off: str | None) -> tuple[Connector, ...]:
    assert world.docs is not None
    prometheus: Connector = PrometheusConnector(metrics)
    docs: Connector = DocsConnector(DocsConfig(folders=(DocsFolder(name="docs", path=world.docs),)))
    git = GitConnector(GitConfig(repositories=(RepositoryConfig(name="shop", path=places.repository),)))
    if off == "windows are bounded":
        prometheus = weak.open_windows(prometheus, metrics)
    if off == "paths stay inside":
        docs = weak.open_paths(docs, world.docs)
    more = (weak.acting(),) if off == "no tool acts" else ()
    alerts = AlertmanagerConnector(RecordedAlerts(world))
    return (prometheus, alerts, RecordedChanges(world), RecordedLogs(world), docs, git, weak.jobs(), *more)


def _model(server: ModelServer, off: str | None) -> ClaudeModel:
    kind = weak.Chatty if off == "outside text only in tool results" else ClaudeModel
    prompts = load_prompts()
    config = ClaudeConfig.model_validate({"base_url": server.url, "max_retries": 0, "stream_retries": 0})
    return kind(config, lambda: server.api_key, load_models(), prompts.system, prompts.hash)


def _voice(off: str | None) -> Any:
    rendering = {
        "text is literal": weak.Marked(),
        "nothing is hidden": weak.Unstripped(),
        "messages are bounded": weak.Unbounded(),
        "links lead to our pages": Literal(weak.AnyPage()),
    }.get(off or "", Literal(PAGES))
    delivery = weak.Wandering if off == "answers stay in the thread" else Delivery

    def made(client: AsyncWebClient, journal: Journal) -> SlackVoice:
        return SlackVoice(client, delivery(client, journal), rendering)

    return made


def _policy(slack: LocalSlack, *, everything: bool) -> dict[str, Any]:
    every = {"all": True}
    seen = {"repositories": every, "docs": every, "metrics": every, "tools": every}
    services = every if everything else ["shop", "basket", "store"]
    channel = {"name": "incidents", "who": {"all": True}, "services": services}
    return {"channels": {slack.state.channel("incidents").id: seen | channel}}
