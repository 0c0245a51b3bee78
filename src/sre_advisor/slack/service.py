"""The advisor in a workspace: connected, listening, working, and stopped without losing anything."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import structlog
from aiohttp import ClientSession, TCPConnector
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.quota import Quotas
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.model import Question
from sre_advisor.slack.about import Sources
from sre_advisor.slack.answering import Answering, Answers
from sre_advisor.slack.arrivals import Arrivals
from sre_advisor.slack.askers import Askers
from sre_advisor.slack.beginnings import Beginnings
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.door import Door
from sre_advisor.slack.feedback import Closed, nobody
from sre_advisor.slack.ingress import Ingress, web_client
from sre_advisor.slack.missed import Missed
from sre_advisor.slack.orders import Orders, is_order
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.patience import PATIENCE, Patience
from sre_advisor.slack.rendering import Literal
from sre_advisor.slack.route import Me
from sre_advisor.slack.sessions import Sessions
from sre_advisor.slack.talk import NO_SOURCES, SideTalk
from sre_advisor.slack.trouble import SlackUnavailable, TokenRefused, Undeliverable, told_apart
from sre_advisor.slack.voice import SlackVoice
from sre_advisor.work.contract import MakeWorker
from sre_advisor.work.embedded import EmbeddedWorker
from sre_advisor.work.ending import end_within

log = structlog.get_logger(__name__)

PING_S = 3.0
"""How often a socket shows that it lives; slack_sdk also waits so long before it tries again to connect."""
GREETING_S = 2.0
"""A sign of life that takes longer comes from the answering itself."""
SWEEP_S = 20.0
"""How often the journal is searched for questions that nobody works on."""


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
        working: MakeWorker = EmbeddedWorker,
        signing_secret: str | None = None,
        sources: Sources = NO_SOURCES,
        closed: Closed = nobody,
    ) -> None:
        self._app_token, self._config, self._journal = app_token, config, journal
        self.client = web_client(bot_token, config)
        self._policies, self._askers = policies, Askers(self.client)
        self._door = door = Door(policies, quotas, self._askers, journal)
        self._voice = speaking = voice(self.client, journal)
        self._answering = Answering(investigator, speaking, journal, door, Sessions(self.client, self._askers))
        self.worker = working(self._unhurried)
        self._talk = SideTalk(self.client, config, journal, policies, door, speaking, self._take, sources, closed)
        self._orders = Orders(policies, self._askers, speaking, journal)
        self._greeting: dict[str, asyncio.Task[None]] = {}
        self._arrivals = Arrivals()
        self._obeying: dict[str, asyncio.Task[None]] = {}
        self._sweeping: asyncio.Task[None] | None = None
        self._catching_up: asyncio.Task[None] | None = None
        self._handlers: list[AsyncSocketModeHandler] = []
        self.app = _bolt(self.client, signing_secret)
        self.stopping = False

    async def start(self) -> Me:
        """Connect, take up what an earlier process left unfinished, and listen; raises SlackRefused."""
        # One pool of connections: slack_sdk would make a new one for each call.
        self.client.session = ClientSession(connector=TCPConnector(limit=0))
        try:
            return await self._started()
        except BaseException:
            await self.stop()  # what it took up before is not left to die with its journal closed
            raise

    async def _started(self) -> Me:
        me = await self._who_am_i()
        self._askers.home = me.team
        self.app.middleware(self._arrivals.count)
        beginnings = Beginnings(self.client, me)
        ingress = Ingress(me, self._config, self._journal, self._policies, self._take, self._talk, beginnings)
        await self._talk.register(self.app, me)
        ingress.register(self.app)
        await self.worker.start()
        await self._take_up()
        self._sweeping = asyncio.create_task(self._sweep())
        sockets = self._config.connections if self._config.mode == "socket" else 0
        self._handlers = [
            AsyncSocketModeHandler(self.app, self._app_token, web_client=self.client, ping_interval=PING_S)
            for _ in range(sockets)
        ]
        await asyncio.gather(*map(self._connect, self._handlers))
        missed = Missed(self.client, self._journal, self._policies, me, ingress.hear)
        self._catching_up = asyncio.create_task(self._caught_up(missed))
        log.info("connected", action="connect", workspace=me.team, user=me.user)
        return me

    async def _caught_up(self, missed: Missed) -> None:
        try:
            await missed.catch_up()
        except Exception:  # what was missed must not keep what comes from being answered
            log.exception("catching_up_failed", action="catch_up")

    async def is_connected(self) -> bool:
        """Whether events can arrive: over one socket at least, or over HTTP, where Slack comes to us."""
        if self._config.mode == "http":
            return True
        return any(await asyncio.gather(*(handler.client.is_connected() for handler in self._handlers)))

    def _take(self, question: Question) -> None:
        """Give the worker a question; an order about everything does not wait for what runs in its thread."""
        if not is_order(question.text):
            self.worker.submit(question)
            self._greet(question)
        elif question.id not in self._obeying:
            task = self._obeying[question.id] = asyncio.create_task(self._obey(question))
            task.add_done_callback(lambda _: self._obeying.pop(question.id, None))

    def _greet(self, question: Question) -> None:
        """Show that the question arrived, however many are worked on before it."""
        if question.id not in self._greeting:
            task = self._greeting[question.id] = asyncio.create_task(self._greeted(question))
            task.add_done_callback(lambda _: self._greeting.pop(question.id, None))

    async def _greeted(self, question: Question) -> None:
        try:
            async with asyncio.timeout(GREETING_S):
                if await self._door.forbidden(question) is None:
                    await self._voice.greet(question)
        except (JournalUnavailable, TimeoutError) as trouble:  # a courtesy: the answer does not depend on it
            log.info("not_greeted", action="status", error=type(trouble).__name__)

    async def _unhurried(self, question: Question) -> None:
        """Answer, but let everybody who comes at the same moment be heard and greeted first."""
        if question.id in self._greeting:
            await asyncio.wait({self._greeting[question.id]})
        await self._arrivals.over()
        await self._answering(question)

    async def _obey(self, question: Question) -> None:
        try:
            async with self.worker.alone(question.id) as mine:  # another process may have found it in the journal
                if mine and not await self._journal.is_closed(question):
                    await self._orders.carry_out(question)
        except Exception:  # an order is stored like a question, and taken up again like one
            log.exception("order_failed", action="order", question=question.id)

    async def _take_up(self) -> None:
        """Go on with what is on record and open, and nobody works on: after a crash, or when the queue was away."""
        unfinished = await self._journal.unfinished()
        for order in (q for q in unfinished if is_order(q.text)):
            self._take(order)
        taken = await self.worker.take_up([q for q in unfinished if not is_order(q.text)])
        if taken:
            log.info("questions_resumed", action="resume", questions=taken)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_S)
            try:
                await self._take_up()
            except JournalUnavailable as trouble:
                log.error("journal_unavailable", action="resume", error=str(trouble))

    async def stop(self) -> None:
        """Take nothing new, finish what runs within the grace period, leave the rest to others or the next start."""
        if self.stopping:
            return
        self.stopping = True
        for handler in self._handlers:
            await handler.close_async()
        for task in (self._sweeping, self._catching_up):
            if task is not None:
                task.cancel()
        await end_within(self._config.grace_s, self._obeying.values())
        await self._talk.stop(self._config.grace_s)
        await self.worker.drain(self._config.grace_s)
        for task in self._greeting.values():
            task.cancel()
        if self.client.session is not None:
            await self.client.session.close()

    async def _who_am_i(self) -> Me:
        try:
            with told_apart():
                told = await self.client.auth_test()
        except (Undeliverable, TokenRefused) as refused:
            raise SlackRefused(
                f"Slack refuses SLACK_BOT_TOKEN ({refused.reason}): install the app again and copy the "
                "bot token (xoxb-…) from OAuth & Permissions"
            ) from None
        except SlackUnavailable as trouble:
            raise self._away(trouble) from None
        return Me(user=str(told["user_id"]), team=str(told["team_id"]), name=str(told.get("user") or "sre-advisor"))

    async def _connect(self, handler: AsyncSocketModeHandler) -> None:
        # Once connecting, slack_sdk asks for an address for ever, also with a token that is refused each time.
        try:
            with told_apart():
                handler.client.wss_uri = await handler.client.issue_new_wss_url()
        except (Undeliverable, TokenRefused) as refused:
            raise SlackRefused(
                f"Slack refuses SLACK_APP_TOKEN ({refused.reason}): make an app-level token with "
                "connections:write under Basic Information (xapp-…)"
            ) from None
        except SlackUnavailable as trouble:
            log.warning("not_yet_connected", action="connect", error=str(trouble))
        await handler.connect_async()

    def _away(self, trouble: SlackUnavailable) -> SlackRefused:
        return SlackRefused(
            f"Slack cannot be reached at {self._config.api_url} ({trouble}): check the network, then start again"
        )


def _bolt(client: AsyncWebClient, signing_secret: str | None) -> AsyncApp:
    """The app; its warning that it does not use the token of the environment (the client has it) would only alarm."""
    bolts = logging.getLogger(f"slack_bolt.{AsyncApp.__name__}")
    level = bolts.level
    bolts.setLevel(logging.ERROR)
    try:
        # Without a name it looks through the whole call stack for one, which takes a tenth of a second.
        return AsyncApp(
            name="sre-advisor", client=client, signing_secret=signing_secret, ignoring_self_events_enabled=False
        )
    finally:
        bolts.setLevel(level)
