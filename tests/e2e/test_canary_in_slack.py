"""The scheduled canary tells its channel once when the model answers worse."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sre_advisor.app.evals.schedule import canary_due
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.evals.canary import CanaryState, Round, read_state, write_state
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.ingress import web_client
from tests.e2e.conftest import SHORT, stage
from tests.evals.small_suite import asked, small_suite


async def test_a_drop_is_told_in_the_channel_once(
    tmp_path: Path, slack: LocalSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    suite = small_suite(tmp_path)
    folder, _ = await asked(suite, ["scripted:0"], 1, tmp_path / "baseline")
    bad = Round(at=datetime(2026, 5, 1, tzinfo=UTC), passed=0, of=3)
    state = CanaryState(
        suite=suite.name, suite_hash=suite.hash, arm="scripted:0", prompt_hash="", cases=folder.run.cases,
        baseline_passed=30, baseline_trials=30, alpha=0.05,
    )  # fmt: skip
    while not state.model_copy(update={"rounds": (*state.rounds, bad)}).watch().alarms:
        state = state.model_copy(update={"rounds": (*state.rounds, bad)})
    write_state(tmp_path / "state.json", state)
    channel = slack.state.channel("incidents").id
    canary = {
        "baseline": str(tmp_path / "baseline"), "suite": str(tmp_path / "suite"), "state": str(tmp_path / "state.json"),
        "alpha": 0.05, "channel": channel,
    }  # fmt: skip
    async with stage(tmp_path, slack, {}, evals={"canary": canary}) as there:
        delivery = Delivery(web_client(slack.bot_token, there.parts.settings.slack), there.parts.journal, SHORT)
        for _ in range(2):
            await canary_due(there.parts, delivery)
        told = slack.state.transcript("incidents")
    kept = read_state(tmp_path / "state.json")
    assert kept is not None
    assert len(kept.rounds) == len(state.rounds) + 2
    assert told.count("scripted:0 answers worse than it did") == 1
    assert "at most 5.0%" in told
