"""Reading the thread a question was asked in, for the tool of that name."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.connectors.contract import Connector, Unavailable
from sre_advisor.connectors.thread import Post, ThreadConnector
from sre_advisor.model import Question
from sre_advisor.slack.paging import PAGE, paged
from sre_advisor.slack.trouble import reason_of

PAGES = 3
"""Calls of one read: beyond that a thread is shown from its beginning only."""


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
        read = paged(
            lambda cursor: self._client.conversations_replies(channel=channel, ts=thread, limit=PAGE, cursor=cursor),
            PAGES,
        )
        with _unavailable():
            found = [message async for message in read]
        # The question itself is the user's message already, and our own answers are in the conversation.
        me = await self._who_am_i()
        return [_post(m) for m in found if m.get("ts") != asked and not {m.get("user"), m.get("bot_id")} & me]

    async def _who_am_i(self) -> frozenset[str]:
        """Our own ids in the workspace, asked once."""
        if not self._me:
            with _unavailable():
                told = await self._client.auth_test()
            self._me = frozenset(str(told[key]) for key in ("user_id", "bot_id") if told.get(key))
        return self._me


@contextmanager
def _unavailable() -> Generator[None]:
    """Turn what a call to Slack raises into what a connector raises."""
    try:
        yield
    except SlackApiError as error:
        reason = reason_of(error)
        kind = "unauthorised" if reason in ("missing_scope", "not_in_channel") else "server_error"
        raise Unavailable(kind, f"Slack does not show this thread ({reason})") from None
    except (OSError, TimeoutError, ClientError):
        raise Unavailable("unreachable", "Slack cannot be asked now") from None


def _post(message: Mapping[str, Any]) -> Post:
    person = message.get("user") if not message.get("bot_id") else None
    return Post(
        author=str(person or message.get("username") or message.get("bot_id") or "unknown"),
        at=datetime.fromtimestamp(float(message["ts"]), UTC),
        text=str(message.get("text") or ""),
        by_app=person is None,
    )
