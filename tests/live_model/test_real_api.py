"""Opt-in (`make test-live`): the real model API answers the bundled incident. Costs a few cents."""

import os
from pathlib import Path

import pytest

from sre_advisor.app.assembly import assembled
from sre_advisor.credentials import Credentials
from sre_advisor.demo.incident import WORLD
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.journal.events import QuestionAsked
from sre_advisor.model import Evidence, FirstLook, Question, Verdict
from sre_advisor.replay.world import load_world
from sre_advisor.settings import load_settings


class Silent:
    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        del question, look, evidence

    async def chart(self, question: Question, chart: Chart) -> None:
        del question, chart

    async def answer(self, answer: Answer) -> None:
        del answer


@pytest.mark.live
async def test_claude_names_the_cause_of_the_bundled_incident(tmp_path: Path) -> None:
    assert os.environ.get("ANTHROPIC_API_KEY") or os.environ.get("ANTHROPIC_API_KEY_FILE"), "set ANTHROPIC_API_KEY"
    world = load_world(WORLD)
    settings = load_settings(None, {"database": {"url": f"sqlite:///{tmp_path}/journal.db"}})
    question = Question("live-1", "live-1", "why is checkout failing?", world.now)
    async with assembled(settings, Credentials(), world) as parts:
        await parts.journal.append(QuestionAsked(investigation="live-1", question="live-1", asked=question))
        answer = await parts.investigator.answer(question, Silent())
    assert answer.trouble == ()
    assert answer.model_calls >= 1
    assert answer.diagnosis.verdict in (Verdict.LIKELY_CAUSE, Verdict.COMPETING)
    assert answer.diagnosis.hypotheses[0].service == "payments"
