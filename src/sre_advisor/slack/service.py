"""The advisor in a workspace: connected, listening, working, and stopped without losing anything."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.quota import Quotas
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.about import Sources
from sre_advisor.slack.answering import Answering, Answers
from sre_advisor.slack.askers import Askers
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.delivery import PATIENCE, Delivery, Literal, SlackVoice
from sre_advisor.slack.door import Door
from sre_advisor.slack.feedback import Closed, nobody
from sre_advisor.slack.ingress import Ingress, web_client
from sre_advisor.slack.orders import Orders, is_order
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.route import Me
from sre_advisor.slack.sessions import Sessions
from sre_advisor.slack.talk import NO_SOURCES, SideTalk
from sre_advisor.slack.trouble import SlackUnavailable, Undeliverable, told_apart
from sre_advisor.work.embedded import EmbeddedWorker

log = structlog.get_logger(__name__)


class SlackRefused(Exception):
    """Slack does not accept a token; the message says which and what to do."""


MakeVoice = Callable[[AsyncWebClient, Journal], SlackVoice]


def literal_voice(
    client: AsyncWebClient,
    journal: Journal,
    pages: Pages = NOWHERE,
    patience: Patience = PATIENCE,
    *,
    plan: bool = True,
) -> SlackVoice:
    """The voice that is used: text literal, links to the given pages alone, each message in its question's thread."""
    return SlackVoice(client, Delivery(client, journal, patience), Literal(pages), plan=plan)


class SlackService:
    """One process's part of the advisor in Slack."""

    def __init__(
        self,
        bot_token: str,
        app_token: str,
        config: SlackConfig,
        journal: Journal,
        investigator: Answers,
        policies: Policies,
        quotas: Quotas,
        *,
        voice: MakeVoice = literal_voice,
        sources: Sources = NO_SOURCES,
        closed: Closed = nobody,
    ) -> None:
        self._app_token, self._config, self._journal = app_token, config, journal
        self.client = web_client(bot_token, config)
        self._policies, self._askers = policies, Askers(self.client)
        door = Door(policies, quotas, self._askers, journal)
        speaking = voice(self.client, journal)
        self.worker = EmbeddedWorker(
            Answering(investigator, speaking, journal, door, Sessions(self.client, self._askers))
        )
        self._talk = SideTalk(self.client, config, journal, policies, door, speaking, self._take, sources, closed)
        self._orders = Orders(policies, self._askers, speaking, journal)
        self._obeying: set[asyncio.Task[None]] = set()
        self._handlers: list[AsyncSocketModeHandler] = []

    async def start(self) -> Me:
        """Connect, take up what an earlier process left unfinished, and listen; raises SlackRefused."""
        me = await self._who_am_i()
        self._askers.home = me.team
        app = AsyncApp(client=self.client, ignoring_self_events_enabled=False)
        ingress = Ingress(me, self._config, self._journal, self._policies, self._take, self._talk)
        await self._talk.register(app, me)
        ingress.register(app)
        for question in await self._journal.unfinished():
            if question.channel:
                log.info("question_resumed", action="resume", question=question.id)
                self._take(question)
        for _ in range(self._config.connections):
            handler = AsyncSocketModeHandler(app, self._app_token, web_client=self.client)
            await self._connect(handler)
            self._handlers.append(handler)
        log.info("connected", action="connect", workspace=me.team, user=me.user)
        return me

    def _take(self, question: Question) -> None:
        """Give the worker a question; an order about everything does not wait for what runs in its thread."""
        if not is_order(question.text):
            self.worker.submit(question)
            return
        task = asyncio.create_task(self._orders.carry_out(question))
        self._obeying.add(task)
        task.add_done_callback(self._obeying.discard)

    async def stop(self) -> None:
        """Take nothing new, finish what runs within the grace period, leave the rest to the next start."""
        for handler in self._handlers:
            await handler.close_async()
        await asyncio.gather(*self._obeying, return_exceptions=True)
        await self._talk.stop(self._config.grace_s)
        await self.worker.drain(self._config.grace_s)

    async def _who_am_i(self) -> Me:
        try:
            with told_apart():
                told = await self.client.auth_test()
        except Undeliverable as refused:
            raise SlackRefused(
                f"Slack refuses SLACK_BOT_TOKEN ({refused.reason}): install the app again and copy the "
                "bot token (xoxb-…) from OAuth & Permissions"
            ) from None
        except SlackUnavailable as trouble:
            raise self._away(trouble) from None
        return Me(user=str(told["user_id"]), team=str(told["team_id"]), name=str(told.get("user") or "sre-advisor"))

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        try:
            with told_apart():
                await handler.connect_async()
        except Undeliverable as refused:
            raise SlackRefused(
                f"Slack refuses SLACK_APP_TOKEN ({refused.reason}): make an app-level token with "
                "connections:write under Basic Information (xapp-…)"
            ) from None
        except SlackUnavailable as trouble:
            raise self._away(trouble) from None

    def _away(self, trouble: SlackUnavailable) -> SlackRefused:
        return SlackRefused(
            f"Slack cannot be reached at {self._config.api_url} ({trouble}): check the network, then start again"
        )
