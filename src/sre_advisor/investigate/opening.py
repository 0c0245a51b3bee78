"""How the answer to a question opens: the thread's first look and its picture, taken once and shown."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime

import structlog

from sre_advisor.advisors.naming import known_names, named_services, unknown_names, unknown_words
from sre_advisor.broker.broker import ReadingDesk
from sre_advisor.investigate.answer import Voice, Watcher
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.first_look import FirstLookResult, take_first_look
from sre_advisor.investigate.kept_chart import chart_from, record_of
from sre_advisor.investigate.past import Keeps, Past
from sre_advisor.investigate.progress import steps
from sre_advisor.journal.events import ChartKept, FirstLookMade
from sre_advisor.model import Catalogue, FirstLook, Line, Question

log = structlog.get_logger(__name__)

CHART_S = 10.0
"""Seconds a picture may take to be drawn and shown before the answer goes on without it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Takes a thread's first look at its first question, and shows it; follow-ups build on it."""

    journal: Keeps
    catalogue: Catalogue
    config: FirstLookConfig

    async def look(
        self, question: Question, now: datetime, past: Past, desk: ReadingDesk, voice: Voice
    ) -> tuple[FirstLook, Chart | None]:
        """The first look, and its picture where this question is the one that shows it."""
        known = past.last(FirstLookMade, question.id if question.fresh else None)
        if known is not None and known.question != question.id:
            return known.first_look, None
        if known is None:
            look, chart = await self._taken(question, now, desk, voice)
        else:
            look, shown = known.first_look, past.last(ChartKept, question.id)
            chart = chart_from(shown.chart) if shown else None
        await voice.first_look(question, look, tuple(desk.evidence))
        return look, chart

    async def _taken(
        self, question: Question, now: datetime, desk: ReadingDesk, voice: Voice
    ) -> tuple[FirstLook, Chart | None]:
        """Read every source and put on record what was found."""
        catalogue = desk.visible(self.catalogue)
        taken = await self._read(question, now, catalogue, desk, voice)
        look, chart = with_unknown_names(taken.said, question.text, catalogue), taken.chart
        if chart is not None:
            picture = ChartKept(investigation=question.investigation, question=question.id, chart=record_of(chart))
            await self.journal.append(picture)
        made = FirstLookMade(investigation=question.investigation, question=question.id, first_look=look)
        await self.journal.append(made)
        return look, chart

    async def _read(
        self, question: Question, now: datetime, catalogue: Catalogue, desk: ReadingDesk, voice: Voice
    ) -> FirstLookResult:
        asked_about = named_services(f"{question.text}\n{question.quoted}", catalogue)
        watcher = voice if isinstance(voice, Watcher) else None
        if watcher:
            watcher.planned(question, steps(desk.with_role))

        async def early(so_far: FirstLook) -> None:
            shown = with_unknown_names(so_far, question.text, catalogue)
            await voice.first_look(question, shown, tuple(desk.evidence))

        return await take_first_look(desk, now, catalogue, self.config, asked_about, early if watcher else None)


async def show_chart(voice: Voice, question: Question, chart: Chart | None) -> None:
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
