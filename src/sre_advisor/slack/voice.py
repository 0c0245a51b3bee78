"""What the advisor says in the thread of a question, from the first word to the answer."""

from __future__ import annotations

import asyncio
from functools import partial

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.progress import Step
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.slack import render
from sre_advisor.slack.attachments import Attachment, attachments, picture
from sre_advisor.slack.courtesy import courtesy
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.editing import Latest
from sre_advisor.slack.progress import LOOKING, WEIGHING, Progress
from sre_advisor.slack.rendering import Rendering
from sre_advisor.slack.trouble import Undeliverable

log = structlog.get_logger(__name__)

SETTLED_S = 10.0
"""Seconds an answered question waits for the last edits above its answer, which then go on by themselves."""
WHISPER_S = 30.0
"""Seconds after which a word to one person is given up."""
GONE = ("message_not_found", "cant_update_message", "edit_window_closed")
"""Slack's words for a message that can no longer be edited, for example because a person deleted it."""


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
        async with courtesy("whisper", WHISPER_S):
            await self._client.chat_postEphemeral(
                channel=question.channel or "", user=question.asker or "", thread_ts=begun, text=words
            )

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
        async with courtesy("status"):
            await self._client.assistant_threads_setStatus(
                channel_id=question.channel or "", thread_ts=question.thread_ts or "", status=words
            )
