"""Each way the model's API can fail: all end in an answer, none costs more than the limit, none tells the key."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.advisors.claude import ClaudeConfig, ClaudeModel, ConfigProblem, load_models
from sre_advisor.advisors.claude.client import wait_s
from sre_advisor.advisors.contract import Advice
from sre_advisor.advisors.ledger import Usage
from sre_advisor.model import Verdict
from tests.advisors.world import ANSWER, bench, brief
from tests.standins.model_script import Fail, Say, answer, overloaded, rate_limited, refusal, tool_calls

CALL = tool_calls(("find_docs", {"service": "orders"}))


def always(say: Say) -> Callable[[dict[str, Any]], Say]:
    """A script of one turn for every request."""

    def script(request: dict[str, Any]) -> Say:
        assert request["messages"]
        return say

    return script


def partial(advice: Advice, failure: str | None) -> None:
    """The advice says that it is partial, why, and what the first look found."""
    assert advice.failure == failure
    assert advice.draft.verdict is Verdict.NOT_ENOUGH
    assert advice.stopped_because
    assert advice.stopped_because in advice.draft.not_checked[0]
    assert "orders: errors at 12 %" in advice.draft.summary


@pytest.mark.parametrize(
    ("fail", "kind"),
    [
        (Fail(400, "invalid_request_error", "messages: bad"), "bad_request"),
        (Fail(400, "invalid_request_error", "Your credit balance is too low"), "spend_limit"),
        (Fail(400, "invalid_request_error", "no", error_code="enforced_spend_limit_reached"), "spend_limit"),
        (Fail(401, "authentication_error"), "unauthorised"),
        (Fail(402, "billing_error"), "spend_limit"),
        (Fail(403, "permission_error"), "unauthorised"),
        (Fail(404, "not_found_error"), "unknown_model"),
        (Fail(413, "request_too_large"), "too_large"),
        (rate_limited("1"), "rate_limited"),
        (rate_limited(None), "spend_limit"),
        (Fail(500), "overloaded"),
        (Fail(503), "overloaded"),
        (Fail(504, "timeout_error"), "timeout"),
        (overloaded(), "overloaded"),
    ],
)
async def test_an_http_error_ends_in_a_partial_answer_of_its_kind(fail: Fail, kind: str) -> None:
    async with bench([fail]) as b:
        advice = await b.ask()
        partial(advice, kind)
        assert advice.cost_usd == 0
        assert [r["outcome"] for r in b.records] == [kind]


async def test_an_error_after_readings_keeps_the_conversation_for_the_next_question() -> None:
    async with bench([CALL, Fail(500), answer(ANSWER)]) as b:
        advice = await b.ask()
        partial(advice, "overloaded")
        again = await b.ask(brief("and now?", earlier=advice.conversation))
        assert again.draft.verdict is Verdict.LIKELY_CAUSE
        assert '"E2' in json.dumps(b.server.turns[-1].json["messages"]).replace("\\", "")


async def test_an_overload_before_headers_is_retried_by_the_sdk() -> None:
    async with bench([overloaded(), answer(ANSWER)], max_retries=1) as b:
        advice = await b.ask()
        assert advice.stopped_because is None
        assert (len(b.server.turns), advice.model_calls) == (2, 1)


@pytest.mark.parametrize(
    "retry_after",
    ["3600", "soon", pytest.param(format_datetime(datetime.now(UTC) + timedelta(hours=2)), id="in two hours")],
)
async def test_an_absurd_retry_after_is_not_waited_for(retry_after: str) -> None:
    async with bench([rate_limited(retry_after), rate_limited("3600")], max_retries=2) as b:
        partial(await b.ask(seconds=6), "rate_limited")  # not "timeout", in which waiting would end


async def test_a_used_up_spend_limit_is_not_asked_again() -> None:
    async with bench([rate_limited(None), answer(ANSWER)], max_retries=2) as b:
        partial(await b.ask(), "spend_limit")
        assert len(b.server.turns) == 1


@pytest.mark.parametrize("fault", ["error_event", "cut", "early_end"])
async def test_a_stream_that_breaks_once_is_asked_for_again_and_charged(fault: Any) -> None:
    async with bench([CALL, answer(ANSWER).broken(fault), answer(ANSWER)]) as b:
        advice = await b.ask()
        assert advice.stopped_because is None
        assert advice.model_calls == 3
        first, broken, again = b.server.turns
        assert len(b.desk.reads) == 1
        assert broken.json["messages"] == again.json["messages"], "half an answer may not enter the history"
        assert float(str(b.records[1]["cost_usd"])) > 0
        assert first.json["system"] == again.json["system"]


@pytest.mark.parametrize(
    ("fault", "kind"), [("error_event", "overloaded"), ("cut", "unreachable"), ("early_end", "unreachable")]
)
async def test_streams_that_keep_breaking_end_in_a_partial_answer(fault: Any, kind: str) -> None:
    async with bench(always(answer(ANSWER).broken(fault)), stream_retries=1) as b:
        partial(await b.ask(), kind)
        assert len(b.server.turns) == 2


async def test_an_error_event_that_cannot_pass_is_not_asked_again() -> None:
    async with bench([answer(ANSWER).broken("error_event", "invalid_request_error")]) as b:
        partial(await b.ask(), "bad_request")


@pytest.mark.alone
async def test_a_stream_that_hangs_ends_at_the_deadline() -> None:
    async with bench([answer(ANSWER).broken("hang")]) as b:
        began = time.monotonic()
        partial(await b.ask(seconds=1.0), "timeout")
        assert time.monotonic() - began < 3
        assert float(str(b.records[0]["cost_usd"])) > 0


async def test_a_turn_that_is_broken_off_from_outside_is_on_record() -> None:
    async with bench([answer(ANSWER).broken("hang")]) as b:
        asking = asyncio.create_task(b.ask())
        while not b.server.turns:  # noqa: ASYNC110 # the stand-in tells nobody
            await asyncio.sleep(0.01)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert [r["outcome"] for r in b.records] == ["stopped"]


async def test_headers_that_never_come_end_at_the_deadline_without_a_charge() -> None:
    async with bench([answer(ANSWER, first_byte_after_s=60.0)]) as b:
        advice = await b.ask(seconds=1.0)
        partial(advice, "timeout")
        assert advice.cost_usd == 0


async def test_a_read_timeout_before_headers_is_told_as_one() -> None:
    async with bench([answer(ANSWER, first_byte_after_s=60.0)], timeout_s=0.5) as b:
        partial(await b.ask(), "timeout")


async def test_a_slow_first_byte_is_waited_for() -> None:
    async with bench([answer(ANSWER, first_byte_after_s=0.5)]) as b:
        assert (await b.ask()).stopped_because is None


async def test_an_address_where_nothing_listens_is_told_as_unreachable() -> None:
    async with bench([]) as b:
        model = ClaudeModel(
            ClaudeConfig(base_url="http://127.0.0.1:1", max_retries=0), lambda: "k" * 9, load_models(), "p", "h"
        )
        advice = await type(b.advisor)(model, b.advisor.prompts).advise(brief(), b.desk, b.ledger())
        partial(advice, "unreachable")


async def test_a_tool_call_cut_by_the_length_limit_is_never_run() -> None:
    cut = tool_calls(("find_docs", {"service": "orders"}), stop_reason="max_tokens")
    async with bench([cut, cut]) as b:
        partial(await b.ask(cost_usd=5), "truncated")
        assert b.desk.reads == []
        first, second = (t.json["max_tokens"] for t in b.server.turns)
        assert second == 2 * first


async def test_an_answer_cut_once_is_asked_for_with_more_room() -> None:
    cut = answer(json.dumps(ANSWER), stop_reason="max_tokens")
    async with bench([cut, answer(ANSWER)]) as b:
        assert (await b.ask(cost_usd=5)).draft.verdict is Verdict.LIKELY_CAUSE


async def test_tool_arguments_that_are_no_json_are_asked_for_again() -> None:
    bad = Say(({"type": "tool_use", "id": "toolu_x", "name": "find_docs", "input": {}, "raw_input": "{]"},), "tool_use")
    async with bench([bad, answer(ANSWER)]) as b:
        assert (await b.ask()).stopped_because is None
        assert b.desk.reads == []


async def test_a_refusal_is_told_with_its_category() -> None:
    async with bench([refusal("cyber")]) as b:
        advice = await b.ask()
        partial(advice, "refused")
        assert "cyber" in (advice.stopped_because or "")


async def test_a_paused_turn_is_sent_back_unchanged() -> None:
    paused = Say(({"type": "text", "text": "so far"},), "pause_turn")

    def script(request: dict[str, Any]) -> Say:
        return answer(ANSWER) if request["messages"][-1]["role"] == "assistant" else paused

    async with bench(script) as b:
        advice = await b.ask()
        assert advice.draft.verdict is Verdict.LIKELY_CAUSE
        assert len(b.server.turns) == 2


@pytest.mark.parametrize(
    ("bad", "problem"),
    [
        ("It is the pool.", "Invalid JSON"),
        ({**ANSWER, "verdict": "sure"}, "verdict"),
        ({**ANSWER, "summary": "x" * 301}, "summary"),
    ],
)
async def test_an_unusable_answer_is_mended_once_knowing_what_was_wrong(bad: Any, problem: str) -> None:
    async with bench([answer(bad), answer(ANSWER)]) as b:
        advice = await b.ask()
        assert advice.draft.verdict is Verdict.LIKELY_CAUSE
        assert problem in b.server.turns[1].json["messages"][-1]["content"][0]["text"]


async def test_a_second_unusable_answer_is_not_mended_again() -> None:
    async with bench([answer("no"), answer("still no"), answer(ANSWER)]) as b:
        partial(await b.ask(), "garbled")
        assert len(b.server.turns) == 2


async def test_an_answer_too_long_twice_is_cut_rather_than_lost() -> None:
    long = answer({**ANSWER, "summary": "x" * 400})
    async with bench([long, long]) as b:
        advice = await b.ask()
        assert advice.stopped_because is None
        assert len(advice.draft.summary) == 300


async def test_a_history_taken_for_edited_is_sent_once_more_without_thinking() -> None:
    other = tool_calls(("recent_changes", {}), prefix="u")
    async with bench([CALL, answer(ANSWER), other, answer(ANSWER)]) as b:
        kept = (await b.ask()).conversation
        assert kept
        edited = replace(kept, messages=({"role": "user", "content": "another question"}, *kept.messages[1:]))
        assert (await b.ask(brief("and now?", earlier=edited))).stopped_because is None
        outcomes = [r["outcome"] for r in b.records]
        assert outcomes == ["ok", "ok", "bad_request", "ok", "ok"], "refused once, then never sent so again"
        assert b.server.turns[3].json["messages"][3]["content"][0]["type"] == "tool_use"


async def test_the_call_limit_counts_broken_streams_too() -> None:
    async with bench(always(answer(ANSWER).broken("cut")), stream_retries=5) as b:
        partial(await b.ask(model_calls=2), None)
        assert len(b.server.turns) == 2


async def test_no_call_is_made_that_could_pass_the_cost_limit() -> None:
    async with bench([answer(ANSWER)]) as b:
        partial(await b.ask(cost_usd=0.001), None)
        assert b.server.turns == []


@pytest.mark.parametrize("limit", [0.03, 0.05, 0.1, 0.2])
async def test_a_model_that_always_writes_to_its_limit_never_passes_the_cost_limit(limit: float) -> None:
    def script(request: dict[str, Any]) -> Say:
        call = ("find_docs", {"service": str(len(request["messages"]))})
        usage = {"output_tokens": request["max_tokens"]}
        return tool_calls(call, prefix=str(len(request["messages"])), usage=usage)

    async with bench(script) as b:
        b.desk.body = "y" * 9_000
        advice = await b.ask(cost_usd=limit, model_calls=50)
        assert b.server.turns
        assert 0 < advice.cost_usd <= limit


@pytest.mark.alone
async def test_a_desk_that_hangs_does_not_hold_the_answer_beyond_the_deadline() -> None:
    async with bench([CALL, answer(ANSWER)]) as b:
        b.desk.delay_s = 60
        began = time.monotonic()
        partial(await b.ask(seconds=1.5), None)
        assert time.monotonic() - began < 4


@pytest.fixture
def logs() -> Iterator[io.StringIO]:
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    structlog.reset_defaults()  # other tests leave the program's own set-up behind
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sink), cache_logger_on_first_use=False)
    yield sink
    structlog.reset_defaults()
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.mark.parametrize(
    "script",
    [
        [],
        [Fail(401, "authentication_error", "invalid bearer token")],
        [answer(ANSWER).broken("cut")] * 3,
        [answer(ANSWER).broken("error_event")] * 3,
        [answer(ANSWER)],
    ],
)
async def test_the_key_is_in_no_answer_record_or_log(script: Any, logs: io.StringIO) -> None:
    key = "sk-" + "verysecret" * 2
    async with bench(script, key=key) as b:
        advice = await b.ask()
        told = f"{advice!r} {b.records!r} {b.model!r} {logs.getvalue()}"
    async with bench(script) as b:
        advice = await b.ask()
        told += f"{advice!r} {b.records!r} {logs.getvalue()}"
        assert b.server.api_key not in told
    assert key not in told
    assert "model" in told


async def test_a_missing_key_is_one_clear_line() -> None:
    async with bench([]) as b:
        model = ClaudeModel(ClaudeConfig(base_url=b.server.url), None, load_models(), "p", "h")
        await model.warm()
        advice = await type(b.advisor)(model, b.advisor.prompts).advise(brief(), b.desk, b.ledger())
        partial(advice, "unauthorised")
        assert "ANTHROPIC_API_KEY" in (advice.stopped_because or "")


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"model": "claude-unheard-of"}, "has no prices"),
        ({"model": "claude-opus-5-5", "thinking": "disabled"}, "does not allow thinking"),
        ({"effort": "max"}, "effort"),
        ({"model": "claude-haiku-4-5", "max_tokens": 100_000}, "64000"),
    ],
)
def test_a_setting_the_model_does_not_allow_is_refused_at_the_start(settings: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigProblem, match=words):
        ClaudeModel(ClaudeConfig(**settings), None, load_models(), "p", "h")


ALLOWED = [
    (name, thinking, effort)
    for name, facts in load_models().models.items()
    for thinking in (None, *facts.thinking)
    for effort in (None, *(facts.efforts or ("medium",)))
]


@pytest.mark.parametrize(("model", "thinking", "effort"), ALLOWED)
async def test_each_model_gets_settings_it_takes(model: str, thinking: str | None, effort: str | None) -> None:
    async with bench([CALL, answer(ANSWER)], model=model, thinking=thinking, effort=effort) as b:
        assert (await b.ask(cost_usd=2)).stopped_because is None


async def test_a_gateway_that_counts_below_zero_gives_no_money_back() -> None:
    less: dict[str, int] = {"input_tokens": -1_000_000, "output_tokens": -1_000_000}
    async with bench([replace(CALL, usage=less), answer(ANSWER)]) as b:
        assert (await b.ask()).cost_usd > 0


def test_a_long_prompt_moves_a_whole_request_to_the_dearer_tier() -> None:
    haiku = load_models().models["claude-haiku-5-5"]
    assert haiku.cost_usd(Usage(input=100_000)) == pytest.approx(0.01)
    assert haiku.cost_usd(Usage(input=50_000, cache_read=50_001)) == pytest.approx((50_000 * 0.5 + 50_001 * 0.05) / 1e6)


@given(st.text())
def test_no_retry_after_header_can_break_the_reading_of_it(value: str) -> None:
    assert isinstance(wait_s(value), float)
