"""Trouble that passes: waited out while the program runs, taken up by the next start, and never said twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.faults import Fault, Faults
from sre_advisor.journal.events import MessageIntended, QuestionAsked
from sre_advisor.model import Question
from sre_advisor.slack.delivery import Delivery
from sre_advisor.slack.paging import PAGE
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.posting import EVENT_TYPE
from sre_advisor.slack.render import notice
from tests.e2e.conftest import SHORT, Stage, stage

POST, READ = "chat.postMessage", "conversations.replies"


def _lost_and_unreadable(faults: Faults) -> None:
    faults.lose_response(POST)
    faults.server_error(READ, times=4)


PASSING: dict[str, Callable[[Faults], None]] = {
    "one 500": lambda f: f.server_error(POST),
    "many 503": lambda f: f.server_error(POST, times=12, status=503),
    "internal_error": lambda f: f.slack_error(POST, "internal_error", times=3),
    "a dropped call": lambda f: f.drop_request(POST),
    "dropped calls": lambda f: f.drop_request(POST, times=9),
    "a lost answer": lambda f: f.lose_response(POST),
    "lost answers": lambda f: f.lose_response(POST, times=2),
    "more limits than slack_sdk waits for": lambda f: f.rate_limit(POST, times=4, retry_after_s=0),
    "a lost answer, and no reading": _lost_and_unreadable,
}


async def everything_of(on: Stage, ts: str) -> None:
    """The answer came, and no part of it twice."""
    await on.answered(ts)
    assert [len(on.said(ts, part)) for part in ("first_look", "answer", "refusal")] == [1, 1, 0]


async def everything_once(on: Stage, ts: str) -> None:
    """The answer came, no part of it twice, and nothing is left to do."""
    await on.answered(ts)
    await on.service.worker.idle()
    await everything_of(on, ts)
    assert await on.parts.journal.unfinished() == ()


@pytest.mark.parametrize("what", PASSING)
async def test_trouble_that_passes_is_waited_out_and_each_part_is_said_once(on_stage: Stage, what: str) -> None:
    PASSING[what](on_stage.slack.faults)
    ts = await on_stage.ask("@advisor why is shop failing?")
    await everything_once(on_stage, ts)
    assert sum(on_stage.slack.faults.injected.values()) > 0


async def asked_question(on: Stage) -> Question:
    """A question that was answered, for posting more parts of an answer."""
    ts = await on.ask("@advisor why is shop failing?")
    await everything_once(on, ts)
    asked = (await on.parts.journal.of_kinds("question_asked"))[0]
    assert isinstance(asked, QuestionAsked)
    return asked.asked


async def test_a_message_taken_after_the_caller_gave_up_is_not_said_again(on_stage: Stage) -> None:
    question = await asked_question(on_stage)
    client = on_stage.service.client
    client.timeout = 1
    on_stage.slack.faults.late(POST, 1.4)
    await Delivery(client, on_stage.parts.journal, Patience(first_s=1)).post(question, "more", notice("hello"))
    assert len(on_stage.said(question.ts or "", "more")) == 1


async def test_a_message_of_before_the_crash_is_found_beyond_the_first_page_of_a_thread(on_stage: Stage) -> None:
    question = await asked_question(on_stage)
    client, journal, state = on_stage.service.client, on_stage.parts.journal, on_stage.slack.state
    for n in range(PAGE):
        await state.app_posts("incidents", "chatter", f"word {n}", thread_ts=question.thread_ts)
    key = f"{question.id}/more"
    intended = MessageIntended(
        investigation=question.investigation, question=question.id, key=key, channel=question.channel or "",
        thread_ts=question.thread_ts,
    )  # fmt: skip
    await journal.append(intended)
    await client.chat_postMessage(
        channel=question.channel or "", thread_ts=question.thread_ts, text="hello",
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
    )  # fmt: skip
    await Delivery(client, journal, SHORT).post(question, "more", notice("hello"))
    assert len(on_stage.said(question.ts or "", "more")) == 1


async def test_a_thread_that_may_not_be_read_costs_no_answer(tmp_path: Path, slack: LocalSlack) -> None:
    slack.state.config.scopes.discard("channels:history")
    slack.faults.drop_request(POST)
    async with stage(tmp_path, slack, {}) as on:
        ts = await on.ask("@advisor why is shop failing?")
        await everything_once(on, ts)


async def test_after_a_restart_a_slack_that_cannot_be_read_is_waited_for(tmp_path: Path, slack: LocalSlack) -> None:
    slack.faults.lose_response(POST)
    slack.faults.server_error(READ, times=10_000)
    async with stage(tmp_path, slack, {}) as first:
        ts = await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: slack.faults.injected[Fault.SERVER_ERROR] > 2, 10)
        await first.service.worker.drain(0)
    slack.faults.clear()
    slack.faults.server_error(READ, times=3)
    async with stage(tmp_path, slack, {}) as second:
        await everything_once(second, ts)


async def test_slack_is_not_asked_again_before_it_said(on_stage: Stage) -> None:
    on_stage.slack.faults.rate_limit(POST, times=3, retry_after_s=1)
    began = time.monotonic()
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.slack.wait_until(lambda: bool(on_stage.said(ts, "first_look")), 30)
    assert on_stage.slack.faults.injected[Fault.RATE_LIMITED] == 3
    assert time.monotonic() - began >= 3  # slack_sdk waits for the first two by itself and hands on the third
    await everything_once(on_stage, ts)


async def test_while_one_thread_waits_for_slack_another_is_answered(on_stage: Stage) -> None:
    on_stage.slack.faults.rate_limit(POST, retry_after_s=3)
    waiting = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.slack.wait_until(lambda: on_stage.slack.faults.injected[Fault.RATE_LIMITED] > 0, 10)
    await everything_of(on_stage, await on_stage.ask("@advisor why is basket failing?"))
    assert on_stage.said(waiting, "first_look") == []
    await everything_once(on_stage, waiting)


@pytest.mark.parametrize("kind", ["server_error", "drop_request"])
async def test_a_slack_that_stays_away_leaves_the_question_to_the_next_start(
    tmp_path: Path, slack: LocalSlack, kind: str
) -> None:
    (slack.faults.server_error if kind == "server_error" else slack.faults.drop_request)(POST, times=10_000)
    async with stage(tmp_path, slack, {}) as first:
        ts = await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: sum(slack.faults.injected.values()) > 4, 10)
        assert first.service.worker.busy == 1
        await first.service.worker.drain(0)
        assert len(await first.parts.journal.unfinished()) == 1
        assert await first.parts.journal.of_kinds("question_refused") == ()
    slack.faults.clear()
    async with stage(tmp_path, slack, {}) as second:
        await everything_once(second, ts)
