"""A question asked of live systems, recorded, all of them stopped: asked again, the answer is the same."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.replay_paths import measure
from sre_advisor.app.assembly import assembled
from sre_advisor.app.recording.closed import ClosedIncidents
from sre_advisor.credentials import Credentials
from sre_advisor.journal.events import OutcomeTold, ToolCalled
from sre_advisor.model import Evidence, Outcome
from sre_advisor.replay.opening import open_recording
from sre_advisor.settings import RecordingsConfig
from tests.live.faults import Incident
from tests.live.test_faults import Live, live, program
from tests.standins.model_script import Say, answer, tool_calls
from tests.standins.model_server import ModelServer

QUESTION = "what is going on?"
CLOCK = ("duration_s", "read_at", "asked_at")
"""Fields of an answer that tell when it was made."""


@dataclass(frozen=True)
class Asked:
    """A live system that answered a question, still running."""

    garden: Live
    told: dict[str, Any]
    investigation: str
    incident: Incident


@asynccontextmanager
async def asked(folder: Path, seed: int) -> AsyncGenerator[Asked]:
    """Live systems, and the question answered by them."""
    incident = Incident("pool", seed, datetime.now(UTC))
    async with live(folder, incident) as garden:
        told = await garden.ask(QUESTION)
        _, listed, _ = await program(folder, "audit", "list")
        yield Asked(garden, told, next(word for word in listed.split() if word.startswith("terminal-")), incident)


def without_clock(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_clock(v) for k, v in value.items() if k not in CLOCK}
    return [without_clock(v) for v in value] if isinstance(value, list) else value


def as_text(value: Any) -> str:
    return json.dumps(without_clock(value), indent=1)


async def test_a_recorded_question_gets_the_same_answer_when_everything_is_stopped(tmp_path: Path) -> None:
    recording, elsewhere = tmp_path / "recording.tar.gz", tmp_path / "elsewhere"
    elsewhere.mkdir()
    async with asked(tmp_path, 11) as there:
        code, _, err = await program(
            tmp_path, "record", "--investigation", there.investigation, "--out", str(recording)
        )
        assert code == 0, err

    code, out, err = await program(elsewhere, "ask", QUESTION, "--recording", str(recording), "--json")
    assert code == 0, err
    assert as_text(json.loads(out)) == as_text(there.told)
    assert list(elsewhere.iterdir()) == [], "asking a recording leaves no journal behind"


def script(request: dict[str, Any]) -> Say:
    """Reads more, then says what it makes of it."""
    if "toolu_t_0" not in json.dumps(request["messages"]):
        query = {"query": "sum by (service) (rate(http_requests_total[5m]))"}
        return tool_calls(("metrics_query", query), ("alerts_active", {}), ("code_search", {"query": "POOL"}))
    claim = {"text": "The alert is firing.", "cites": ["E1"]}
    cause = {"statement": "The pool was made small.", "confidence": "high", "claims_for": [claim],
             "claims_against": [], "would_disprove": "it is wide", "service": None, "change": None}  # fmt: skip
    return answer(
        {"verdict": "likely_cause", "summary": "The pool was made small.", "hypotheses": [cause], "ruled_out": [],
         "not_checked": [], "commands": []}
    )  # fmt: skip


async def test_a_model_is_shown_the_same_when_everything_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = tmp_path / "recording"
    async with ModelServer(script) as model:
        key = tmp_path / "key"
        key.write_text(model.api_key)
        monkeypatch.setenv("SRE_ADVISOR_MODEL__BASE_URL", model.url)
        async with live(tmp_path, Incident("pool", 12, datetime.now(UTC))):
            told = await with_key(tmp_path, key, "ask", QUESTION, "--json")
            _, listed, _ = await program(tmp_path, "audit", "list", "--limit", "1")
            name = next(word for word in listed.split() if word.startswith("terminal-"))
            code, _, err = await program(tmp_path, "record", "--investigation", name, "--out", str(recording))
            assert code == 0, err
        again = await with_key(tmp_path, key, "ask", QUESTION, "--recording", str(recording), "--json")
    seen = [json.dumps(turn.json["messages"], indent=1) for turn in model.turns]
    assert len(seen) >= 4
    assert seen[len(seen) // 2 :] == seen[: len(seen) // 2], "the model is shown the same, byte for byte"
    assert told["model_calls"] == len(seen) // 2
    del told["cost_usd"], again["cost_usd"]  # the second time the stand-in has the prompt in its cache
    assert as_text(again) == as_text(told)


async def with_key(folder: Path, key: Path, *words: str) -> dict[str, Any]:
    """The program as a person with a key for the model starts it."""
    import asyncio
    import os
    import sys

    import sre_advisor

    environment = {**os.environ, "PYTHONPATH": str(Path(sre_advisor.__file__).parents[1])}
    environment |= {"ANTHROPIC_API_KEY_FILE": str(key)}
    environment.pop("ANTHROPIC_API_KEY", None)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sre_advisor.cli", *words, cwd=folder, env=environment,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()
    return json.loads(out)


async def test_an_incident_closed_in_slack_is_recorded_where_a_folder_is_set_and_is_a_case_then(tmp_path: Path) -> None:
    async with asked(tmp_path, 13) as there:
        async with assembled(there.garden.settings, Credentials(), None) as parts:
            closed = ClosedIncidents(parts)
            await closed.hear(there.investigation)
            await closed.stop(within_s=120)
        assert not list(tmp_path.rglob("*.tar.gz"))
        settings = there.garden.settings.model_copy(update={"recordings": RecordingsConfig(folder=tmp_path / "kept")})
        async with assembled(settings, Credentials(), None) as parts:
            later = Evidence(
                id="E90", source="thread", tool="thread_read", request={}, outcome=Outcome.OK, summary="somebody wrote",
                read_at=datetime.now(UTC), body={"messages": ["it was the pool, as everybody knows by now"]},
            )  # fmt: skip
            culprit = there.incident.culprit
            await parts.journal.append(
                ToolCalled(investigation=there.investigation, question="a-later-one", evidence=later, seconds=0.1),
                OutcomeTold(
                    investigation=there.investigation, user="U1", cause=f"the pool of {culprit}",
                    remedy="made it wide again", at=datetime.now(UTC),
                ),
            )  # fmt: skip
            closed = ClosedIncidents(parts)
            await closed.hear(there.investigation)
            await closed.stop(within_s=120)
    (recording,) = (tmp_path / "kept").iterdir()
    async with open_recording(recording, use_prometheus=False) as opened:
        assert opened.outcome is not None
        assert (opened.outcome.cause, opened.outcome.remedy) == (f"the pool of {culprit}", "made it wide again")
        assert [said.who for said in opened.thread] == ["asker", "advisor"]
        assert [rule.name for rule in opened.rules] == ["TooManyErrors"]
        assert not opened.holds("thread_read", {}), (
            "what was read when the cause was known does not answer the question"
        )
    await _asked_again(tmp_path)


async def _asked_again(folder: Path) -> None:
    """What was recorded is a suite: models are asked, and compared."""
    code, said, err = await program(folder, "evals", "import", "kept", "--out", "suite")
    assert code == 0, said + err
    models = ("--model", "scripted:1", "--model", "scripted:0", "--model", "offline")
    code, said, err = await program(folder, "evals", "run", "--suite", "suite", *models, "--out", "run", "--json")
    assert code == 0, said + err
    found = {arm["arm"]: arm["rates"]["cause_found"]["estimate"] for arm in json.loads(said)["arms"]}
    assert (found["scripted:1"], found["scripted:0"]) == (1.0, 0.0)
    code, said, err = await program(folder, "evals", "compare", "run", "--json")
    assert code == 0, said + err
    assert len(json.loads(said)["worse"]) == 1


async def test_what_was_never_asked_is_answered_as_the_live_systems_would_have(tmp_path: Path) -> None:
    result = await measure(tmp_path, seed=3, count=40)
    assert result.backend == "prometheus"
    assert result.right >= 36, result.wrong


async def test_a_stretch_of_time_is_recorded_without_anybody_having_asked(tmp_path: Path) -> None:
    incident = Incident("crash", 15, datetime.now(UTC))
    async with live(tmp_path, incident):
        code, _, err = await program(
            tmp_path, "record", "--from", "40m", "--service", incident.culprit, "--out", str(tmp_path / "r.zip")
        )
        assert code == 0, err
    code, out, err = await program(tmp_path, "ask", "what is wrong?", "--recording", "r.zip", "--json")
    assert code == 0, err
    assert json.loads(out)["first_look"]["services"][0]["name"] == incident.culprit
