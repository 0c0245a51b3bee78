"""Putting messages into Slack once, even when the program dies between asking and hearing back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.journal.events import MessageIntended, MessageSent
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.attachments import Attachment
from sre_advisor.slack.pace import Pace
from sre_advisor.slack.patience import PATIENCE, Patience
from sre_advisor.slack.posting import Place, Posting
from sre_advisor.slack.render import Message


class Delivery:
    """Lets each part of an answer stand in its thread once; a part that was sent is not sent again."""

    def __init__(self, client: AsyncWebClient, journal: Journal, patience: Patience = PATIENCE) -> None:
        self._client, self._journal, self._patience = client, journal, patience
        self._posting = Posting(client)
        self._pace = Pace()

    async def post(self, question: Question, part: str, message: Message) -> str:
        """Post one part of an answer into the question's thread and return its ts, however long Slack is away.

        Raises Undeliverable when Slack will not take it.
        """
        sent = await self._sent(question, part)
        return (sent or await self._post(question, part, message)).ts

    async def show(self, question: Question, part: str, message: Message) -> str:
        """Let one part of an answer read so: post it, or edit what stands there, and return its ts.

        What was intended and not seen to be done is done again: an edit is the same twice. Raises Undeliverable.
        """
        sent = await self._sent(question, part) or await self._post(question, part, message)
        if sent.digest == digest(message):
            return sent.ts
        place, key = _place(question), _key(question, part)
        await self._intend(question, part, digest(message))

        async def send() -> str:
            await self._pace.turn(place.channel)
            await self._posting.edit(place, sent.ts, key, message)
            return sent.ts

        await self._patience.until_taken(send, _nothing, perhaps_done=False)
        return (await self._keep(question, part, sent.ts, digest(message))).ts

    async def touch(self, question: Question, part: str, ts: str, message: Message) -> None:
        """Edit a message once it may be edited, for what is soon out of date: not on record, and not tried again.

        Raises Undeliverable or SlackUnavailable.
        """
        place = _place(question)
        await self._posting.edit(place, ts, _key(question, part), message)

    async def free(self, question: Question) -> None:
        """Return when the question's channel takes an edit that nobody waits for."""
        await self._pace.free(_place(question).channel)

    async def seek(self, question: Question, part: str) -> str | None:
        """The ts of a part that may stand in the thread; None when it was never sent. Raises SlackUnavailable."""
        sent = await self._sent(question, part)
        if sent is not None:
            return sent.ts
        if not await self._intended(question, part):
            return None
        found = await self._posting.find_message(_place(question), _key(question, part))
        return None if found is None else (await self._keep(question, part, found, "")).ts

    async def upload(self, question: Question, part: str, attachment: Attachment) -> None:
        """Put a file into the question's thread, once; raises Undeliverable when Slack will not take it.

        An upload carries no metadata: after a crash it is found again by its file name, which is its part's own.
        """
        if await self._sent(question, part) is not None:
            return
        place = _place(question)
        send = partial(self._posting.upload, place, attachment)
        find = partial(self._posting.find_file, place, attachment.name)
        await self._once(question, part, send, find, hashlib.sha256(attachment.content).hexdigest()[:16])

    async def _post(self, question: Question, part: str, message: Message) -> MessageSent:
        place, key = _place(question), _key(question, part)
        send = partial(self._posting.post, place, key, message)
        return await self._once(question, part, send, partial(self._posting.find_message, place, key), digest(message))

    async def _once(
        self,
        question: Question,
        part: str,
        send: Callable[[], Awaitable[str]],
        find: Callable[[], Awaitable[str | None]],
        text: str,
    ) -> MessageSent:
        """Send a part unless it is there; what was intended before may be, and is looked for."""
        written: list[str] = []

        async def sending() -> str:
            ts = await send()
            written.append(ts)
            return ts

        intended = await self._intended(question, part)
        if not intended:
            await self._intend(question, part, text)
        ts = await self._patience.until_taken(sending, find, perhaps_done=intended)
        return await self._keep(question, part, ts, text if written else "")

    async def _sent(self, question: Question, part: str) -> MessageSent | None:
        """The last that is known of what stands in the thread as this part."""
        key = _key(question, part)
        past = await self._journal.of_investigation(question.investigation, "message_sent")
        return next((e for e in reversed(past) if isinstance(e, MessageSent) and e.key == key), None)

    async def _intended(self, question: Question, part: str) -> bool:
        key = _key(question, part)
        past = await self._journal.of_investigation(question.investigation, "message_intended")
        return any(isinstance(e, MessageIntended) and e.key == key for e in past)

    async def _intend(self, question: Question, part: str, text: str) -> None:
        place = _place(question)
        await self._journal.append(
            MessageIntended(
                investigation=question.investigation,
                question=question.id,
                key=_key(question, part),
                channel=place.channel,
                thread_ts=place.thread,
                digest=text,
            )
        )

    async def _keep(self, question: Question, part: str, ts: str, text: str) -> MessageSent:
        sent = MessageSent(
            investigation=question.investigation,
            question=question.id,
            key=_key(question, part),
            channel=_place(question).channel,
            ts=ts,
            digest=text,
        )
        await self._journal.append(sent)
        return sent


def digest(message: Message) -> str:
    """Names a message's text: the same for the same blocks and words."""
    whole = json.dumps([message.text, message.blocks], sort_keys=True, default=str)
    return hashlib.sha256(whole.encode("utf-8", "replace")).hexdigest()[:16]


async def _nothing() -> None:
    return None


def _place(question: Question) -> Place:
    return Place(question.channel or "", question.thread_ts)


def _key(question: Question, part: str) -> str:
    return f"{question.id}/{part}"
