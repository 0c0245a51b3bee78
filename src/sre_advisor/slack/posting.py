"""The calls to Slack that put something into a thread, change it there, or find it again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.slack.attachments import Attachment
from sre_advisor.slack.blocks import Block
from sre_advisor.slack.paging import PAGE, paged
from sre_advisor.slack.render import Message, plain
from sre_advisor.slack.trouble import Undeliverable, told_apart

log = structlog.get_logger(__name__)

EVENT_TYPE = "sre_advisor_message"
"""Metadata by which the advisor finds a message of its own again."""
FORM = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text")
"""Errors about how a message is made, which another form of it may cure."""


@dataclass(frozen=True, slots=True)
class Place:
    """A thread of a channel."""

    channel: str
    thread: str | None


class Posting:
    """Posts, edits, uploads and finds; raises Undeliverable or SlackUnavailable."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def post(self, place: Place, key: str, message: Message) -> str:
        """Post and return the ts; a message whose form Slack refuses goes once more as plain text."""
        try:
            return await self._post(place, key, message)
        except Undeliverable as refused:
            if refused.reason not in FORM:
                raise
            log.warning("message_refused", action="post_plain", error=refused.reason, key=key)
        return await self._post(place, key, plain(message))

    async def edit(self, place: Place, ts: str, key: str, message: Message) -> None:
        """Let a message of our own read otherwise; plain where Slack refuses the form."""
        try:
            await self._edit(place, ts, key, message)
        except Undeliverable as refused:
            if refused.reason not in FORM:
                raise
            log.warning("message_refused", action="edit_plain", error=refused.reason, key=key)
            await self._edit(place, ts, key, plain(message))

    async def upload(self, place: Place, attachment: Attachment) -> str:
        """Put a file into the thread and return its id."""
        with told_apart():
            response = await self._client.files_upload_v2(
                channel=place.channel,
                thread_ts=place.thread,
                file=attachment.content,
                filename=attachment.name,
                title=attachment.title,
                alt_txt=attachment.alt or None,
                snippet_type=attachment.snippet,
            )
        files: Sequence[dict[str, Any]] = response.get("files") or []
        return str(files[0].get("id")) if files else attachment.name

    async def find_message(self, place: Place, key: str) -> str | None:
        """The ts of our own message with this key, if Slack took it without our learning of it."""
        for message in await self._thread(place):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and (metadata.get("event_payload") or {}).get("key") == key:
                return str(message["ts"])
        return None

    async def find_file(self, place: Place, name: str) -> str | None:
        """The id of a file of this name in the thread, if Slack took it without our learning of it."""
        files = (f for m in await self._thread(place) for f in m.get("files") or ())
        return next((str(f.get("id")) for f in files if f.get("name") == name), None)

    async def _post(self, place: Place, key: str, message: Message) -> str:
        with told_apart():
            response = await self._client.chat_postMessage(
                channel=place.channel,
                thread_ts=place.thread,
                blocks=list(message.blocks) or None,
                text=message.text,
                unfurl_links=False,
                unfurl_media=False,
                metadata=_metadata(key),
            )
        return str(response["ts"])

    async def _edit(self, place: Place, ts: str, key: str, message: Message) -> None:
        blocks: list[Block] = list(message.blocks)
        with told_apart():  # an empty list takes the old blocks away: left out, they would stay
            await self._client.chat_update(
                channel=place.channel, ts=ts, blocks=blocks, text=message.text, metadata=_metadata(key)
            )

    async def _thread(self, place: Place) -> list[dict[str, Any]]:
        """The whole thread; nothing where it may not be read: what was said twice is better than what was not said."""
        found: list[dict[str, Any]] = []
        read = paged(
            lambda cursor: self._client.conversations_replies(
                channel=place.channel, ts=place.thread or "", include_all_metadata=True, limit=PAGE, cursor=cursor
            )
        )
        try:
            with told_apart():
                async for message in read:
                    found.append(message)  # noqa: PERF401 - what was read before a refusal is kept
        except Undeliverable as refused:
            log.warning("thread_not_readable", action="find", error=refused.reason, channel=place.channel)
        return found


def _metadata(key: str) -> dict[str, Any]:
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
