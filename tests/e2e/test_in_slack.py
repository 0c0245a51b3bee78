"""A person asks in Slack; the real Bolt app, socket and SDK carry it; the answer stands in the thread."""

import asyncio
from pathlib import Path

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import MessageIntended, OutcomeTold, QuestionAsked, QuestionRefused, Voted
from sre_advisor.settings import SettingsError
from tests.e2e.conftest import Stage, key_of, stage


async def test_a_mention_is_answered_in_its_thread_with_first_look_and_diagnosis(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    text = on_stage.read(ts)
    assert "the trouble seems to be in store" in text
    assert "config-7" in text
    assert "every claim checked" in text
    assert len(on_stage.said(ts, "first_look")) == 1


async def test_a_mention_is_answered_once_although_slack_tells_of_it_twice(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    assert len(on_stage.said(ts, "answer")) == 1
    assert len(await on_stage.parts.journal.of_kinds("question_asked")) == 1


async def test_a_follow_up_needs_no_mention_and_builds_on_the_same_evidence(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    await on_stage.ask("and what about the store?", thread_ts=ts)
    await on_stage.answered(ts, times=2)
    assert len(on_stage.said(ts, "first_look")) == 1
    asked = await on_stage.parts.journal.of_kinds("question_asked")
    assert len({e.investigation for e in asked}) == 1


async def test_talk_in_a_thread_that_is_not_ours_is_left_alone(on_stage: Stage) -> None:
    ts = await on_stage.ask("lunch?")
    await on_stage.ask("yes please", thread_ts=ts)
    own = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(own)
    assert len(await on_stage.parts.journal.of_kinds("question_asked")) == 1


async def test_a_question_without_words_gets_one_clear_line(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor   ")
    await on_stage.slack.wait_until(lambda: bool(on_stage.said(ts, "refusal")), 10)
    await on_stage.service.worker.idle()
    assert "The question has no words" in on_stage.read(ts)
    refused = await on_stage.parts.journal.of_kinds("question_refused")
    assert [type(e) for e in refused] == [QuestionRefused]


async def test_a_question_left_unfinished_by_a_dead_process_is_answered_by_the_next(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with stage(tmp_path, slack, {}) as first:
        journal = first.parts.journal
        ts = await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: first.service.worker.busy > 0 or bool(first.said(ts, "answer")), 10)
        await first.service.worker.drain(0)
        assert not await journal.of_kinds("question_answered") or first.said(ts, "answer")
    async with stage(tmp_path, slack, {}) as second:
        await second.answered(ts)
        await second.service.worker.idle()
        assert len(second.said(ts, "answer")) == 1
        assert len(second.said(ts, "first_look")) == 1


async def test_a_start_that_slack_refuses_leaves_nothing_running_behind(tmp_path: Path, slack: LocalSlack) -> None:
    async with stage(tmp_path, slack, {}) as first:
        slack.faults.late("chat.postMessage", 5, times=9)
        await first.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: slack.faults.injected["late"] > 0, 20)
        await first.service.worker.drain(0)
    slack.faults.slack_error("apps.connections.open", "invalid_auth", times=9)
    with pytest.raises(SettingsError, match="Slack refuses SLACK_APP_TOKEN"):
        async with stage(tmp_path, slack, {}):
            """It does not come to stand."""
    assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("question ")]


async def test_a_slack_that_gives_no_address_at_first_is_asked_again(tmp_path: Path, slack: LocalSlack) -> None:
    slack.faults.server_error("apps.connections.open", times=2)
    async with stage(tmp_path, slack, {}) as late:
        await late.answered(await late.ask("@advisor why is shop failing?"))
    assert slack.faults.injected["server_error"] == 2


async def test_a_message_that_slack_took_before_the_crash_is_found_and_not_posted_again(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    (posted,) = await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    key = key_of(posted)
    asked = (await on_stage.parts.journal.of_kinds("question_asked"))[0]
    assert isinstance(asked, QuestionAsked)
    from sre_advisor.slack.delivery import Delivery
    from sre_advisor.slack.render import notice

    fresh = key.replace("/answer", "/again")
    client = on_stage.service.client
    intended = MessageIntended(
        investigation=asked.investigation, question=asked.question, key=fresh, channel=posted.channel, thread_ts=ts
    )
    await on_stage.parts.journal.append(intended)
    await client.chat_postMessage(
        channel=posted.channel, thread_ts=ts, text="hello",
        metadata={"event_type": "sre_advisor_message", "event_payload": {"key": fresh}},
    )  # fmt: skip
    await Delivery(client, on_stage.parts.journal).post(asked.asked, "again", notice("hello"))
    assert len(on_stage.said(ts, "again")) == 1


async def test_a_vote_and_an_outcome_are_on_record_with_the_exact_answer(on_stage: Stage) -> None:
    ts = await on_stage.ask("@advisor why is shop failing?")
    (message,) = await on_stage.answered(ts)
    await on_stage.service.worker.idle()
    state = on_stage.slack.state
    assert await state.person_clicks(message.ts, "vote_helpful")
    assert await state.person_clicks(message.ts, "tell_outcome")
    await on_stage.slack.wait_until(lambda: bool(state.views), 5)
    (view,) = state.views.values()
    values = {
        "cause": {"text": {"type": "plain_text_input", "value": "the pool"}},
        "remedy": {"text": {"type": "plain_text_input", "value": "put it back"}},
    }
    await state.person_submits_view(view.id, values)
    assert "1 answered, 1 of 1 votes helpful" in on_stage.read(ts)
    voted, told = await on_stage.parts.journal.of_kinds("voted", "outcome_told")
    assert isinstance(voted, Voted)
    assert isinstance(told, OutcomeTold)
    assert voted.question == told.question == key_of(message).removesuffix("/answer")
    assert (told.cause, told.remedy) == ("the pool", "put it back")
