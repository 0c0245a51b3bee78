"""Steering what runs: a stop or a correction on record, by whichever process, reaches the process that runs it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import structlog

from sre_advisor.journal.events import QuestionJoined, StopAsked
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.model import Question
from sre_advisor.slack.course import (
    KINDS,
    as_corrected,
    begun,
    both,
    correction_of,
    diagnosed,
    stops_of,
)

log = structlog.get_logger(__name__)

EVERY_S = 0.5
"""How often a process that runs something looks whether somebody steers it."""
NEWEST = 2**62

Work = Callable[[Question], Coroutine[Any, Any, None]]
MayStop = Callable[[StopAsked, Question], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run ended because somebody asked for it; `begun` tells whether there was anything to end."""

    question: Question
    stop: StopAsked
    begun: bool


@dataclass(slots=True)
class Watch:
    """One look at the record for all that runs in this process."""

    journal: Journal
    every_s: float = EVERY_S
    _seq: int | None = None
    _looked: float = float("-inf")
    _turn: int = 0
    _touched: dict[str, int] = field(default_factory=dict[str, int])

    async def begin(self) -> int:
        """From when on touches count; to be called before the thread is read."""
        if self._seq is None:
            self._seq = (await self.journal.after(NEWEST))[0]
        return self._turn

    async def touched(self, investigation: str, since: int) -> tuple[bool, int]:
        """Whether somebody wrote to this thread since then, and the mark to ask from the next time."""
        if monotonic() - self._looked >= self.every_s / 2:
            self._looked = monotonic()
            try:
                self._seq, news = await self.journal.after(self._seq or 0, "question_asked", "stop_asked")
            except JournalUnavailable as trouble:  # what runs goes on; it fails soon by itself if that stays so
                log.error("steering_not_readable", action="steer", error=str(trouble))
                return False, since
            self._turn += 1
            self._touched |= {event.investigation: self._turn for event in news}
        return self._touched.get(investigation, -1) > since, self._turn


class Steering:
    """Runs the work on a question until it is done, stopped, or taken over by its own correction."""

    def __init__(self, journal: Journal, may_stop: MayStop, every_s: float = EVERY_S) -> None:
        self._journal, self._may_stop, self._every_s = journal, may_stop, every_s
        self._watch = Watch(journal, every_s)

    async def run(self, question: Question, work: Work) -> Stopped | None:
        """Work on the question as it was corrected; None when it is done or goes on as another question."""
        mark = await self._watch.begin()
        events = await self._of(question)
        question = as_corrected(question, events)
        turn = await self._turn(question)
        if turn is not None:
            return await self._ended(turn)
        task = asyncio.create_task(work(question))
        try:
            while not (await asyncio.wait({task}, timeout=self._every_s))[0]:
                touched, mark = await self._watch.touched(question.investigation, mark)
                turn = await self._turn(question) if touched else None
                if turn is None:
                    continue
                await cancelled(task)
                if not task.cancelled():
                    break  # it was done before it heard of it
                if not diagnosed(question, await self._of(question)):
                    return await self._ended(turn)
                task = asyncio.create_task(work(question))  # the diagnosis was made in between: it is said
            return task.result()
        finally:  # whoever cancels us means the work
            await cancelled(task)

    async def _turn(self, question: Question) -> Stopped | QuestionJoined | None:
        """What the thread's record asks of this run."""
        events = await self._of(question)
        if diagnosed(question, events):
            return None
        for stop in stops_of(question, events):
            if stop.user == question.asker or await self._may_stop(stop, question):
                return Stopped(question, stop, begun(question, events))
        later = correction_of(question, events)
        if later is None:
            return None
        text = both(question, later)
        return QuestionJoined(investigation=question.investigation, question=question.id, into=later.id, text=text)

    async def _ended(self, turn: Stopped | QuestionJoined) -> Stopped | None:
        if isinstance(turn, Stopped):
            log.info("question_stopped", action="stop", question=turn.question.id, by=turn.stop.by)
            return turn
        log.info("question_joined", action="join", question=turn.question, into=turn.into)
        await self._journal.append(turn)
        return None

    async def _of(self, question: Question) -> Any:
        return await self._journal.of_investigation(question.investigation, *KINDS)


async def cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel and wait until it has ended, whichever way."""
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
