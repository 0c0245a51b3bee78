"""The worker inside the program: questions of one thread in turn, many threads at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import structlog

from sre_advisor.model import Question
from sre_advisor.work.contract import Run
from sre_advisor.work.ending import end_within

log = structlog.get_logger(__name__)


class EmbeddedWorker:
    """Runs `answering` for each question; `parallel` questions at once, one at a time per investigation."""

    def __init__(self, answering: Run, parallel: int = 64) -> None:
        self._answering = answering
        self._slots = asyncio.Semaphore(parallel)
        self._threads: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._waiting = 0
        self._open = True

    async def start(self) -> None:
        """Nothing has to be made ready."""

    def submit(self, question: Question) -> bool:
        """Take a question on; False when it runs already or the worker is closing (the journal keeps it then)."""
        if not self._open or question.id in self._running:
            return False
        task = asyncio.create_task(self._run(question), name=f"question {question.id}")
        self._running[question.id] = task
        task.add_done_callback(lambda _: self._running.pop(question.id, None))
        return True

    async def take_up(self, unfinished: Sequence[Question]) -> int:
        """Take on what does not run here: there is no other process that could work on it."""
        return sum(self.submit(question) for question in unfinished)

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncGenerator[bool]:
        """Always: this is the only process."""
        del key
        yield True

    @property
    def busy(self) -> int:
        """Questions taken on and not yet done."""
        return len(self._running)

    async def waiting(self) -> int:
        """Questions behind another of their thread, or behind too many of others."""
        return self._waiting

    async def drain(self, seconds: float) -> None:
        """Take nothing new, let what runs finish for so long, then leave the rest to the next start."""
        self._open = False
        await end_within(seconds, self._running.values())

    async def idle(self) -> None:
        """Return when nothing is being worked on."""
        while self._running:
            await asyncio.wait(tuple(self._running.values()))

    async def _run(self, question: Question) -> None:
        lock = self._threads.setdefault(question.investigation, asyncio.Lock())
        with structlog.contextvars.bound_contextvars(investigation=question.investigation, question=question.id):
            self._waiting += 1
            held = False
            try:
                # The thread's turn first: who waits for it must not keep a slot from another thread.
                async with lock, self._slots:
                    self._waiting -= 1
                    held = True
                    await self._answering(question)
            except Exception:  # one question's failure must not end the worker; the journal still holds it open
                log.exception("question_failed", action="answer")
            finally:
                self._waiting -= not held
