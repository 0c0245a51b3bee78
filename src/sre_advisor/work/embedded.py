"""The worker inside the program: questions of one thread in turn, many threads at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from sre_advisor.model import Question

log = structlog.get_logger(__name__)

Answering = Callable[[Question], Awaitable[None]]


class EmbeddedWorker:
    """Runs `answering` for each question; `parallel` questions at once, one at a time per investigation."""

    def __init__(self, answering: Answering, parallel: int = 64) -> None:
        self._answering = answering
        self._slots = asyncio.Semaphore(parallel)
        self._threads: dict[str, asyncio.Lock] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._open = True

    def submit(self, question: Question) -> bool:
        """Take a question on; False when it runs already or the worker is closing (the journal keeps it then)."""
        if not self._open or question.id in self._running:
            return False
        task = asyncio.create_task(self._run(question), name=f"question {question.id}")
        self._running[question.id] = task
        task.add_done_callback(lambda _: self._running.pop(question.id, None))
        return True

    @property
    def busy(self) -> int:
        """Questions taken on and not yet done."""
        return len(self._running)

    async def drain(self, seconds: float) -> None:
        """Take nothing new, let what runs finish for so long, then leave the rest to the next start."""
        self._open = False
        tasks = tuple(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def idle(self) -> None:
        """Return when nothing is being worked on."""
        while self._running:
            await asyncio.wait(tuple(self._running.values()))

    async def _run(self, question: Question) -> None:
        lock = self._threads.setdefault(question.investigation, asyncio.Lock())
        async with lock, self._slots:
            with structlog.contextvars.bound_contextvars(investigation=question.investigation, question=question.id):
                try:
                    await self._answering(question)
                except Exception:  # one question's failure must not end the worker; the journal still holds it open
                    log.exception("question_failed", action="answer")
