"""One question from beginning to end, picked up where it was left if the program died in between."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic

import structlog

from sre_advisor.advisors.contract import Advisor, Brief
from sre_advisor.advisors.ledger import Ledger, Limits
from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.connectors.contract import Connector
from sre_advisor.investigate.advising import Advising
from sre_advisor.investigate.answer import Answer, Voice, Watcher
from sre_advisor.investigate.check import check
from sre_advisor.investigate.concluding import Checker, Concluding
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.desks import NothingMore
from sre_advisor.investigate.opening import Opening, show_chart
from sre_advisor.investigate.past import Keeps, Past
from sre_advisor.journal.events import (
    DiagnosisMade,
    FirstLookMade,
    QuestionAnswered,
    QuestionStarted,
    ToolCalled,
)
from sre_advisor.model import Catalogue, FirstLook, Question


def _nothing(_question: Question) -> Sequence[Connector]:
    return ()


def _leave_it(_investigator: Investigator, _answer: Answer) -> None:
    """Nobody wants to know."""


@dataclass(frozen=True, slots=True)
class Investigator:
    """Answers questions: first look, diagnosis, check; `fallback` is asked when the advisor's model fails.

    `own` gives the connectors that only one question may use: the thread it was asked in. `afterwards` is told of
    every answer that was given; it may begin work of its own but must return at once.
    """

    broker: Broker
    journal: Keeps
    advisor: Advisor
    fallback: Advisor
    catalogue: Catalogue
    limits: Limits
    first_look: FirstLookConfig
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    checker: Checker = check
    own: Callable[[Question], Sequence[Connector]] = _nothing
    afterwards: Callable[[Investigator, Answer], None] = _leave_it

    async def answer(self, question: Question, voice: Voice) -> Answer:
        """Answer one question; what was on record of it already is not done again."""
        began, now = monotonic(), self.broker.moment(self.clock())
        clean = self.broker.redactor.scope(question.investigation).text
        question = replace(question, text=clean(question.text)[0], quoted=clean(question.quoted)[0])
        past = Past(await self.journal.of_investigation(question.investigation))
        await self.journal.append(
            QuestionStarted(investigation=question.investigation, question=question.id, advisor=self.advisor.name)
        )
        broker = self.broker.including(self.own(question))

        async def record(called: ToolCalled) -> None:
            await self.journal.append(called)
            if isinstance(voice, Watcher):
                voice.came(question, called.evidence)

        desk = broker.desk(question, now, record, past.evidence)
        try:
            with structlog.contextvars.bound_contextvars(investigation=question.investigation, question=question.id):
                return await self._answer(question, now, past, desk, voice, began)
        except asyncio.CancelledError:
            await desk.stop()
            raise

    async def conclude(self, question: Question, voice: Voice, why: str) -> Answer | None:
        """Close a question that was stopped with what is known by then, `why` beside it; nothing more is read.

        None when nothing was found out yet: then nothing is said, and the question stays open.
        """
        began, now = monotonic(), self.broker.moment(self.clock())
        past = Past(await self.journal.of_investigation(question.investigation))
        known = past.last(FirstLookMade, question.id if question.fresh else None)
        if known is None:
            return None
        desk = self.broker.desk(question, now, self.journal.append, past.evidence)
        made = past.last(DiagnosisMade, question.id)
        if made is None:
            brief = Brief(
                question=question,
                now=now,
                first_look=known.first_look,
                evidence=past.evidence,
                catalogue=desk.visible(self.catalogue),
            )
            advice = await self.fallback.advise(brief, NothingMore(), Ledger(self.limits))
            diagnosis = await self._concluding.diagnosis(question, past, advice, desk, known.first_look)
        else:
            diagnosis = made.diagnosis
        answer = Answer(
            question=question,
            advisor=diagnosis.advisor,
            first_look=known.first_look,
            diagnosis=diagnosis,
            evidence=past.evidence,
            model_calls=past.model_calls(question.id),
            tool_calls=past.tool_calls(question.id),
            cost_usd=past.cost_usd(question.id),
            duration_s=monotonic() - began,
            trouble=(why,),
        )
        await voice.answer(answer)
        await self._close(answer)
        return answer

    @property
    def _concluding(self) -> Concluding:
        return Concluding(self.broker, self.journal, self.catalogue, self.checker, self.clock)

    async def _answer(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, voice: Voice, began: float
    ) -> Answer:
        opening = Opening(self.journal, self.catalogue, self.first_look)
        look, chart = await opening.look(question, now, past, desk, voice)
        drawing = asyncio.create_task(show_chart(voice, question, chart))
        try:
            answer = await self._diagnosed(question, now, past, desk, look, began)
            await drawing  # the picture belongs above the diagnosis
        finally:
            drawing.cancel()
        await voice.answer(answer)
        await self._close(answer)
        self.afterwards(self, answer)
        return answer

    async def _diagnosed(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, look: FirstLook, began: float
    ) -> Answer:
        made = past.last(DiagnosisMade, question.id)
        if made is None:
            advising = Advising(self.broker, self.journal, self.advisor, self.fallback, self.catalogue, self.limits)
            advice, trouble = await advising.advice(question, now, past, desk, look)
            diagnosis = await self._concluding.diagnosis(question, past, advice, desk, look)
        else:
            advice, trouble, diagnosis = None, (), made.diagnosis
        return Answer(
            question=question,
            advisor=diagnosis.advisor,
            first_look=look,
            diagnosis=diagnosis,
            evidence=tuple(sorted(desk.evidence, key=lambda e: int(e.id[1:]))),
            model_calls=advice.model_calls if advice else 0,
            tool_calls=desk.calls,
            cost_usd=advice.cost_usd if advice else 0.0,
            duration_s=monotonic() - began,
            trouble=trouble,
        )

    async def _close(self, answer: Answer) -> None:
        await self.journal.append(
            QuestionAnswered(
                investigation=answer.question.investigation,
                question=answer.question.id,
                model_calls=answer.model_calls,
                tool_calls=answer.tool_calls,
                cost_usd=answer.cost_usd,
                duration_s=answer.duration_s,
                trouble=answer.trouble,
            )
        )
