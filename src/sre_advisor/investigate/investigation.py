"""One question from beginning to end, picked up where it was left if the program died in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from time import monotonic
from typing import Protocol, TypeVar

import structlog
from pydantic import JsonValue

from sre_advisor.advisors.answer import clipped_answer
from sre_advisor.advisors.contract import Advice, Advisor, Brief, Exchange, ToolCard
from sre_advisor.advisors.conversation import Conversation, JsonObject
from sre_advisor.advisors.ledger import Ledger, Limits
from sre_advisor.advisors.naming import known_names, named_services, unknown_names, unknown_words
from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.broker.quota import ModelLeft
from sre_advisor.commands import warm
from sre_advisor.connectors.contract import Connector, ToolArgs
from sre_advisor.investigate.answer import Answer, Voice, Watcher
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.check import Grounds, check
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.drafts import drafted, wanted
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.investigate.headline import SAYS_NOTHING
from sre_advisor.investigate.kept_chart import chart_from, record_of
from sre_advisor.investigate.patching import TOOL as TRY_PATCH
from sre_advisor.investigate.patching import with_patch
from sre_advisor.investigate.progress import steps
from sre_advisor.journal.events import (
    ChartKept,
    ConversationKept,
    DiagnosisMade,
    Event,
    FirstLookMade,
    ModelTurned,
    QuestionAnswered,
    QuestionAsked,
    QuestionJoined,
    QuestionStarted,
    ToolCalled,
)
from sre_advisor.model import Catalogue, Diagnosis, DraftDiagnosis, Evidence, FirstLook, Line, Question

log = structlog.get_logger(__name__)

E = TypeVar("E")

CHART_S = 10.0
"""Seconds a picture may take to be drawn and shown before the answer goes on without it."""

Checker = Callable[[DraftDiagnosis, Grounds, str], Diagnosis]


def _nothing(_question: Question) -> Sequence[Connector]:
    return ()


def _leave_it(_investigator: Investigator, _answer: Answer) -> None:
    """Nobody wants to know."""


class Keeps(Protocol):
    """What an investigation needs of its record: the journal, or a trial's memory."""

    async def append(self, *events: Event) -> None:
        """Keep the events, in order."""
        ...

    async def of_investigation(self, investigation: str, *kinds: str) -> tuple[Event, ...]:
        """What is kept of one investigation, of these kinds if any are named, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class AdvisorDesk:
    """The reading desk as an advisor sees it: tools and evidence, nothing behind them."""

    desk: ReadingDesk

    @property
    def tools(self) -> tuple[ToolCard, ...]:
        """The tools, in a stable order; trying a patch is the check's business and would only cost the model tokens."""
        return tuple(
            ToolCard(o.tool.name, o.tool.description, _parameters(o.tool.args))
            for o in self.desk.offers
            if o.tool.name != TRY_PATCH
        )

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        """Read once."""
        return (await self.desk.read(tool, args)).evidence


@dataclass(frozen=True, slots=True)
class NothingMore:
    """A desk at which nothing is read any more."""

    tools: tuple[ToolCard, ...] = ()

    async def read(self, tool: str, args: Mapping[str, JsonValue]) -> Evidence:
        """Nobody asks for a tool that there is not."""
        raise LookupError(f"{tool} cannot be read with {len(args)} arguments: the investigation is over")


