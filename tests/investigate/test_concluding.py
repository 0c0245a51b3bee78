"""From a model's draft to the diagnosis on record, with everything real but the model."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.advisors.claude import ClaudeConfig
from sre_advisor.app.assembly import assembled
from sre_advisor.credentials import Credentials
from sre_advisor.demo.incident import WORLD
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.concluding import missing
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.model import Confidence, Diagnosis, Evidence, FirstLook, Outcome, Question, Verdict
from sre_advisor.replay.world import load_world
from sre_advisor.settings import Settings
from tests.standins.model_script import Step, answer, tool_calls
from tests.standins.model_server import ModelServer


class Listening:
    """A voice that keeps the answer."""

    def __init__(self) -> None:
        self.diagnosis: Diagnosis | None = None

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing."""

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw nothing."""

    async def answer(self, answer: Answer) -> None:
        """Keep it."""
        self.diagnosis = answer.diagnosis


async def concluded(said: dict[str, Any], tmp_path: Path, *calls: tuple[str, dict[str, Any]]) -> Diagnosis:
    """The diagnosis of the bundled incident by a model that makes these calls and then says this."""

    def script(request: dict[str, Any]) -> Step:
        first = sum(m["role"] == "assistant" for m in request["messages"]) == 1
        return tool_calls(*calls) if calls and first else answer(said)

    voice, world = Listening(), load_world(WORLD)
    async with ModelServer(script) as server:
        settings = Settings(
            model=ClaudeConfig(base_url=server.url), database=DatabaseConfig(url=f"sqlite:///{tmp_path}/journal.db")
        )
        async with assembled(settings, Credentials({"ANTHROPIC_API_KEY": server.api_key}), world) as parts:
            await parts.investigator.answer(Question("q", "i", "what is going on?", world.now), voice)
    assert voice.diagnosis is not None
    return voice.diagnosis


def blaming(service: str) -> dict[str, Any]:
    true = [
        {"text": f"{service} db pool utilization ratio left its range", "cites": ["E5"]},
        {"text": f"{service} is a service", "cites": ["E10"]},
    ]
    hypothesis = {
        "statement": f"{service} ran out of database connections", "confidence": "high", "claims_for": true,
        "claims_against": [], "would_disprove": "it goes on after a rollback", "service": service,
    }  # fmt: skip
    return {
        "verdict": "likely_cause", "summary": f"{service} is the cause", "hypotheses": [hypothesis], "ruled_out": [],
        "not_checked": [], "commands": [],
    }  # fmt: skip


async def test_true_claims_about_a_service_that_has_nothing_to_do_with_it_earn_low_confidence(tmp_path: Path) -> None:
    (far,) = (await concluded(blaming("catalog"), tmp_path / "far")).hypotheses
    (near,) = (await concluded(blaming("payments"), tmp_path / "near")).hypotheses
    assert (far.confidence, near.confidence) == (Confidence.LOW, Confidence.MEDIUM)
    assert any("neither alerts nor is anomalous" in why for why in far.caps)


async def test_a_call_that_the_model_puts_badly_is_not_told_as_a_source_that_could_not_be_read(tmp_path: Path) -> None:
    badly = ("metrics_golden_signals", {"no_such_argument": 1})
    diagnosis = await concluded(blaming("payments"), tmp_path, badly)
    assert not any("could not be read" in why for why in diagnosis.hypotheses[0].caps)


async def test_a_commands_label_is_what_code_finds_not_what_the_model_says(tmp_path: Path) -> None:
    said: dict[str, Any] = blaming("payments") | {
        "commands": [
            {"command": "kubectl < /dev/null delete deploy payments", "why": "look", "expected_effect": "a list"},
            {"command": "kubectl get secret db -o yaml", "why": "look", "expected_effect": "a list"},
        ],
        "patch": {
            "repository": "",
            "base_sha": "HEAD",
            "diff": "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n",
            "why": "it applies cleanly",
        },
    }
    diagnosis = await concluded(said, tmp_path)
    assert [c.label.value for c in diagnosis.commands] == ["changes_state", "reads_secret"]
    assert diagnosis.patch is None
    assert "left out" in diagnosis.not_checked[-1]


async def test_a_model_that_makes_everything_up_ends_in_not_enough_evidence(tmp_path: Path) -> None:
    lies = blaming("payments")
    lies["hypotheses"][0]["claims_for"] = [
        {"text": "the disk of payments was 100 % full at 03:17 UTC", "cites": ["E5"]},
        {"text": "payments was rebooted", "cites": ["E77"]},
    ]
    diagnosis = await concluded(lies, tmp_path)
    assert diagnosis.verdict is Verdict.NOT_ENOUGH
    assert diagnosis.hypotheses == ()
    assert diagnosis.claims_dropped >= 2


def read(source: str, outcome: Outcome) -> Evidence:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Evidence(id="E1", source=source, tool="t", request={}, outcome=outcome, read_at=at, summary="s")


@pytest.mark.parametrize(
    ("outcomes", "gone"),
    [
        ((Outcome.OK, Outcome.BAD_REQUEST), False),
        ((Outcome.NO_DATA, Outcome.BAD_REQUEST), False),
        ((Outcome.BAD_REQUEST,), True),
        ((Outcome.OK, Outcome.UNAVAILABLE), True),
        ((Outcome.OK, Outcome.DENIED), True),
        ((Outcome.OK, Outcome.QUOTA_EXCEEDED), True),
        ((Outcome.OK,), False),
    ],
)
def test_a_source_is_missing_when_it_gave_no_answer(outcomes: tuple[Outcome, ...], gone: bool) -> None:
    assert missing([read("prometheus", o) for o in outcomes]) == (("prometheus",) if gone else ())
    assert missing([read("advisor", o) for o in outcomes]) == ()
