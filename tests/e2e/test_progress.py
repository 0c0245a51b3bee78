"""The plan in the thread: there at once, filled in, settled to one line, and never in the answer's way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.connectors.contract import Role, Tool, Unavailable
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.slack.progress import SLOW_S
from sre_advisor.slack.voice import SETTLED_S
from tests.e2e.conftest import Stage, stage

POST, EDIT = "chat.postMessage", "chat.update"
QUESTION = "@advisor why is shop failing?"


@pytest.fixture
async def planning(tmp_path: Path, slack: LocalSlack) -> AsyncIterator[Stage]:
    async with stage(tmp_path, slack, {}, plan=True) as ready:
        yield ready


def hold_back(on: Stage, role: Role, until: asyncio.Event, *, fails: bool = False) -> None:
    """Let every tool of this role wait before it reads, then perhaps fail."""
    broker = on.parts.investigator.broker
    for name, offer in broker.offers.items():
        if offer.tool.role is role:
            broker.offers[name] = replace(offer, tool=_waiting(offer.tool, until, fails))


def _waiting(tool: Tool, until: asyncio.Event, fails: bool) -> Tool:
    async def run(*args: Any) -> Any:
        await until.wait()
        if fails:
            raise Unavailable("timeout", "timed out")
        return await tool.run(*args)

    return replace(tool, run=run)


def plan_of(on: Stage, ts: str) -> dict[str, str]:
    """The cards of the plan: title and status."""
    (message,) = on.said(ts, "progress")
    (block,) = message.blocks
    return {task["title"]: task["status"] for task in block["tasks"]} if block["type"] == "plan" else {}


async def test_the_plan_stands_above_the_first_look_and_settles_to_one_line(planning: Stage) -> None:
    ts = await planning.ask(QUESTION)
    await planning.answered(ts)
    await planning.service.worker.idle()
    (progress,) = planning.said(ts, "progress")
    (look,) = planning.said(ts, "first_look")
    assert float(progress.ts) < float(look.ts)
    text = planning.slack.state.message_text(progress)
    assert text.startswith("· ✓ Done after")
    assert "reads of alerts, metrics and changes" in text
    assert "\n" not in text


async def test_cards_fill_in_as_sources_answer(planning: Stage) -> None:
    go = asyncio.Event()
    hold_back(planning, Role.SIGNALS, go)
    ts = await planning.ask(QUESTION)
    await planning.slack.wait_until(lambda: bool(planning.said(ts, "progress")), 10)
    await planning.slack.wait_until(lambda: plan_of(planning, ts).get("Alerts") == "complete", 10)
    assert plan_of(planning, ts)["Metrics"] == "in_progress"
    assert planning.said(ts, "answer") == []
    go.set()
    await planning.answered(ts)


async def test_a_source_that_is_not_reached_says_so_in_the_end(planning: Stage) -> None:
    go = asyncio.Event()
    go.set()
    hold_back(planning, Role.CHANGES, go, fails=True)
    ts = await planning.ask(QUESTION)
    await planning.answered(ts)
    await planning.service.worker.idle()
    (progress,) = planning.said(ts, "progress")
    assert "not read: changes (not reached: timed out)" in planning.slack.state.message_text(progress)


@pytest.mark.parametrize("method", [POST, EDIT])
async def test_a_plan_that_slack_does_not_take_costs_no_answer(planning: Stage, method: str) -> None:
    planning.slack.faults.server_error(method, times=1 if method == POST else 9)
    ts = await planning.ask(QUESTION)
    assert len(await planning.answered(ts)) == 1
    assert len(planning.said(ts, "first_look")) == 1


async def test_a_plan_that_stood_before_a_crash_is_settled_by_the_next_start(tmp_path: Path, slack: LocalSlack) -> None:
    never = asyncio.Event()
    async with stage(tmp_path, slack, {}, plan=True) as first:
        hold_back(first, Role.SIGNALS, never)
        ts = await first.ask(QUESTION)
        await slack.wait_until(lambda: bool(first.said(ts, "progress")), 10)
        slack.faults.server_error(EDIT, times=99)  # as after a kill: nothing is tidied up
        await first.service.worker.drain(0)
    slack.faults.clear()
    async with stage(tmp_path, slack, {}, plan=True) as second:
        await second.answered(ts)
        await second.service.worker.idle()
        assert len(second.said(ts, "progress")) == 1
        assert "✓ Done" in second.read(ts)


async def test_a_quick_follow_up_shows_no_plan(planning: Stage) -> None:
    ts = await planning.ask(QUESTION)
    await planning.answered(ts)
    await planning.ask("since when?", thread_ts=ts)
    await planning.answered(ts, times=2)
    await planning.service.worker.idle()
    assert len(planning.said(ts, "progress")) == 1


async def test_an_investigation_that_is_ended_says_that_it_stopped(planning: Stage) -> None:
    hold_back(planning, Role.SIGNALS, asyncio.Event())
    ts = await planning.ask(QUESTION)
    await planning.slack.wait_until(lambda: bool(planning.said(ts, "progress")), 10)
    await planning.service.worker.drain(0)
    (progress,) = planning.said(ts, "progress")
    assert "■ Stopped" in planning.slack.state.message_text(progress)


async def test_a_plan_is_settled_also_when_slack_is_away_as_the_answer_comes(planning: Stage) -> None:
    ts = await planning.ask(QUESTION)
    await planning.slack.wait_until(lambda: bool(planning.said(ts, "progress")), 10)
    planning.slack.faults.server_error(EDIT, times=8)
    await planning.answered(ts)
    await planning.service.worker.idle()
    assert "✓ Done" in planning.read(ts)


@pytest.fixture
async def impatient(tmp_path: Path, slack: LocalSlack) -> AsyncIterator[Stage]:
    async with stage(tmp_path, slack, {}, plan=True, first_look={"soon_s": 0.3}) as ready:
        yield ready


async def test_a_first_look_with_a_late_source_is_shown_and_completed_in_place(impatient: Stage) -> None:
    go = asyncio.Event()
    hold_back(impatient, Role.SIGNALS, go)
    ts = await impatient.ask(QUESTION)
    await impatient.slack.wait_until(lambda: bool(impatient.said(ts, "first_look")), 10)
    (look,) = impatient.said(ts, "first_look")
    early = impatient.slack.state.message_text(look)
    assert "So far:" in early
    assert "Still reading prometheus: this is completed as they answer" in early
    assert "ShopErrors" in early
    assert "awaited" not in early
    go.set()
    await impatient.answered(ts)
    await impatient.service.worker.idle()
    (look,) = impatient.said(ts, "first_look")
    whole = impatient.slack.state.message_text(look)
    assert "the trouble seems to be in store" in whole
    assert "So far" not in whole
    assert "Still reading" not in whole


async def test_a_late_source_of_alerts_is_never_taken_for_silence(impatient: Stage) -> None:
    hold_back(impatient, Role.ALERTS, asyncio.Event())
    hold_back(impatient, Role.ALERT_HISTORY, asyncio.Event())
    hold_back(impatient, Role.SIGNALS, asyncio.Event())
    ts = await impatient.ask(QUESTION)
    await impatient.slack.wait_until(lambda: bool(impatient.said(ts, "first_look")), 10)
    assert "says nothing about health" in impatient.read(ts)


@pytest.mark.parametrize("words", ["@advisor 🙂", "@advisor"])
async def test_a_question_that_is_not_looked_into_leaves_no_plan_in_the_thread(planning: Stage, words: str) -> None:
    ts = await planning.ask(words)
    await planning.slack.wait_until(lambda: bool(planning.said(ts, "refusal")), 10)
    await asyncio.sleep(SLOW_S + 1)
    assert planning.said(ts, "progress") == []
    assert planning.slack.state.status_line(planning.slack.state.channel("incidents").id, ts) == ""


async def test_a_plan_that_slack_does_not_let_settle_keeps_no_follow_up_waiting(planning: Stage) -> None:
    go = asyncio.Event()
    hold_back(planning, Role.SIGNALS, go)
    ts = await planning.ask(QUESTION)
    await planning.slack.wait_until(lambda: bool(planning.said(ts, "progress")), 10)
    planning.slack.faults.rate_limit(EDIT, times=99, retry_after_s=3600)
    go.set()
    await planning.answered(ts)
    await planning.ask("and what changed?", thread_ts=ts)
    await planning.slack.wait_until(lambda: len(planning.said(ts, "answer")) == 2, SETTLED_S + 15)
