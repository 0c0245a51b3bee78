"""Events in: stored before they are acknowledged, each message once."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from slack_bolt.async_app import AsyncApp
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.broker.policy import Policies
from sre_advisor.broker.policy.decide import follow_ups, view_of
from sre_advisor.journal.events import QuestionAsked, QuestionRefused
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.beginnings import Beginnings
from sre_advisor.slack.config import SlackConfig
from sre_advisor.slack.course import EDITED_WITHIN, KINDS, diagnosed, is_edit, open_questions
from sre_advisor.slack.route import Incoming, Me, route
from sre_advisor.slack.trouble import RateLimitsWaitedOut

log = structlog.get_logger(__name__)

Take = Callable[[Question], object]
NOT_KEPT = "(not kept: the policy does not list this channel)"


class Talk(Protocol):
    """Whoever knows what else than questions people tell the advisor."""

    async def said(self, question: Question, incoming: Incoming) -> bool:
        """Store what the message says, unless it is a question; whether it was something else."""
        ...

    async def happened(self, body: Mapping[str, Any]) -> None:
        """Store what an event that is no message tells."""
        ...


def web_client(token: str, config: SlackConfig) -> AsyncWebClient:
    """A client that waits out rate limits, and repeats nothing else by itself.

    slack_sdk's own list of handlers also repeats a call whose answer was lost, which says a message twice.
    """
    handlers: list[AsyncRetryHandler] = [RateLimitsWaitedOut(max_retry_count=2)]
    return AsyncWebClient(token=token, base_url=config.api_url, retry_handlers=handlers)


class Ingress:
    """Decides what is for the advisor, stores it, and hands it on."""

    def __init__(
        self,
        me: Me,
        config: SlackConfig,
        journal: Journal,
        policies: Policies,
        take: Take,
        talk: Talk,
        beginnings: Beginnings | None = None,
    ) -> None:
        self._me, self._config, self._journal, self._policies, self._take = me, config, journal, policies, take
        self._talk, self._beginnings = talk, beginnings

    def register(self, app: AsyncApp) -> None:
        """Attach the middleware that stores before Slack is told, and acknowledge everything else."""
        app.middleware(self.store)
        app.event(re.compile(r".*"))(_acknowledge)
        app.action(re.compile(r".*"))(_acknowledge_interaction)

    async def store(self, body: dict[str, Any], next_: Callable[[], Awaitable[None]]) -> None:
        """Runs before the acknowledgement: an exception here means no acknowledgement, so Slack delivers again."""
        await self.hear(body)
        await next_()

    async def hear(self, body: dict[str, Any]) -> None:
        """Store what an event says, if it is for the advisor."""
        incoming = route(body, self._me)
        if incoming is not None and await self._for_us(incoming):
            await self._keep(incoming)
        elif incoming is None:
            await self._talk.happened(body)

    async def _keep(self, incoming: Incoming) -> None:
        question = question_of(incoming, self._kept_text(incoming))
        if incoming.edited is None and await self._talk.said(question, incoming):
            return
        asked = QuestionAsked(investigation=question.investigation, question=question.id, asked=question)
        if await self._journal.append_once(asked, incoming.key):
            log.info("question_stored", action="store", question=question.id)
            self._take(question)

    async def _for_us(self, incoming: Incoming) -> bool:
        if self._config.channels and incoming.channel not in self._config.channels:
            return False
        if incoming.edited is not None:
            return await self._edits_an_open_question(incoming)
        if incoming.addressed:
            return True
        if follow_ups(self._policies.policy, incoming.channel) != "thread":
            return False
        return await self._ours(incoming)

    async def _edits_an_open_question(self, incoming: Incoming) -> bool:
        """Whether the message that was edited is being answered, so that the edit says what is meant."""
        events = await self._journal.of_investigation(incoming.investigation, *KINDS)
        edited = question_of(incoming, incoming.text)
        being = [q for q in open_questions(events) if is_edit(q, edited) and not diagnosed(q, events)]
        soon = float(incoming.edited or 0) - float(incoming.ts) <= EDITED_WITHIN.total_seconds()
        return soon and any(q.asker == incoming.user and q.text != incoming.text for q in being)

    async def _ours(self, incoming: Incoming) -> bool:
        """Whether the thread began with a question to the advisor that the policy did not refuse."""
        past = await self._journal.of_investigation(incoming.investigation, "question_asked", "question_refused")
        asked = [e.asked for e in past if isinstance(e, QuestionAsked)]
        first = next((q for q in asked if q.ts == q.thread_ts), None)
        if first is None:  # its event may still be on the way: events come in any order, and again after minutes
            beginnings = self._beginnings
            return beginnings is not None and await beginnings.with_us(
                incoming.channel, incoming.thread_ts, incoming.ts
            )
        return not any(isinstance(e, QuestionRefused) and e.question == first.id and e.by == "policy" for e in past)

    def _kept_text(self, incoming: Incoming) -> str:
        """Nothing people write where the advisor has no business is kept; the refusal is on record without it."""
        listed = view_of(self._policies.policy, incoming.channel) is not None
        return incoming.text if listed else NOT_KEPT


def question_of(incoming: Incoming, text: str) -> Question:
    """The question that a message may be."""
    return Question(
        id=incoming.question,
        investigation=incoming.investigation,
        text=text,
        asked_at=datetime.fromtimestamp(float(incoming.edited or incoming.ts), UTC),
        asker=incoming.user,
        team=incoming.home_team or incoming.team,
        channel=incoming.channel,
        thread_ts=incoming.thread_ts,
        ts=incoming.ts,
        externally_shared=incoming.externally_shared,
    )


async def _acknowledge() -> None:
    """An event nobody else wants is acknowledged by being listened to."""


async def _acknowledge_interaction(ack: Callable[[], Awaitable[object]]) -> None:
    await ack()
