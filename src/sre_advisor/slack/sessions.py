"""The native Stop button: Slack shows it while the thread's agent session is said to be processing."""

from __future__ import annotations

from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.journal.events import StopAsked
from sre_advisor.model import Question
from sre_advisor.slack.askers import Askers
from sre_advisor.slack.courtesy import courtesy

TITLE = 150
"""Characters of the question that name its session; Slack takes 200."""


class Sessions:
    """Says where something runs that can be stopped; a courtesy: failing is no harm, the word “stop” works as well."""

    def __init__(self, client: AsyncWebClient, askers: Askers) -> None:
        self._client, self._askers = client, askers

    async def begin(self, question: Question) -> None:
        """Show the Stop button in the question's thread."""
        await self._set(question, "processing", inert(one_line(question.text))[:TITLE] or None)

    async def end(self, question: Question) -> None:
        """Take it away."""
        await self._set(question, "active", None)

    async def stopped(self, stop: StopAsked) -> str:
        """Who stopped it and when, in words."""
        who = await self._askers.name(stop.user)
        return f"Stopped by {inert(one_line(who))} at {stop.at:%H:%M:%S} UTC"

    async def _set(self, question: Question, status: str, title: str | None) -> None:
        if not question.channel or not question.thread_ts:
            return
        async with courtesy("session"):
            await self._client.agents_sessions_setStatus(
                channel_id=question.channel, thread_ts=question.thread_ts, status=status, title=title
            )