@dataclass(frozen=True, slots=True)
class Past:
    """What the journal knows of the thread so far."""

    events: tuple[Event, ...]

    def last(self, kind: type[E], question: str | None = None) -> E | None:
        """The newest event of a kind, of one question if named."""
        found = (e for e in reversed(self.events) if question is None or e.question == question)
        return next((e for e in found if isinstance(e, kind)), None)

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence of the thread, ascending."""
        found = {e.evidence.id: e.evidence for e in self.events if isinstance(e, ToolCalled)}
        return tuple(sorted(found.values(), key=lambda e: int(e.id[1:])))

    @property
    def history(self) -> tuple[Exchange, ...]:
        """Earlier questions with the answers they got."""
        asked = {e.asked.id: e.asked.text for e in self.events if isinstance(e, QuestionAsked)}
        asked |= {e.into: e.text for e in self.events if isinstance(e, QuestionJoined)}
        made = [e for e in self.events if isinstance(e, DiagnosisMade) and e.question in asked]
        return tuple(Exchange(asked[e.question or ""], e.diagnosis) for e in made)


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
        brief = Brief(
            question=question,
            now=now,
            first_look=known.first_look,
            evidence=past.evidence,
            catalogue=desk.visible(self.catalogue),
        )
        made = past.last(DiagnosisMade, question.id)
        advice = await self.fallback.advise(brief, NothingMore(), Ledger(self.limits))
        diagnosis = made.diagnosis if made else await self._check(question, past, advice, desk, known.first_look)
        turns = [e for e in past.events if isinstance(e, ModelTurned) and e.question == question.id]
        answer = Answer(
            question=question,
            advisor=diagnosis.advisor,
            first_look=known.first_look,
            diagnosis=diagnosis,
            evidence=past.evidence,
            model_calls=len(turns),
            tool_calls=sum(isinstance(e, ToolCalled) and e.question == question.id for e in past.events),
            cost_usd=sum(_usd(turn.detail) for turn in turns),
            duration_s=monotonic() - began,
            trouble=(why,),
        )
        await voice.answer(answer)
        await self._close(answer)
        return answer

    async def _answer(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, voice: Voice, began: float
    ) -> Answer:
        look, chart = await self._look(question, now, past, desk, voice)
        drawing = asyncio.create_task(_show(voice, question, chart))
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
        advice, trouble = (None, ()) if made else await self._advise(question, now, past, desk, look)
        diagnosis = made.diagnosis if made else await self._check(question, past, advice, desk, look)
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

    async def _look(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, voice: Voice
    ) -> tuple[FirstLook, Chart | None]:
        """The thread's first look: taken once, at its first question; follow-ups build on it."""
        known = past.last(FirstLookMade, question.id if question.fresh else None)
        if known is not None and known.question != question.id:
            return known.first_look, None
        chart = None
        if known is None:
            catalogue = desk.visible(self.catalogue)
            asked_about = named_services(f"{question.text}\n{question.quoted}", catalogue)
            watcher = voice if isinstance(voice, Watcher) else None
            if watcher:
                watcher.planned(question, steps(desk.with_role))

            async def early(so_far: FirstLook) -> None:
                shown = with_unknown_names(so_far, question.text, catalogue)
                await voice.first_look(question, shown, tuple(desk.evidence))

            taken = await take_first_look(
                desk, now, catalogue, self.first_look, asked_about, early if watcher else None
            )
            look, chart = with_unknown_names(taken.said, question.text, catalogue), taken.chart
            if chart is not None:
                picture = ChartKept(investigation=question.investigation, question=question.id, chart=record_of(chart))
                await self.journal.append(picture)
            await self.journal.append(
                FirstLookMade(investigation=question.investigation, question=question.id, first_look=look)
            )
        else:
            look, shown = known.first_look, past.last(ChartKept, question.id)
            chart = chart_from(shown.chart) if shown else None
        await voice.first_look(question, look, tuple(desk.evidence))
        return look, chart

    async def _advise(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, look: FirstLook
    ) -> tuple[Advice, tuple[str, ...]]:
        turns = [asyncio.create_task(_load_parsers())]

        def record(turn: Mapping[str, JsonValue]) -> None:
            event = ModelTurned(investigation=question.investigation, question=question.id, detail=dict(turn))
            turns.append(asyncio.create_task(self.journal.append(event)))

        kept = past.last(ConversationKept) if not question.fresh else None
        history = past.history if not question.fresh or wanted(question.text) else ()
        brief = Brief(
            question=question,
            now=now,
            first_look=look,
            # By number, not in the order in which systems happened to answer: the same question reads the same.
            evidence=tuple(sorted(desk.evidence, key=lambda e: int(e.id[1:]))),
            history=history,
            catalogue=desk.visible(self.catalogue),
            earlier=_conversation(kept),
        )
        if history and wanted(question.text):  # written from the record: no model need be paid for it
            return await self.fallback.advise(brief, AdvisorDesk(desk), Ledger(self.limits, record)), ()
        left = await self.broker.quotas.model_left(question)
        if left.nothing and self.advisor is not self.fallback:
            advice = await self.fallback.advise(brief, AdvisorDesk(desk), Ledger(self.limits, record))
            return advice, (f"the model was not asked: {left.why} are used up",)
        ledger = Ledger(within(self.limits, left), record)
        with self.broker.quotas.reserved(question, ledger.limits.cost_usd):
            advice = await self.advisor.advise(brief, AdvisorDesk(desk), ledger)
            await asyncio.gather(*turns)
        trouble = (*advice.notes, *((advice.stopped_because,) if advice.stopped_because else ()))
        if advice.stopped_because and not advice.draft.hypotheses:
            log.warning("model_gave_none", action="fall_back", why=advice.stopped_because, failure=advice.failure)
            substitute = await self.fallback.advise(brief, AdvisorDesk(desk), ledger)
            advice = Advice(
                draft=substitute.draft,
                advisor=substitute.advisor,
                model_calls=advice.model_calls,
                tool_calls=advice.tool_calls,
                usage=advice.usage,
                cost_usd=advice.cost_usd,
            )
        if advice.conversation is not None:
            await self.journal.append(
                ConversationKept(
                    investigation=question.investigation,
                    question=question.id,
                    advisor=advice.advisor,
                    messages=_conversation_json(advice.conversation),
                )
            )
        return advice, trouble

    async def _check(
        self, question: Question, past: Past, advice: Advice | None, desk: ReadingDesk, look: FirstLook
    ) -> Diagnosis:
        assert advice is not None
        grounds = Grounds(
            evidence={e.id: e for e in desk.evidence},
            services=frozenset(
                {s.name for s in desk.visible(self.catalogue).services} | {s.name for s in look.services}
            ),
            missing=tuple(
                sorted({e.source for e in desk.evidence if e.outcome in SAYS_NOTHING and e.source != "advisor"})
            ),
            firing=tuple(n.text for n in look.firing if "[silenced]" not in n.text and "[inhibited]" not in n.text),
        )
        draft = self._redacted(advice.draft, question)
        diagnosis = self.checker(draft, grounds, advice.advisor)
        mirrored = TRY_PATCH in {o.tool.name for o in desk.offers}
        diagnosis = await with_patch(diagnosis, draft.patch, AdvisorDesk(desk), mirrored=mirrored)
        if (kind := wanted(question.text)) and past.history:
            diagnosis = diagnosis.model_copy(update={"document": drafted(kind, past.events, self.clock())})
        await self.journal.append(
            DiagnosisMade(investigation=question.investigation, question=question.id, diagnosis=diagnosis)
        )
        return diagnosis

    def _redacted(self, draft: DraftDiagnosis, question: Question) -> DraftDiagnosis:
        """The draft without secrets: what was read is redacted, but a model may put one together, or be told one."""
        clean = self.broker.redactor.scope(question.investigation).value(draft.model_dump(mode="json"))
        return clipped_answer(json.dumps(clean.value)) if clean.count else draft

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


