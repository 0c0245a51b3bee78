"""A person stops or corrects what runs: the thread ends with one answer, by the word, the button or the shortcut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import QuestionAnswered, QuestionAsked, QuestionJoined, QuestionRefused, StopAsked
from sre_advisor.journal.store import Journal
from sre_advisor.slack.progress import SLOW_S
from tests.e2e.conftest import Stage, key_of, stage
from tests.e2e.test_with_a_model import diagnosis
from tests.standins.model_script import Say, answer
from tests.standins.model_server import ModelServer

ASKED = "@advisor why is shop failing?"
GOOD = answer(diagnosis(("config-7 set the pool of store from 20 to 2", ["E4"])))


def slow(seconds: float = 60.0) -> Say:
    """A model that thinks longer than anybody waits."""
    return answer(diagnosis(("never said", ["E1"])), first_byte_after_s=seconds)


@dataclass
class Thinking:
    """A model that answers one turn after the other, and what it was asked, also when nobody waited for the answer."""

    steps: list[Say]
    asked_for: list[str] = field(default_factory=list[str])

    async def __call__(self, request: dict[str, Any]) -> Say:
        self.asked_for.append(json.dumps(request["messages"]))
        return self.steps.pop(0)


@asynccontextmanager
async def thinking(
    folder: Path, slack: LocalSlack, *steps: Say, plan: bool = False
) -> AsyncGenerator[tuple[Stage, Thinking]]:
    script = Thinking(list(steps))
    async with ModelServer(script) as server:
        model: dict[str, Any] = {"base_url": server.url, "max_retries": 0, "stream_retries": 0}
        async with stage(folder, slack, {"ANTHROPIC_API_KEY": server.api_key}, model=model, plan=plan) as on:
            yield on, script


async def being_thought_about(on: Stage, model: Thinking, ts: str) -> None:
    """The first look stands in the thread, and the model is being asked."""
    await on.slack.wait_until(lambda: bool(on.said(ts, "first_look")) and bool(model.asked_for), 20)


async def word(on: Stage, ts: str) -> None:
    await on.ask("stop", thread_ts=ts)


async def mention(on: Stage, ts: str) -> None:
    await on.ask("@advisor Stop it, please!", thread_ts=ts)


async def button(on: Stage, ts: str) -> None:
    incidents = on.slack.state.channel("incidents").id
    assert on.slack.state.session(incidents, ts).agent_status == "processing"
    await on.slack.state.person_stops("incidents", ts)


async def shortcut(on: Stage, ts: str) -> None:
    assert await on.slack.state.person_uses_message_shortcut(on.said(ts, "first_look")[0].ts, "stop_investigation")


@pytest.mark.parametrize("way", [word, mention, button, shortcut])
async def test_a_stop_ends_the_run_with_what_is_known_and_no_further_model_call(
    tmp_path: Path, slack: LocalSlack, way: Callable[[Stage, str], Awaitable[None]]
) -> None:
    async with thinking(tmp_path, slack, slow(), GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await way(on, ts)
        (said,) = await on.answered(ts)
        await on.service.worker.idle()
        text = on.read(ts)
        assert "Stopped by Olivia Oncall at" in text
        assert "config-7" in text
        assert "offline advisor" in text
        assert len(on.said(ts, "answer")) == 1
        assert len(model.asked_for) == 1
        journal = on.parts.journal
        (closed,) = await journal.of_kinds("question_answered")
        assert isinstance(closed, QuestionAnswered)
        assert "Stopped by Olivia Oncall" in closed.trouble[0]
        assert not await journal.unfinished()
        (asked,) = await journal.of_kinds("question_asked")
        assert closed.question == asked.question == key_of(said).removesuffix("/answer")
        incidents = slack.state.channel("incidents").id
        assert slack.state.session(incidents, ts).agent_status == "active"
        assert slack.state.status_line(incidents, ts) == ""


async def test_a_stop_that_another_process_put_on_record_is_noticed(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, slow()) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        asked = await on.parts.journal.unfinished()
        config = DatabaseConfig(url=f"sqlite:///{tmp_path}/journal.db")
        async with await Journal.open(config, lambda value: value) as other:
            person = slack.state.person.id
            stop = StopAsked(investigation=asked[0].investigation, user=person, at=datetime.now(UTC), by="words")
            await other.append(stop)
        await on.answered(ts)
        assert "Stopped by" in on.read(ts)


async def test_who_may_not_ask_there_cannot_stop_it_and_is_told_so_alone(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, answer(GOOD.blocks[0]["text"], first_byte_after_s=3.0)) as (on, model):
        guest = slack.state.add_user("gus", "Gus Guest", is_guest=True)
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await slack.state.person_types("incidents", "stop", user=guest, thread_ts=ts)
        await on.answered(ts)
        assert "The store's pool was made too small." in on.read(ts)
        assert "Stopped by" not in on.read(ts)
        whispers = [m.text for m in slack.state.thread(slack.state.channel("incidents").id, ts) if m.ephemeral_to]
        assert [w for w in whispers if "guests may not ask" in w.casefold()]


async def test_a_colleague_who_may_ask_there_may_stop_it(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, slow()) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await slack.state.person_types("incidents", "stop", user="second", thread_ts=ts)
        await on.answered(ts)
        assert "Stopped by Sam Second" in on.read(ts)


async def test_a_stop_where_nothing_runs_is_answered_to_its_writer_alone_and_is_no_question(on_stage: Stage) -> None:
    ts = await on_stage.ask(ASKED)
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    await on_stage.ask("stop", thread_ts=ts)
    await on_stage.slack.wait_until(lambda: "Nothing is being looked into" in on_stage.read(ts), 10)
    assert len(await on_stage.parts.journal.of_kinds("question_asked")) == 1


async def test_a_waiting_question_is_not_begun_after_a_stop(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, slow(), GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await on.ask("and what about the basket?", thread_ts=ts)
        await asyncio.sleep(0.2)
        await on.ask("stop", thread_ts=ts)
        await on.answered(ts)
        await on.service.worker.idle()
        assert "before it was begun" in on.read(ts)
        assert len(on.said(ts, "answer")) == 1
        assert len(model.asked_for) == 1
        assert [type(e) for e in await on.parts.journal.of_kinds("question_refused")] == [QuestionRefused]


async def test_a_waiting_question_that_was_stopped_leaves_no_plan_behind(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, slow(), plan=True) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        waiting = await on.ask("and what about the basket?", thread_ts=ts)
        await on.ask("stop", thread_ts=ts)
        await on.answered(ts)
        await on.service.worker.idle()
        assert "before it was begun" in on.read(ts)
        await asyncio.sleep(SLOW_S + 0.5)  # when a question that is still worked on would show a plan
        assert [m for m in on.said(ts, "progress") if waiting in key_of(m)] == []
        assert slack.state.status_line(slack.state.channel("incidents").id, ts) == ""


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("I meant basket", "why is shop failing?\n(corrected: I meant basket)"),
        ("sorry, since 11:40", "why is shop failing?\n(corrected: sorry, since 11:40)"),
    ],
)
async def test_a_correction_joins_the_question_that_runs_and_one_answer_comes_for_both(
    tmp_path: Path, slack: LocalSlack, said: str, both: str
) -> None:
    async with thinking(tmp_path, slack, slow(), GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await on.ask(said, thread_ts=ts)
        await on.answered(ts)
        await on.service.worker.idle()
        assert len(on.said(ts, "answer")) == 1
        journal = on.parts.journal
        (joined,) = await journal.of_kinds("question_joined")
        first, later = [e.asked for e in await journal.of_kinds("question_asked") if isinstance(e, QuestionAsked)]
        assert isinstance(joined, QuestionJoined)
        assert (joined.question, joined.into, joined.text) == (first.id, later.id, both)
        assert said in model.asked_for[-1]
        assert not await journal.unfinished()
        assert "🎯 Likely cause" in on.read(ts), "it is a whole answer, not a follow-up"


async def test_an_edit_while_it_is_looked_into_changes_the_question(tmp_path: Path, slack: LocalSlack) -> None:
    async with thinking(tmp_path, slack, slow(), GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await slack.state.person_edits(ts, f"<@{slack.state.bot.id}> why is basket slow?")
        await on.answered(ts)
        await on.service.worker.idle()
        assert len(on.said(ts, "answer")) == 1
        (joined,) = await on.parts.journal.of_kinds("question_joined")
        assert isinstance(joined, QuestionJoined)
        assert joined.text == "why is basket slow?"


async def test_an_edit_after_the_answer_is_no_question(on_stage: Stage) -> None:
    ts = await on_stage.ask(ASKED)
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    await on_stage.slack.state.person_edits(ts, f"<@{on_stage.slack.state.bot.id}> why is basket slow?")
    await on_stage.slack.wait_until(lambda: on_stage.slack.sockets.idle, 10)
    assert len(await on_stage.parts.journal.of_kinds("question_asked")) == 1


async def test_another_question_waits_its_turn_and_gets_an_answer_of_its_own(tmp_path: Path, slack: LocalSlack) -> None:
    brief = answer(GOOD.blocks[0]["text"], first_byte_after_s=1.5)
    async with thinking(tmp_path, slack, brief, GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await on.ask("and what about the basket?", thread_ts=ts)
        await on.answered(ts, times=2)
        assert await on.parts.journal.of_kinds("question_joined") == ()


async def test_somebody_elses_words_correct_nothing(tmp_path: Path, slack: LocalSlack) -> None:
    brief = answer(GOOD.blocks[0]["text"], first_byte_after_s=1.5)
    async with thinking(tmp_path, slack, brief, GOOD) as (on, model):
        ts = await on.ask(ASKED)
        await being_thought_about(on, model, ts)
        await slack.state.person_types("incidents", "no, the basket", user="second", thread_ts=ts)
        await on.answered(ts, times=2)


@pytest.mark.parametrize(("mode", "follow_up", "mentioned"), [("thread", 1, 1), ("mentions", 0, 1), ("off", 0, 0)])
async def test_which_messages_of_a_thread_are_questions_is_the_channels_choice(
    tmp_path: Path, slack: LocalSlack, mode: str, follow_up: int, mentioned: int
) -> None:
    channel = slack.state.channel("incidents").id
    text = policy_for(channel, "incidents").replace("    name:", f"    follow_ups: '{mode}'\n    name:")
    (tmp_path / "policy.yaml").write_text(text)
    async with stage(tmp_path, slack, {}) as on:
        ts = await on.ask(ASKED)
        await on.answered(ts)
        await on.ask("and the store?", thread_ts=ts)
        await on.ask("@advisor and the basket?", thread_ts=ts)
        await slack.wait_until(lambda: slack.sockets.idle, 10)
        await on.service.worker.idle()
        assert len(on.said(ts, "answer")) == 1 + follow_up + mentioned
        if mode == "off":
            assert "each question gets a thread of its own" in on.read(ts)


async def test_a_follow_up_that_overtakes_the_mention_is_not_lost(on_stage: Stage) -> None:
    state, bot = on_stage.slack.state, on_stage.slack.state.bot.id
    on_stage.slack.faults.hold_events = 3  # the two events of the mention and that of the follow-up, then reversed
    root = await state.person_posts("incidents", None, f"<@{bot}> why is shop failing?")
    await state.person_posts("incidents", None, "and what about the store?", thread_ts=root.ts)
    await on_stage.answered(root.ts, times=2)


async def test_a_stop_that_came_while_nobody_was_there_ends_the_run_at_the_next_start(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with thinking(tmp_path, slack, slow()) as (first, model):
        ts = await first.ask(ASKED)
        await being_thought_about(first, model, ts)
        await first.service.worker.drain(0)
        (asked,) = await first.parts.journal.unfinished()
        stop = StopAsked(
            investigation=asked.investigation, user=slack.state.person.id, at=datetime.now(UTC), by="button"
        )
        await first.parts.journal.append(stop)
    async with thinking(tmp_path, slack, GOOD) as (second, model):
        await second.answered(ts)
        await second.service.worker.idle()
        assert "what was known by then" in second.read(ts)
        assert model.asked_for == []
