"""Reading the thread a question was asked in, for the tool of that name."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from sre_advisor.connectors.contract import Connector, Unavailable
from sre_advisor.connectors.thread import Post, ThreadConnector
from sre_advisor.model import Question

PAGE, PAGES = 200, 3
"""Messages of one call and calls of one read: beyond that a thread is shown from its beginning only."""


class Threads:
    """Makes for each question a connector that reads its thread and no other."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._me: frozenset[str] = frozenset()

    def of(self, question: Question) -> tuple[Connector, ...]:
        """The connector of the question's own thread; none for a question from elsewhere."""
        if not question.channel or not question.thread_ts:
            return ()
        return (ThreadConnector(partial(self._posts, question.channel, question.thread_ts, question.ts)),)

    async def _posts(self, channel: str, thread: str, asked: str | None) -> Sequence[Post]:
        found: list[Mapping[str, Any]] = []
        cursor: str | None = None
        for _ in range(PAGES):
            page = await self._page(channel, thread, cursor)
            found += page.get("messages") or []
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        # The question itself is the user's message already, and our own answers are in the conversation.
        me = await self._who_am_i()
        return [_post(m) for m in found if m.get("ts") != asked and not {m.get("user"), m.get("bot_id")} & me]

    async def _who_am_i(self) -> frozenset[str]:
        """Our own ids in the workspace, asked once."""
        if not self._me:
            told = await self._asked(self._client.auth_test())
            self._me = frozenset(str(told[key]) for key in ("user_id", "bot_id") if told.get(key))
        return self._me

    async def _page(self, channel: str, thread: str, cursor: str | None) -> Mapping[str, Any]:
        return await self._asked(
            self._client.conversations_replies(channel=channel, ts=thread, limit=PAGE, cursor=cursor)
        )

    async def _asked(self, call: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
        try:
            response = await call
        except SlackApiError as error:
            reason = str(error.response.get("error") or "unknown_error")
            kind = "unauthorised" if reason in ("missing_scope", "not_in_channel") else "server_error"
            raise Unavailable(kind, f"Slack does not show this thread ({reason})") from None
        except (OSError, TimeoutError, ClientError):
            raise Unavailable("unreachable", "Slack cannot be asked now") from None
        return response.data if isinstance(response.data, dict) else {}


def _post(message: Mapping[str, Any]) -> Post:
    person = message.get("user") if not message.get("bot_id") else None
    return Post(
        author=str(person or message.get("username") or message.get("bot_id") or "unknown"),
        at=datetime.fromtimestamp(float(message["ts"]), UTC),
        text=str(message.get("text") or ""),
        by_app=person is None,
    )
