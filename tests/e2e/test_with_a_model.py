"""With a key, Claude answers through the real SDK; when the model fails, the thread still gets a diagnosis."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import ModelTurned
from tests.e2e.conftest import Stage, stage
from tests.standins.model_script import Fail, Script, answer, overloaded, refusal, tool_calls
from tests.standins.model_server import ModelServer


@asynccontextmanager
async def on_stage_with(folder: Path, slack: LocalSlack, script: Script) -> AsyncGenerator[tuple[Stage, ModelServer]]:
    async with ModelServer(script) as server:
        model: dict[str, Any] = {"base_url": server.url, "max_retries": 0, "stream_retries": 0}
        async with stage(folder, slack, {"ANTHROPIC_API_KEY": server.api_key}, model=model) as ready:
            yield ready, server


def diagnosis(*claims: tuple[str, list[str]], summary: str = "The store's pool was made too small.") -> dict[str, Any]:
    hypothesis = {
        "statement": "config-7 shrank the pool of store",
        "confidence": "high",
        "claims_for": [{"text": text, "cites": cites} for text, cites in claims],
        "claims_against": [],
        "would_disprove": "the pool is wide again and shop still fails",
        "service": "store",
        "change": "config-7",
    }
    return {
        "verdict": "likely_cause",
        "summary": summary,
        "hypotheses": [hypothesis],
        "ruled_out": [],
        "not_checked": [],
        "commands": [],
    }


READ = tool_calls(("changes_list", {}), ("metrics_search", {"text": "pool"}))


async def test_the_model_reads_through_the_broker_and_its_checked_answer_stands_in_the_thread(
    tmp_path: Path, slack: LocalSlack
) -> None:
    said = answer(
        diagnosis(("config-7 set the pool of store from 20 to 2", ["E4"]), ("shop failed 99 % of requests", ["E3"]))
    )
    async with on_stage_with(tmp_path, slack, [READ, said, said]) as (on_stage, server):
        ts = await on_stage.ask("@advisor why is shop failing?")
        await on_stage.answered(ts)
        await on_stage.service.worker.idle()
        text = on_stage.read(ts)
        assert "The store's pool was made too small." in text
        assert "config-7 set the pool of store from 20 to 2" in text
        assert "shop failed 99 %" not in text
        assert "1 claim dropped in checking" in text
        assert len(server.turns) == 3, "a claim that does not hold is sent back once"
        turned = await on_stage.parts.journal.of_kinds("model_turned")
        assert len([e for e in turned if isinstance(e, ModelTurned)]) == 3


async def test_a_follow_up_continues_the_conversation_with_the_model(tmp_path: Path, slack: LocalSlack) -> None:
    first = answer(diagnosis(("config-7 set the pool of store from 20 to 2", ["E4"])))
    second = answer(diagnosis(("config-7 set the pool of store from 20 to 2", ["E4"]), summary="Yes, quite sure."))
    async with on_stage_with(tmp_path, slack, [first, second]) as (on_stage, server):
        ts = await on_stage.ask("@advisor why is shop failing?")
        await on_stage.answered(ts)
        await on_stage.ask("are you sure?", thread_ts=ts)
        await on_stage.answered(ts, times=2)
        assert "Yes, quite sure." in on_stage.read(ts)
        earlier, later = (turn.json["messages"] for turn in server.turns)
        assert later[: len(earlier)] == earlier


@pytest.mark.parametrize(
    ("failure", "word"),
    [
        (overloaded(), "overloaded"),
        (Fail(401, "authentication_error", "invalid key"), "key"),
        (Fail(429, "rate_limit_error", "slow down", {"retry-after": "3600"}), "rate"),
        (Fail(500), "model"),
        (answer("{}").broken("error_event"), "broke off"),
        (answer("{}").broken("cut"), "model"),
        (answer("{}").broken("early_end"), "model"),
        (refusal(), "declined"),
    ],
    ids=["529", "401", "429", "500", "error-mid-stream", "cut", "early-end", "refusal"],
)
async def test_when_the_model_fails_the_offline_diagnosis_comes_and_says_so(
    tmp_path: Path, slack: LocalSlack, failure: Any, word: str
) -> None:
    async with on_stage_with(tmp_path, slack, [failure] * 6) as (on_stage, server):
        ts = await on_stage.ask("@advisor why is shop failing?")
        await on_stage.answered(ts)
        text = on_stage.read(ts)
        assert "offline advisor" in text
        note = next(line for line in text.splitlines() if "⚠️" in line)
        assert word in note.casefold()
        assert server.api_key not in text


async def test_when_the_days_money_is_used_up_the_offline_advisor_answers_and_says_why(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with ModelServer([answer(diagnosis(("never asked", ["E1"])))]) as server:
        settings: dict[str, Any] = {
            "model": {"base_url": server.url},
            "limits": {"quotas": {"channel": {"cost_usd": 0.0}}},
        }
        async with stage(tmp_path, slack, {"ANTHROPIC_API_KEY": server.api_key}, **settings) as ready:
            ts = await ready.ask("@advisor why is shop failing?")
            await ready.answered(ts)
            assert "the model was not asked: this channel today: 0.00 USD for the model" in ready.read(ts)
            assert "config-7" in ready.read(ts)
            assert await ready.parts.journal.of_kinds("model_turned") == ()


async def test_a_secret_that_a_person_pastes_into_a_question_does_not_reach_the_model(
    tmp_path: Path, slack: LocalSlack
) -> None:
    said = answer(diagnosis(("config-7 set the pool of store from 20 to 2", ["E4"]), summary=f"key {slack.bot_token}"))
    async with on_stage_with(tmp_path, slack, [said]) as (on_stage, server):
        ts = await on_stage.ask(f"@advisor why does shop fail with {slack.bot_token}?")
        await on_stage.answered(ts)
        (answered,) = on_stage.said(ts, "answer")
        assert slack.bot_token not in server.turns[0].body.decode()
        assert slack.bot_token not in str(answered)
