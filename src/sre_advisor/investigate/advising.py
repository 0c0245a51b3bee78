"""Who is asked for a diagnosis, with what, within which limits; and who answers instead when a model gives none."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog
from pydantic import JsonValue

from sre_advisor.advisors.contract import Advice, Advisor, Brief
from sre_advisor.advisors.draft_request import wanted
from sre_advisor.advisors.ledger import Ledger, Limits
from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.broker.quota import ModelLeft
from sre_advisor.commands import warm
from sre_advisor.investigate.desks import AdvisorDesk
from sre_advisor.investigate.past import Keeps, Past, kept_conversation
from sre_advisor.journal.events import ConversationKept, ModelTurned
from sre_advisor.model import Catalogue, FirstLook, Question

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Advising:
    """Asks the advisor for a draft, and the `fallback` where no model is needed, may be paid, or answers."""

    broker: Broker
    journal: Keeps
    advisor: Advisor
    fallback: Advisor
    catalogue: Catalogue
    limits: Limits

    async def advice(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, look: FirstLook
    ) -> tuple[Advice, tuple[str, ...]]:
        """A draft, and what went wrong on the way to it, in words."""
        loading = asyncio.create_task(_load_parsers())
        turns: list[asyncio.Task[None]] = []

        def record(turn: Mapping[str, JsonValue]) -> None:
            event = ModelTurned(investigation=question.investigation, question=question.id, detail=dict(turn))
            turns.append(asyncio.create_task(self.journal.append(event)))

        brief, own_desk = self._brief(question, now, past, desk, look), AdvisorDesk(desk)
        if brief.history and wanted(question.text):  # written from the record: no model need be paid for it
            return await self.fallback.advise(brief, own_desk, Ledger(self.limits, record)), ()
        left = await self.broker.quotas.model_left(question)
        if left.nothing and self.advisor is not self.fallback:
            advice = await self.fallback.advise(brief, own_desk, Ledger(self.limits, record))
            return advice, (f"the model was not asked: {left.why} are used up",)
        ledger = Ledger(within(self.limits, left), record)
        with self.broker.quotas.reserved(question, ledger.limits.cost_usd):
            advice = await self.advisor.advise(brief, own_desk, ledger)
            await asyncio.gather(loading, *turns)
        trouble = (*advice.notes, *((advice.stopped_because,) if advice.stopped_because else ()))
        if advice.stopped_because and not advice.draft.hypotheses:
            log.warning("model_gave_none", action="fall_back", why=advice.stopped_because, failure=advice.failure)
            advice = _instead(advice, await self.fallback.advise(brief, own_desk, ledger))
        await self._keep(question, advice)
        return advice, trouble

    def _brief(self, question: Question, now: datetime, past: Past, desk: ReadingDesk, look: FirstLook) -> Brief:
        return Brief(
            question=question,
            now=now,
            first_look=look,
            # By number, not in the order in which systems happened to answer: the same question reads the same.
            evidence=tuple(sorted(desk.evidence, key=lambda e: int(e.id[1:]))),
            history=past.history if not question.fresh or wanted(question.text) else (),
            catalogue=desk.visible(self.catalogue),
            earlier=past.conversation if not question.fresh else None,
        )

    async def _keep(self, question: Question, advice: Advice) -> None:
        if advice.conversation is None:
            return
        await self.journal.append(
            ConversationKept(
                investigation=question.investigation,
                question=question.id,
                advisor=advice.advisor,
                messages=kept_conversation(advice.conversation),
            )
        )


def _instead(failed: Advice, substitute: Advice) -> Advice:
    """The substitute's draft, with what the failed one cost."""
    return Advice(
        draft=substitute.draft,
        advisor=substitute.advisor,
        model_calls=failed.model_calls,
        tool_calls=failed.tool_calls,
        usage=failed.usage,
        cost_usd=failed.cost_usd,
    )


def within(limits: Limits, left: ModelLeft) -> Limits:
    """The question's limits, lowered to what quotas leave of the model today (something must be left)."""
    usd = limits.cost_usd if left.usd is None else min(limits.cost_usd, left.usd)
    tokens = min((n for n in (limits.tokens, left.tokens) if n is not None), default=None)
    return limits.model_copy(update={"cost_usd": usd, "tokens": tokens})


async def _load_parsers() -> None:
    """Load what judges suggested commands while the model thinks, so that its answer need not wait for that."""
    await asyncio.to_thread(warm)
