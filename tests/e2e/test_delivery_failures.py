"""What happens when Slack does not take a message: once more in plain words, or closed with the reason on record."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from sre_advisor.connectors.contract import Role
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import QuestionRefused
from tests.e2e.conftest import Stage, stage
from tests.e2e.test_progress import hold_back

POST, STATUS = "chat.postMessage", "assistant.threads.setStatus"


async def refusals(stage: Stage) -> list[str]:
    found = await stage.parts.journal.of_kinds("question_refused")
    return [e.rule for e in found if isinstance(e, QuestionRefused)]


def status(stage: Stage, ts: str) -> str:
    return stage.slack.state.status_line(stage.slack.state.channel("incidents").id, ts)


@pytest.mark.parametrize("error", ["invalid_blocks", "msg_blocks_too_long", "msg_too_long"])
async def test_a_message_whose_form_slack_refuses_goes_once_more_as_plain_text(on_stage: Stage, error: str) -> None:
    on_stage.slack.faults.slack_error(POST, error)
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    (look,) = on_stage.said(ts, "first_look")
    assert not look.blocks
    assert "the trouble seems to be in store" in look.text
    assert "refused the whole answer" in look.text
    assert await refusals(on_stage) == []


@pytest.mark.parametrize("error", ["not_in_channel", "is_archived", "channel_not_found", "restricted_action"])
async def test_a_channel_that_takes_no_message_closes_the_question_with_the_reason(on_stage: Stage, error: str) -> None:
    on_stage.slack.faults.slack_error(POST, error, times=9)
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.slack.wait_until(lambda: bool(on_stage.slack.faults.injected), 10)
    await on_stage.service.worker.idle()
    assert await refusals(on_stage) == [f"Slack refused the message: {error}"]
    assert await on_stage.parts.journal.unfinished() == ()
    assert on_stage.slack.faults.injected["slack_error"] == 1
    assert status(on_stage, ts) == ""


async def test_a_form_refused_twice_closes_the_question(on_stage: Stage) -> None:
    on_stage.slack.faults.slack_error(POST, "invalid_blocks", times=9)
    await on_stage.ask("@advisor why is shop failing?")
    await on_stage.slack.wait_until(lambda: bool(on_stage.slack.faults.injected), 10)
    await on_stage.service.worker.idle()
    assert await refusals(on_stage) == ["Slack refused the message: invalid_blocks"]
    assert on_stage.slack.faults.injected["slack_error"] == 2


async def test_a_rate_limit_is_waited_out_and_answered_once(on_stage: Stage) -> None:
    on_stage.slack.faults.rate_limit(POST, times=1, retry_after_s=1)
    ts = await on_stage.ask("@advisor why is shop failing?")
    assert len(await on_stage.answered(ts)) == 1
    assert len(on_stage.said(ts, "first_look")) == 1


async def test_the_status_shows_at_once_and_is_gone_in_the_end(on_stage: Stage) -> None:
    on_stage.slack.faults.late(POST, 0.5)
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.slack.wait_until(lambda: "is looking" in status(on_stage, ts), 5)
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    assert status(on_stage, ts) == ""


@pytest.mark.parametrize("kind", ["slack_error", "server_error", "drop_request"])
async def test_a_status_that_slack_does_not_take_costs_no_answer(on_stage: Stage, kind: str) -> None:
    faults = on_stage.slack.faults
    if kind == "slack_error":
        faults.slack_error(STATUS, "missing_scope", times=9)
    elif kind == "server_error":
        faults.server_error(STATUS, times=9)
    else:
        faults.drop_request(STATUS, times=9)
    ts = await on_stage.ask("@advisor why is shop failing?")
    assert len(await on_stage.answered(ts)) == 1


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
async def test_a_token_that_is_taken_back_closes_no_question_and_another_token_answers_it(
    tmp_path: Path, slack: LocalSlack, error: str
) -> None:
    slack.faults.slack_error(POST, error, times=10_000)
    async with stage(tmp_path, slack, {}) as first:
        ts = await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: slack.faults.injected["slack_error"] > 2, 10)
        await first.service.worker.drain(0)
        assert await refusals(first) == []
    slack.faults.clear()
    async with stage(tmp_path, slack, {}) as second:
        assert len(await second.answered(ts)) == 1


async def test_an_answer_does_not_wait_for_a_status_that_slack_limits(on_stage: Stage) -> None:
    on_stage.slack.faults.rate_limit(STATUS, times=99, retry_after_s=3600)
    ts = await on_stage.ask("@advisor why is shop failing?")
    assert len(await on_stage.answered(ts)) == 1
    await asyncio.wait_for(on_stage.service.worker.idle(), 15)
    assert await on_stage.parts.journal.unfinished() == ()


async def test_a_first_look_that_somebody_deleted_before_a_restart_costs_no_answer(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with stage(tmp_path, slack, {}) as first:
        hold_back(first, Role.SIGNALS, asyncio.Event())
        ts = await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: bool(first.said(ts, "first_look")), 20)  # so far, without the metrics
        await first.service.worker.drain(0)
        (look,) = first.said(ts, "first_look")
    slack.state.remove(look)
    async with stage(tmp_path, slack, {}) as second:
        assert len(await second.answered(ts)) == 1
        assert await refusals(second) == []
