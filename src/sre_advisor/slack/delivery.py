"""Putting messages into Slack once, even when the program dies between asking and hearing back."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from functools import partial

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.progress import Step
from sre_advisor.journal.events import MessageIntended, MessageSent
from sre_advisor.journal.store import Journal
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.slack import render
from sre_advisor.slack.attachments import Attachment, attachments, picture
from sre_advisor.slack.editing import Latest
from sre_advisor.slack.pace import Pace
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.posting import Place, Posting
from sre_advisor.slack.progress import LOOKING, WEIGHING, Progress
from sre_advisor.slack.render import Message
from sre_advisor.slack.rendering import Literal, Rendering
from sre_advisor.slack.trouble import Undeliverable, reason_of

__all__ = ["PATIENCE", "Delivery", "Literal", "Rendering", "SlackVoice"]

log = structlog.get_logger(__name__)

PATIENCE = Patience()
COURTESY_S = 3.0
"""Seconds an answer waits for what it does not depend on: slack_sdk would wait as long as a Retry-After says."""
SETTLED_S = 10.0
"""Seconds an answered question waits for the last edits above its answer, which then go on by themselves."""
WHISPER_S = 30.0
"""Seconds after which a word to one person is given up."""
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
"""Slack's words for a message that can no longer be edited, for example because a person deleted it."""


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


class SlackVoice:
    """Speaks in the thread of each question; with `plan` it also shows there how far the reading has come."""

    def __init__(self, client: AsyncWebClient, delivery: Delivery, rendering: Rendering, *, plan: bool = True) -> None:
        self._client, self._delivery, self._rendering = client, delivery, rendering
        self._plan = plan
        self._progress: dict[str, Progress] = {}
        self._looks: dict[str, Latest] = {}
        self._settling: set[asyncio.Task[None]] = set()

    async def greet(self, question: Question) -> None:
        """Show beneath the thread that the question arrived; whoever works on it, here or elsewhere, says the rest."""
        await self._status(question, LOOKING)

    async def working(self, question: Question, words: str) -> None:
        """Show beneath the thread that something is being done; "" takes it away. A courtesy: failing is no harm."""
        progress = self._progress.get(question.id)
        if words and progress is None and self._plan:
            self._progress[question.id] = Progress(self._delivery, question, partial(self._status, question))
        if not words:
            await self._over(question)
        await self._status(question, words)

    async def dismiss(self, question: Question) -> None:
        """Take away what shows that something is being done, if that is still shown in this process."""
        if question.id in self._progress:
            await self.working(question, "")

    def planned(self, question: Question, steps: tuple[Step, ...]) -> None:
        """Show what is going to be read."""
        if progress := self._progress.get(question.id):
            progress.planned(steps)

    def came(self, question: Question, evidence: Evidence) -> None:
        """Show that a read came back."""
        if progress := self._progress.get(question.id):
            progress.came(evidence)

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Post the first look, or let the one that stands there read so, and go on thinking."""
        message = self._rendering.first_look(look, evidence)
        progress = self._progress.get(question.id)
        if known := self._looks.get(question.id):
            known.put(message)
            if progress:
                progress.first_looked()
            return
        if progress:
            await progress.begun()
        try:
            await self._delivery.show(question, "first_look", message)
        except Undeliverable as refused:
            if refused.reason not in GONE:
                raise
            log.warning("first_look_gone", action="edit", error=refused.reason)
        self._looks[question.id] = Latest(partial(self._delivery.show, question, "first_look"))
        if progress:
            progress.first_looked()
        await self._status(question, progress.words if progress else WEIGHING)

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw the chart and put it beneath the first look; without files:write, or when Slack will not, go on."""
        from sre_advisor.investigate.drawing import draw

        png = await asyncio.to_thread(draw, chart)
        await self._attached(question, "chart", picture(question, "chart", png, chart.title, chart.alt))

    async def answer(self, answer: Answer) -> None:
        """Post the diagnosis and the files that go with it, say in it which could not be, and let all else settle."""
        question = answer.question
        await self._delivery.post(question, "answer", self._rendering.answer(answer))
        files = attachments(answer)
        without = frozenset({part for part, file in files if not await self._attached(question, part, file)})
        if without:
            await self.correct(answer, without)
        await self._settled(self._looks.pop(question.id, None), self._progress.pop(question.id, None))

    async def correct(self, answer: Answer, without: frozenset[str] = frozenset()) -> None:
        """Let the diagnosis that stands in the thread read so; what Slack will not change stays as it was."""
        try:
            await self._delivery.show(answer.question, "answer", self._rendering.answer(answer, without))
        except Undeliverable as refused:
            log.warning("answer_not_corrected", action="correct", error=refused.reason)

    async def whisper(self, question: Question, words: str) -> None:
        """Say a word to the asker alone. Where Slack does not carry it, the record alone has to do.

        In the channel when the question began a thread: Slack shows a word to one person in a thread only when the
        thread has replies already.
        """
        begun = question.thread_ts if question.thread_ts != question.ts else None
        try:
            async with asyncio.timeout(WHISPER_S):
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

    async def _settled(self, look: Latest | None, progress: Progress | None) -> None:
        """Let what stands above an answer be brought up to date; the thread's next question need not wait for long."""

        async def settling() -> None:
            if look:
                await look.settle()
            if progress:
                await progress.settle(answered=True)

        task = asyncio.create_task(settling())
        self._settling.add(task)
        task.add_done_callback(self._settling.discard)
        if task in (await asyncio.wait({task}, timeout=SETTLED_S))[0]:
            task.result()

    async def _over(self, question: Question) -> None:
        """Nothing more is done for the question in this process: leave nothing running."""
        if look := self._looks.pop(question.id, None):
            look.drop()
        if progress := self._progress.pop(question.id, None):
            await progress.settle(answered=False)

    async def _attached(self, question: Question, part: str, attachment: Attachment) -> bool:
        """Put a file into the thread; False, and go on, when Slack will not take it."""
        try:
            await self._delivery.upload(question, part, attachment)
        except Undeliverable as trouble:
            log.warning("file_not_posted", action="upload", part=part, error=trouble.reason)
            return False
        return True

    async def _status(self, question: Question, words: str) -> None:
        try:
            async with asyncio.timeout(COURTESY_S):
                await self._client.assistant_threads_setStatus(
                    channel_id=question.channel or "", thread_ts=question.thread_ts or "", status=words
                )
        except SlackApiError as error:
            log.info("status_refused", action="status", error=reason_of(error))
        except (OSError, TimeoutError, ClientError) as trouble:
            log.info("status_not_sent", action="status", error=type(trouble).__name__)
