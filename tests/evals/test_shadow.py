"""A shadow answers real questions beside the live advisor, and nobody who asks notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from sre_advisor.advisors.contract import Advice, Advisor, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.offline import OfflineAdvisor
from sre_advisor.app.assembly import assembled
from sre_advisor.credentials import Credentials
from sre_advisor.evals.compare import compare
from sre_advisor.evals.config import ShadowConfig
from sre_advisor.evals.incidents import KINDS, incidents
from sre_advisor.evals.shadow import Shadow
from sre_advisor.evals.simulator.world import expectation, simulate
from sre_advisor.evals.suites.bundled import written
from sre_advisor.evals.trials.arms import Script
from sre_advisor.evals.trials.stage import Silent
from sre_advisor.evals.trials.standin import StandIn
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import OutcomeTold, QuestionAsked, ShadowAnswered
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.replay.world import load_world
from sre_advisor.settings import Settings
from sre_advisor.work.halt import halt

CAUSE = "disk_full"
ON = ShadowConfig(model="candidate")


def _stand_in(right: float) -> StandIn:
    return StandIn("candidate", Script(right, usd=0.02), expectation(simulate(CAUSE, 1)), "disk-full-1", 0)


class _Broken:
    name = "candidate"

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """Fail in a way nobody foresaw."""
        del brief, desk, ledger
        raise RuntimeError("a defect")


class _Reading(OfflineAdvisor):
    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """Read something the first look did not."""
        await desk.read("metrics_search", {"text": "disk"})
        return await super().advise(brief, desk, ledger)


@asynccontextmanager
async def _beside(
    tmp_path: Path, candidate: Advisor, config: ShadowConfig = ON
) -> AsyncGenerator[tuple[Investigator, Shadow, Journal, Question]]:
    world = load_world(written(CAUSE, 1, tmp_path / "world"))
    settings = Settings(database=DatabaseConfig(url=f"sqlite:///{tmp_path / 'journal.db'}"))
    async with assembled(settings, Credentials(), world) as parts:
        shadow = Shadow(candidate, "abc", config, parts.journal)
        question = Question("q1", "i1", world.question or "why?", world.now)
        await parts.journal.append(QuestionAsked(investigation="i1", question="q1", asked=question))
        yield replace(parts.investigator, afterwards=shadow.begin), shadow, parts.journal, question
        await shadow.close()


async def _shadowed(journal: Journal) -> list[ShadowAnswered]:
    return [e for e in await journal.of_kinds("shadow_answered") if isinstance(e, ShadowAnswered)]


async def test_a_shadows_answer_is_on_record_and_in_nobodys_way(tmp_path: Path) -> None:
    async with _beside(tmp_path, _stand_in(1.0)) as (investigator, shadow, journal, question):
        live = await investigator.answer(question, Silent())
        await shadow.idle()
        events = await journal.of_investigation("i1")
        [told] = await _shadowed(journal)
        assert told.diagnosis is not None
        assert told.diagnosis.advisor == "candidate"
        assert (told.question, told.advisor, told.prompt_hash, told.cost_usd) == ("q1", "candidate", "abc", 0.02)
        assert live.advisor == OfflineAdvisor().name
        assert [e.kind for e in events].count("diagnosis_made") == 1
        assert [e.kind for e in events].count("question_answered") == 1
        assert [e.kind for e in events].index("question_answered") < [e.kind for e in events].index("shadow_answered")


async def test_what_a_shadow_reads_is_kept_with_its_answer_and_not_among_the_live_evidence(tmp_path: Path) -> None:
    async with _beside(tmp_path, _Reading()) as (investigator, shadow, journal, question):
        live = await investigator.answer(question, Silent())
        await shadow.idle()
        [told] = await _shadowed(journal)
        assert "metrics_search" in {e.tool for e in told.evidence}
        on_record = [e for e in await journal.of_investigation("i1") if e.kind == "tool_called"]
        assert "metrics_search" not in {e.evidence.tool for e in on_record}
        assert "metrics_search" not in {e.tool for e in live.evidence}


async def test_a_shadow_that_breaks_touches_nothing_live(tmp_path: Path) -> None:
    async with _beside(tmp_path, _Broken()) as (investigator, shadow, journal, question):
        live = await investigator.answer(question, Silent())
        await shadow.idle()
        assert live.trouble == ()
        [told] = await _shadowed(journal)
        assert (told.diagnosis, told.trouble) == (None, ("RuntimeError",))


async def test_a_shadow_keeps_to_its_budget_of_the_day_and_its_share(tmp_path: Path) -> None:
    tight = ON.model_copy(update={"cost_usd": 0.05, "day_usd": 0.06})
    async with _beside(tmp_path, _stand_in(1.0), tight) as (investigator, shadow, journal, question):
        for number in range(3):
            await investigator.answer(replace(question, id=f"q{number}"), Silent())
            await shadow.idle()
        assert len(await _shadowed(journal)) == 1


async def test_no_shadow_runs_while_everything_is_stopped(tmp_path: Path) -> None:
    async with _beside(tmp_path, _stand_in(1.0)) as (investigator, shadow, journal, question):
        await halt(journal, "somebody")
        await investigator.answer(question, Silent())
        await shadow.idle()
        assert await _shadowed(journal) == []


async def test_nobody_waits_for_a_shadow(tmp_path: Path) -> None:
    slow = replace(_stand_in(1.0), script=Script(1.0, seconds=30.0))
    async with _beside(tmp_path, slow) as (investigator, _shadow, journal, question):
        async with asyncio.timeout(15):
            await investigator.answer(question, Silent())
        assert await _shadowed(journal) == []


async def test_told_outcomes_compare_the_live_answers_with_the_shadows(tmp_path: Path) -> None:
    async with _beside(tmp_path, _stand_in(0.0)) as (investigator, shadow, journal, question):
        with pytest.raises(EvalTrouble, match="no question that a shadow answered"):
            incidents(await journal.of_kinds(*KINDS))
        await investigator.answer(question, Silent())
        await shadow.idle()
        cause = f"the disk of {expectation(simulate(CAUSE, 1)).cause.service[0]} was full"
        told = OutcomeTold(investigation="i1", question="q1", user="U1", cause=cause, at=question.asked_at)
        await journal.append(told)
        run, trials = incidents(await journal.of_kinds(*KINDS))
        found = compare(run, trials, "live", run.arms[1])
        assert (found.paired["cause_found"].a, found.paired["cause_found"].b) == (1.0, 0.0)
