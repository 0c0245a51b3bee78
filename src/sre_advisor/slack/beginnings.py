"""How a thread began, as Slack has it: for replies that come before the message they reply to."""

from __future__ import annotations

from collections import OrderedDict

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.slack.route import Me
from sre_advisor.slack.trouble import Undeliverable, told_apart

log = structlog.get_logger(__name__)

YOUNG_S = 900.0
"""Seconds between a thread's first message and a reply after which nothing of its beginning is still on the way:
Slack delivers again for about six minutes."""
KEPT = 10_000
"""Threads remembered."""


class Beginnings:
    """Asks Slack once for each young thread that nothing is on record about."""

    def __init__(self, client: AsyncWebClient, me: Me) -> None:
        self._client, self._me = client, me
        self._known: OrderedDict[tuple[str, str], bool] = OrderedDict()

    async def with_us(self, channel: str, thread_ts: str, ts: str) -> bool:
        """Whether a person began the thread by mentioning the advisor; raises SlackUnavailable.

        A reply that is dropped because the thread's first event comes later, or again, would never be answered.
        """
        if float(ts) - float(thread_ts) > YOUNG_S:
            return False
        key = (channel, thread_ts)
        if key not in self._known:
            self._known[key] = await self._asked(channel, thread_ts)
            if len(self._known) > KEPT:
                self._known.popitem(last=False)
        return self._known[key]

    async def _asked(self, channel: str, thread_ts: str) -> bool:
        try:
            with told_apart():
                page = await self._client.conversations_replies(channel=channel, ts=thread_ts, limit=1)
        except Undeliverable as refused:  # no right to read there, or the message is gone
            log.info("beginning_not_told", action="conversations.replies", error=refused.reason)
            return False
        messages = page.get("messages") or [{}]
        first = messages[0] if messages[0].get("ts") == thread_ts else {}
        text = str(first.get("text") or "")
        mentioned = f"<@{self._me.user}>" in text or f"<@{self._me.user}|" in text
        return mentioned and not first.get("bot_id") and first.get("user") != self._me.user
