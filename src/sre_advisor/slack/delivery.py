"""Putting messages into Slack once, even when the program dies between asking and hearing back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.journal.events import MessageIntended, MessageSent
from sre_advisor.journal.store import Journal
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.slack import render
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.render import Message, plain
from sre_advisor.slack.trouble import Undeliverable, reason_of, told_apart

log = structlog.get_logger(__name__)

EVENT_TYPE = "sre_advisor_message"
"""Metadata by which the advisor finds a message of its own again."""
PAGE = 200
"""Messages of a thread read by one call."""
PATIENCE = Patience()

FORM = ("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text")
"""Errors about how a message is made, which another form of it may cure."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG with its title and the text that says what it shows."""

    png: bytes
    title: str
    alt: str


class Delivery:
    """Posts each message under a key; a key that was sent is not sent again."""

    def __init__(self, client: AsyncWebClient, journal: Journal, patience: Patience = PATIENCE) -> None:
        self._client, self._journal, self._patience = client, journal, patience

    async def post(self, question: Question, part: str, message: Message) -> str:
        """Post one part of an answer into the question's thread and return its ts, however long Slack is away.

        Raises Undeliverable when Slack will not take it.
        """
        key, channel, thread = f"{question.id}/{part}", question.channel or "", question.thread_ts
        find = partial(self._find, channel, thread, key)
        return await self._once(question, key, partial(self._send, channel, thread, key, message), find)

    async def upload(self, question: Question, part: str, picture: Picture) -> None:
        """Put a picture into the question's thread, once; raises Undeliverable when Slack will not take it.

        An upload carries no metadata: after a crash it is found again by its file name, which is the key's.
        """
        key, name = f"{question.id}/{part}", f"{part}-{question.id}.png"
        channel, thread = question.channel or "", question.thread_ts
        find = partial(self._find_file, channel, thread, name)
        await self._once(question, key, partial(self._put, channel, thread, name, picture), find)

    async def _once(
        self,
        question: Question,
        key: str,
        send: Callable[[], Awaitable[str]],
        find: Callable[[], Awaitable[str | None]],
    ) -> str:
        """Send what goes by this key unless it is there; what was intended before may be, and is looked for."""
        past = await self._journal.of_investigation(question.investigation, "message_intended", "message_sent")
        sent = next((e.ts for e in past if isinstance(e, MessageSent) and e.key == key), None)
        if sent is not None:
            return sent
        intended = any(isinstance(e, MessageIntended) and e.key == key for e in past)
        id_, investigation, channel = question.id, question.investigation, question.channel or ""
        if not intended:
            await self._journal.append(
                MessageIntended(
                    investigation=investigation, question=id_, key=key, channel=channel, thread_ts=question.thread_ts
                )
            )
        ts = await self._patience.until_taken(send, find, perhaps_done=intended)
        await self._journal.append(
            MessageSent(investigation=investigation, question=id_, key=key, channel=channel, ts=ts)
        )
        return ts

    async def _put(self, channel: str, thread: str | None, name: str, picture: Picture) -> str:
        with told_apart():
            response = await self._client.files_upload_v2(
                channel=channel,
                thread_ts=thread,
                file=picture.png,
                filename=name,
                title=picture.title,
                alt_txt=picture.alt,
            )
        files: list[dict[str, Any]] = response.get("files") or []
        return str(files[0].get("id")) if files else name

    async def _find_file(self, channel: str, thread: str | None, name: str) -> str | None:
        """The id of a file of this name in the thread, if Slack took it without our learning of it."""
        files = (f for m in await self._thread(channel, thread) for f in m.get("files") or ())
        return next((str(f.get("id")) for f in files if f.get("name") == name), None)

    async def _send(self, channel: str, thread: str | None, key: str, message: Message) -> str:
        """Post and return the ts; a message whose form Slack refuses goes once more as plain text."""
        try:
            return await self._call(channel, thread, key, message)
        except Undeliverable as refused:
            if refused.reason not in FORM:
                raise
            log.warning("message_refused", action="post_plain", error=refused.reason, key=key)
        return await self._call(channel, thread, key, plain(message))

    async def _call(self, channel: str, thread: str | None, key: str, message: Message) -> str:
        with told_apart():
            response = await self._client.chat_postMessage(
                channel=channel,
                thread_ts=thread,
                blocks=list(message.blocks) or None,
                text=message.text,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            )
        return str(response["ts"])

    async def _find(self, channel: str, thread: str | None, key: str) -> str | None:
        """The ts of our own message with this key, if Slack took it without our learning of it."""
        for message in await self._thread(channel, thread):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and (metadata.get("event_payload") or {}).get("key") == key:
                return str(message["ts"])
        return None

    async def _thread(self, channel: str, thread: str | None) -> list[dict[str, Any]]:
        """The whole thread; nothing where it may not be read: what was said twice is better than what was not said."""
        found: list[dict[str, Any]] = []
        cursor: str | None = None
        while True:
            try:
                with told_apart():
                    page = await self._client.conversations_replies(
                        channel=channel, ts=thread or "", include_all_metadata=True, limit=PAGE, cursor=cursor
                    )
            except Undeliverable as refused:
                log.warning("thread_not_readable", action="find", error=refused.reason, channel=channel)
                return found
            found += page.get("messages") or []
            cursor, before = (page.get("response_metadata") or {}).get("next_cursor"), cursor
            if not cursor or cursor == before:
                return found


