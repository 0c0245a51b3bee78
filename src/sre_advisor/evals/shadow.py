"""A candidate that answers real questions beside the live model: unseen, after it, with a budget of its own."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import structlog

from sre_advisor.advisors.contract import Advisor
from sre_advisor.broker.quota import Quotas
from sre_advisor.evals.config import ShadowConfig
from sre_advisor.evals.trials.memory import Memory
from sre_advisor.evals.trials.stage import Silent
from sre_advisor.evals.trials.watched import Nobody, Watched
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.events import (
    ConversationKept,
    DiagnosisMade,
    Event,
    FirstLookMade,
    ShadowAnswered,
    ToolCalled,
)
from sre_advisor.journal.store import Journal
from sre_advisor.work.halt import KillSwitch, Stopped

log = structlog.get_logger(__name__)


class Shadow:
    """Begins after each live answer; whatever goes wrong with it is put on record and stays here."""

    def __init__(self, candidate: Advisor, prompt_hash: str, config: ShadowConfig, journal: Journal) -> None:
        self._candidate, self._prompt_hash, self._config, self._journal = candidate, prompt_hash, config, journal
        self._tasks: set[asyncio.Task[None]] = set()
        self._one_at_a_time = asyncio.Semaphore(1)
        self._day: date | None = None
        self._spent_today = 0.0

    def begin(self, investigator: Investigator, answer: Answer) -> None:
        """Answer the same question in the background, if it is among the share that is wanted."""
        drawn = int.from_bytes(hashlib.sha256(answer.question.id.encode()).digest()[:7], "big") / 2**56
        if drawn < self._config.share:
            task = asyncio.create_task(self._guarded(investigator, answer))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def idle(self) -> None:
        """Wait until nothing runs."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Give up what runs."""
        for task in self._tasks:
            task.cancel()
        await self.idle()

    async def _guarded(self, investigator: Investigator, answer: Answer) -> None:
        async with self._one_at_a_time:
            if not self._may_spend():
                log.info("shadow_skipped", action="shadow", why="its budget of the day is used up")
                return
            try:
                await KillSwitch(self._journal).run(lambda: self._answer(investigator, answer))
            except Stopped:
                log.info("shadow_skipped", action="shadow", why="everything is stopped")
            except Exception as trouble:  # a candidate's defect must not take anything live down
                log.exception("shadow_failed", action="shadow", question=answer.question.id)
                await self._record(
                    answer, self._event(answer).model_copy(update={"trouble": (type(trouble).__name__,)})
                )

    async def _answer(self, investigator: Investigator, answer: Answer) -> None:
        events = await investigator.journal.of_investigation(answer.question.investigation)
        seed = before_the_answer(events, answer.question.id)
        memory, watched = Memory(seed), Watched(self._candidate)
        broker = investigator.broker.including(())
        broker.quotas = Quotas(broker.limits.quotas)  # what it uses must not be missing to live questions
        shadowed = replace(
            investigator, broker=broker, journal=memory, advisor=watched, fallback=Nobody(), afterwards=_nothing,
            limits=investigator.limits.model_copy(update={"cost_usd": self._config.cost_usd}),
        )  # fmt: skip
        told = await shadowed.answer(answer.question, Silent())
        self._spent_today += told.cost_usd
        found = {
            "diagnosis": None if watched.failure else told.diagnosis,
            "evidence": tuple(e.evidence for e in memory.events[len(seed) :] if isinstance(e, ToolCalled)),
            "model_calls": told.model_calls,
            "tool_calls": told.tool_calls,
            "cost_usd": told.cost_usd,
            "duration_s": told.duration_s,
            "trouble": told.trouble,
        }
        await self._record(answer, self._event(answer).model_copy(update=found))

    async def _record(self, answer: Answer, event: ShadowAnswered) -> None:
        try:
            await self._journal.append(event)
        except Exception:  # the live answer has its own word about a journal that is gone
            log.exception("shadow_not_recorded", action="shadow", question=answer.question.id)

    def _event(self, answer: Answer) -> ShadowAnswered:
        return ShadowAnswered(
            investigation=answer.question.investigation,
            question=answer.question.id,
            advisor=self._candidate.name,
            prompt_hash=self._prompt_hash,
        )

    def _may_spend(self) -> bool:
        today = datetime.now(UTC).date()
        if today != self._day:
            self._day, self._spent_today = today, 0.0
        return self._spent_today + self._config.cost_usd <= self._config.day_usd


def before_the_answer(events: Sequence[Event], question: str) -> tuple[Event, ...]:
    """What was on record when the live advisor was asked: earlier questions whole, of this one the first look alone.

    Conversations are left out: a model cannot go on with another's.
    """
    made = (i for i, e in enumerate(events) if isinstance(e, DiagnosisMade) and e.question == question)
    past = events[: next(made, len(events))]
    looked = next((i for i, e in enumerate(past) if isinstance(e, FirstLookMade) and e.question == question), -1)
    return tuple(
        event
        for i, event in enumerate(past)
        if not isinstance(event, ConversationKept | ShadowAnswered)
        and (event.question != question or i <= looked or event.kind == "question_asked")
    )


def _nothing(_investigator: Investigator, _answer: Answer) -> None:
    """A shadow has no shadow."""
