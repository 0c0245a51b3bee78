"""What people wrote while nobody could hear it: Slack gives an event up after a few tries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from sre_advisor.broker.policy import Policies
from sre_advisor.journal.store import Journal
from sre_advisor.slack.paging import PAGE, Message, paged
from sre_advisor.slack.route import Me
from sre_advisor.slack.trouble import SlackUnavailable, Undeliverable, told_apart

log = structlog.get_logger(__name__)

LOOKED_BACK_S = 1800.0
"""Age in seconds beyond which a question is not answered any more: whoever asked has asked again."""
THREADS_BACK_S = 86_400.0
"""Age in seconds of a thread's first message beyond which its replies are not looked through."""
PAGES, THREADS = 5, 50
"""Pages of a channel or a thread, and threads of a channel, that are looked through at most."""
PAUSES = (0.0, 2.0, 10.0, 30.0, 60.0)
"""Seconds before each try while Slack is in trouble."""

Hear = Callable[[Message], Awaitable[None]]


class Missed:
    """Reads back, once connected, what was written in the policy's channels, and hears what is not on record."""

    def __init__(
        self,
        client: AsyncWebClient,
        journal: Journal,
        policies: Policies,
        me: Me,
        hear: Hear,
        pauses: Sequence[float] = PAUSES,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client, self._journal, self._policies, self._me, self._hear = client, journal, policies, me, hear
        self._pauses, self._clock = pauses, clock

    async def catch_up(self) -> None:
        """Hear what was missed in each channel; one that may not be read, or is out of reach, is left alone."""
        for channel in tuple(self._policies.policy.channels):
            for pause in self._pauses:
                await asyncio.sleep(pause)
                try:
                    await self._channel(channel)
                except SlackUnavailable as trouble:
                    log.info("missed_not_read", action="catch_up", channel=channel, error=str(trouble))
                    continue
                except Undeliverable as refused:  # no right to read there: what was missed stays missed
                    log.info("missed_not_readable", action="catch_up", channel=channel, error=refused.reason)
                break

    async def _channel(self, channel: str) -> None:
        """Only where somebody asked before: there it is on record whether strangers share the channel."""
        if not await self._journal.of_kinds("question_asked", under=f"{channel}-", most=1):
            return
        shared = '"externally_shared":true'
        told = await self._journal.of_kinds("question_asked", under=f"{channel}-", holding=shared, most=1)
        since = self._clock() - LOOKED_BACK_S
        for message in await self._written(channel, since):
            if await self._journal.question(f"{channel}-{message['ts']}") is None:
                await self._hear(_as_event(message, channel, self._me.team, shared=bool(told)))

    async def _written(self, channel: str, since: float) -> list[Message]:
        """Messages of people since then, in threads too, oldest first; raises SlackUnavailable or Undeliverable."""
        began = f"{self._clock() - THREADS_BACK_S:.6f}"
        roots = await _all(
            lambda cursor: self._client.conversations_history(channel=channel, oldest=began, limit=PAGE, cursor=cursor)
        )
        found = {str(m["ts"]): m for m in roots}
        for root in [m for m in roots if float(m.get("latest_reply") or 0) > since][:THREADS]:
            found |= {str(m["ts"]): m for m in await self._replies(channel, str(root["ts"]), since)}
        return [found[ts] for ts in sorted(found, key=float) if float(ts) > since and not found[ts].get("bot_id")]

    async def _replies(self, channel: str, thread_ts: str, since: float) -> list[Message]:
        return await _all(
            lambda cursor: self._client.conversations_replies(
                channel=channel, ts=thread_ts, oldest=f"{since:.6f}", limit=PAGE, cursor=cursor
            )
        )


async def _all(page_at: Callable[[str | None], Awaitable[AsyncSlackResponse]]) -> list[Message]:
    with told_apart():
        return [message async for message in paged(page_at, PAGES)]


def _as_event(message: Message, channel: str, team: str, *, shared: bool) -> Message:
    """The message as the event that would have told of it; what it says now is what is meant."""
    written = {key: value for key, value in message.items() if key != "edited"}
    event = {"team": team} | written | {"type": "message", "channel": channel, "channel_type": "channel"}
    return {"type": "event_callback", "team_id": team, "is_ext_shared_channel": shared, "event": event}