class Rendering(Protocol):
    """How a first look and an answer become messages."""

    def first_look(self, look: FirstLook, evidence: Sequence[Evidence]) -> Message:
        """The first look."""
        ...

    def answer(self, given: Answer) -> Message:
        """The diagnosis."""
        ...


@dataclass(frozen=True, slots=True)
class Literal:
    """The one way that is used: all text literal, links to the given pages alone."""

    pages: Pages = NOWHERE

    def first_look(self, look: FirstLook, evidence: Sequence[Evidence]) -> Message:
        """The first look."""
        return render.first_look(look, evidence, self.pages)

    def answer(self, given: Answer) -> Message:
        """The diagnosis."""
        return render.answer(given, self.pages)


class SlackVoice:
    """Speaks in the thread of each question."""

    def __init__(self, client: AsyncWebClient, delivery: Delivery, rendering: Rendering) -> None:
        self._client, self._delivery, self._rendering = client, delivery, rendering

    async def working(self, question: Question, words: str) -> None:
        """Show beneath the thread that something is being done; "" takes it away. A courtesy: failing is no harm."""
        try:
            await self._client.assistant_threads_setStatus(
                channel_id=question.channel or "", thread_ts=question.thread_ts or "", status=words
            )
        except SlackApiError as error:
            log.info("status_refused", action="status", error=reason_of(error))
        except (OSError, TimeoutError, ClientError) as trouble:
            log.info("status_not_sent", action="status", error=type(trouble).__name__)

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Post the first look and go on thinking."""
        await self._delivery.post(question, "first_look", self._rendering.first_look(look, evidence))
        await self.working(question, "is weighing the evidence…")

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw the chart and put it beneath the first look; without files:write, or when Slack will not, go on."""
        from sre_advisor.investigate.drawing import draw

        png = await asyncio.to_thread(draw, chart)
        try:
            await self._delivery.upload(question, "chart", Picture(png, _said(chart.title), _said(chart.alt)))
        except Undeliverable as trouble:
            log.warning("chart_not_posted", action="chart", error=str(trouble))

    async def answer(self, answer: Answer) -> None:
        """Post the diagnosis."""
        await self._delivery.post(answer.question, "answer", self._rendering.answer(answer))

    async def whisper(self, question: Question, words: str) -> None:
        """Say a word to the asker alone. Where Slack does not carry it, the record alone has to do.

        In the channel when the question began a thread: Slack shows a word to one person in a thread only when the
        thread has replies already.
        """
        begun = question.thread_ts if question.thread_ts != question.ts else None
        try:
            await self._client.chat_postEphemeral(
                channel=question.channel or "", user=question.asker or "", thread_ts=begun, text=words
            )
        except SlackApiError as error:
            log.info("whisper_refused", action="whisper", error=reason_of(error))
        except (OSError, TimeoutError, ClientError) as trouble:
            log.info("whisper_not_sent", action="whisper", error=type(trouble).__name__)

    async def say(self, question: Question, part: str, words: str) -> None:
        """Post a short word of the advisor's own."""
        await self._delivery.post(question, part, render.notice(words))


def _said(text: str) -> str:
    return inert(one_line(text))
