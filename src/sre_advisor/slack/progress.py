"""One question's plan as one message of its thread: kept up to date in the background, dropped when behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from time import monotonic
from typing import Protocol

import structlog

from sre_advisor.investigate.progress import Plan, Step
from sre_advisor.model import Evidence, Question
from sre_advisor.slack.plan import plan_message, settled_message
from sre_advisor.slack.render import Message
from sre_advisor.slack.trouble import SlackUnavailable, Undeliverable

log = structlog.get_logger(__name__)

PART = "progress"
SLOW_S = 5.0
"""Seconds after which a question without a plan of its own (a follow-up) shows one: most are answered by then."""
BEGUN_S = 2.0
"""Seconds the first look waits for the plan to stand above it."""
STATUS_S = 90.0
"""Seconds after which the status is set again; Slack takes it away after two minutes."""
SETTLE_S = 5.0
"""Seconds the last edit of a question without an answer may take: the program may be about to stop."""
LOOKING, WEIGHING = "is looking at alerts, metrics, changes and runbooks…", "is weighing the evidence…"


class Shows(Protocol):
    """What progress needs of the delivery."""

    async def post(self, question: Question, part: str, message: Message) -> str:
        """Post once."""
        ...

    async def show(self, question: Question, part: str, message: Message) -> str:
        """Post or edit."""
        ...

    async def touch(self, question: Question, part: str, ts: str, message: Message) -> None:
        """Edit once, off the record."""
        ...

    async def free(self, question: Question) -> None:
        """Wait until an edit may be made."""
        ...

    async def seek(self, question: Question, part: str) -> str | None:
        """Find a part of the thread."""
        ...


class Progress:
    """Shows a plan; nothing it does is waited for by what it shows, and nothing that fails in it is an error."""

    def __init__(
        self, delivery: Shows, question: Question, status: Callable[[str], Awaitable[None]], slow_s: float = SLOW_S
    ) -> None:
        self._delivery, self._question, self._status = delivery, question, status
        self._plan, self._began = Plan(), monotonic()
        self._wanted, self._changed, self._stands = asyncio.Event(), asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._kept_up_to_date(slow_s), name=f"progress of {question.id}")

    def planned(self, steps: tuple[Step, ...]) -> None:
        """Take these steps on, and show them at once."""
        self._plan = replace(self._plan, steps=steps)
        self._wanted.set()

    def came(self, evidence: Evidence) -> None:
        """Count a read."""
        self._plan = self._plan.came(evidence)
        self._changed.set()

    def first_looked(self) -> None:
        """The first look stands; the evidence is weighed now."""
        self._plan = self._plan.first_looked()
        self._changed.set()

    @property
    def words(self) -> str:
        """What is being done."""
        return WEIGHING if self._plan.looked else LOOKING

    async def begun(self) -> None:
        """Return when the plan stands in the thread, if it is to stand there and Slack takes it soon."""
        if self._wanted.is_set():
            done = asyncio.create_task(self._stands.wait())
            await asyncio.wait({done, self._task}, timeout=BEGUN_S, return_when=asyncio.FIRST_COMPLETED)
            done.cancel()

    async def settle(self, *, answered: bool) -> None:
        """Stop, and let the message, if there is one, say in one line what was read.

        With an answer this is waited for as long as for the answer itself: a plan must not look busy for ever.
        """
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        message = settled_message(self._plan, monotonic() - self._began, answered=answered)
        try:
            async with asyncio.timeout(None if answered else SETTLE_S):
                if await self._delivery.seek(self._question, PART) is not None:
                    await self._delivery.show(self._question, PART, message)
        except (Undeliverable, SlackUnavailable, TimeoutError) as trouble:
            log.info("progress_not_settled", action="progress", error=str(trouble) or type(trouble).__name__)

    async def _kept_up_to_date(self, slow_s: float) -> None:
        try:
            await self._due(slow_s)
            ts = await self._delivery.post(self._question, PART, plan_message(self._plan))
            self._stands.set()
            await self._said()
            while True:
                await self._next()
                await self._delivery.free(self._question)
                self._changed.clear()
                await self._touched(ts)
        except Undeliverable as refused:
            log.info("progress_not_shown", action="progress", error=refused.reason)
        except Exception:  # a courtesy: whatever breaks in it must not take the answer down
            log.exception("progress_failed", action="progress")

    async def _due(self, slow_s: float) -> None:
        try:
            async with asyncio.timeout(slow_s):
                await self._wanted.wait()
        except TimeoutError:
            return

    async def _next(self) -> None:
        """Wait for something new to show; meanwhile keep the status from going out."""
        while True:
            try:
                async with asyncio.timeout(STATUS_S):
                    await self._changed.wait()
                return
            except TimeoutError:
                await self._said()

    async def _touched(self, ts: str) -> None:
        try:
            await self._delivery.touch(self._question, PART, ts, plan_message(self._plan))
        except SlackUnavailable as trouble:
            log.info("progress_dropped", action="progress", error=str(trouble))

    async def _said(self) -> None:
        """A message of ours takes the status away: set it again."""
        await self._status(self.words)