def _usd(detail: Mapping[str, JsonValue]) -> float:
    cost = detail.get("cost_usd")
    return float(cost) if isinstance(cost, int | float) else 0.0


async def _load_parsers() -> None:
    """Load what judges suggested commands while the model thinks, so that its answer need not wait for that."""
    await asyncio.to_thread(warm)


@cache  # a question asks for it twice, and making it takes a millisecond a tool
def _parameters(args: type[ToolArgs]) -> JsonObject:
    return args.model_json_schema()


async def _show(voice: Voice, question: Question, chart: Chart | None) -> None:
    """Show the picture if there is one; without it the answer is as good."""
    if chart is None:
        return
    try:
        async with asyncio.timeout(CHART_S):
            await voice.chart(question, chart)
    except TimeoutError:
        log.warning("chart_late", action="chart", seconds=CHART_S)
    except Exception:  # a picture that cannot be drawn or shown must not take the answer down
        log.exception("chart_failed", action="chart")


def with_unknown_names(look: FirstLook, text: str, catalogue: Catalogue) -> FirstLook:
    """The first look, saying which names in the question nobody knows and what they might have meant."""
    seen = tuple(s.name for s in look.services)
    unknown = unknown_names(text, known_names(catalogue, seen))
    lines = tuple(Line(text=unknown_words(name, catalogue, seen)) for name in unknown)
    return look.model_copy(update={"unread": (*lines, *look.unread)}) if lines else look


def within(limits: Limits, left: ModelLeft) -> Limits:
    """The question's limits, lowered to what quotas leave of the model today (something must be left)."""
    usd = limits.cost_usd if left.usd is None else min(limits.cost_usd, left.usd)
    tokens = min((n for n in (limits.tokens, left.tokens) if n is not None), default=None)
    return limits.model_copy(update={"cost_usd": usd, "tokens": tokens})


def _conversation(kept: ConversationKept | None) -> Conversation | None:
    match kept.messages if kept else None:
        case {
            "fingerprint": str() as fingerprint,
            "system": list() as system,
            "tools": list() as tools,
            "messages": list() as messages,
        }:
            objects = [tuple(o for o in part if isinstance(o, dict)) for part in (system, tools, messages)]
            return Conversation(fingerprint, *objects)
        case _:
            return None


def _conversation_json(conversation: Conversation) -> JsonValue:
    return {
        "fingerprint": conversation.fingerprint,
        "system": list(conversation.system),
        "tools": list(conversation.tools),
        "messages": list(conversation.messages),
    }
