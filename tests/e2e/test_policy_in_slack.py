"""The policy and the quotas as people in Slack meet them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.journal.events import Event, PolicyRead, QuestionAsked, QuestionRefused, ToolCalled
from sre_advisor.journal.store import Journal
from sre_advisor.model import Outcome
from tests.e2e.conftest import Stage, stage

INCIDENTS = "C0INCIDENT"


def whispers(slack: LocalSlack, user: str, channel: str = "incidents") -> list[str]:
    place = slack.state.channel(channel).id
    return [m.text for m in slack.state.messages.get(place, {}).values() if m.ephemeral_to == user]


async def refusals(journal: Journal) -> list[QuestionRefused]:
    return [e for e in await journal.of_kinds("question_refused") if isinstance(e, QuestionRefused)]


async def read(journal: Journal) -> tuple[Event, ...]:
    return await journal.of_kinds("tool_called")


def incidents(slack: LocalSlack) -> str:
    return slack.state.channel("incidents").id


async def refused(on: Stage, times: int = 1) -> list[QuestionRefused]:
    """Wait for so many refusals on record."""
    for _ in range(200):
        found = await refusals(on.parts.journal)
        if len(found) >= times:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError("nothing was refused")


@pytest.mark.parametrize(
    ("about", "rule"),
    [
        ({"is_guest": True}, "guests"),
        ({"home_team": "T0ELSEWHERE"}, "externals"),
    ],
)
async def test_a_strangers_mention_is_refused_in_private_and_nothing_is_read(
    on_stage: Stage, slack: LocalSlack, about: dict[str, Any], rule: str
) -> None:
    stranger = slack.state.add_user("eve", "Eve Elsewhere", **about)
    message = await slack.state.person_types("incidents", "@advisor why is shop failing?", user=stranger)
    (record,) = await refused(on_stage)
    assert (record.rule.partition(":")[0], record.by) == (rule, "policy")
    (said,) = whispers(slack, stranger.id)
    assert "Only you can see this" in said
    public = [m for m in slack.state.thread(incidents(slack), message.ts) if not m.ephemeral_to]
    assert [m.user for m in public] == [stranger.id]
    assert await read(on_stage.parts.journal) == ()


async def test_somebody_slack_does_not_tell_about_is_refused(tmp_path: Path, slack: LocalSlack) -> None:
    slack.state.config.scopes.discard("users:read")
    async with stage(tmp_path, slack, {}) as on:
        await on.ask("@advisor why is shop failing?")
        (record,) = await refused(on)
        assert record.rule.startswith("externals: I cannot tell")
        assert await read(on.parts.journal) == ()


async def test_a_channel_that_is_not_listed_is_not_answered_and_its_words_are_not_kept(
    on_stage: Stage, slack: LocalSlack
) -> None:
    message = await slack.state.person_types("general", "@advisor our salaries are wrong")
    (record,) = await refused(on_stage)
    assert record.rule.startswith("channels:")
    assert whispers(slack, slack.state.person.id, "general")
    (asked,) = await on_stage.parts.journal.of_kinds("question_asked")
    assert isinstance(asked, QuestionAsked)
    assert "salaries" not in asked.model_dump_json()
    await slack.state.person_types("general", "just talking on", thread_ts=message.ts)
    await on_stage.answered(await on_stage.ask("@advisor why is shop failing?"))
    assert len(await on_stage.parts.journal.of_kinds("question_asked")) == 2


async def test_a_channel_that_others_read_is_not_answered(on_stage: Stage, slack: LocalSlack) -> None:
    slack.state.channel("incidents").is_ext_shared = True
    await on_stage.ask("@advisor why is shop failing?")
    (record,) = await refused(on_stage)
    assert record.rule.startswith("externally_shared:")


async def test_a_direct_message_is_not_answered_unless_the_policy_says_so(on_stage: Stage, slack: LocalSlack) -> None:
    im = slack.state.open_im(slack.state.person.id)
    await slack.state.person_types(im.id, "why is shop failing?")
    (record,) = await refused(on_stage)
    assert record.rule.startswith("direct_messages:")


async def test_chatter_of_a_stranger_in_a_thread_is_refused_aloud_once(on_stage: Stage, slack: LocalSlack) -> None:
    stranger = slack.state.add_user("eve", "Eve Elsewhere", is_guest=True)
    ts = await on_stage.ask("@advisor why is shop failing?")
    await on_stage.answered(ts)
    for words in ("what about the store?", "and now?"):
        await slack.state.person_types("incidents", words, user=stranger, thread_ts=ts)
    assert len(await refused(on_stage, 2)) == 2
    assert len(whispers(slack, stranger.id)) == 1


async def test_members_of_a_named_user_group_may_ask_and_nobody_else(tmp_path: Path, slack: LocalSlack) -> None:
    slack.state.config.scopes.add("usergroups:read")
    slack.state.usergroups["S0ONCALL"] = {slack.state.colleague.id}
    (tmp_path / "policy.yaml").write_text(
        policy_for(incidents(slack), "incidents").replace("all: true\n  # users", "groups: [S0ONCALL]\n  # users")
    )
    async with stage(tmp_path, slack, {}) as on:
        await on.ask("@advisor why is shop failing?")
        assert (await refused(on))[0].rule.startswith("who:")
        allowed = await slack.state.person_types("incidents", "@advisor why is shop failing?", user="second")
        await on.answered(allowed.ts)


NARROW = """
who: {{all: true}}
channels:
  {channel}:
    services: [store]
    metrics: {{all: true}}
    tools: {{all: true}}
"""


async def test_a_narrowed_channel_sees_its_own_service_and_no_other(tmp_path: Path, slack: LocalSlack) -> None:
    (tmp_path / "policy.yaml").write_text(NARROW.format(channel=incidents(slack)))
    async with stage(tmp_path, slack, {}) as on:
        ts = await on.ask("@advisor what is wrong with store?")
        await on.answered(ts)
        answer = "\n".join(on.read(ts).splitlines()[2:])
        assert "latency_p99_s" in answer
        assert "config-7" in answer
        assert "basket" not in answer
        assert "ShopErrors" not in answer


async def test_an_edit_of_the_policy_holds_for_the_next_question_and_a_broken_one_keeps_the_last_good(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with stage(tmp_path, slack, {}) as on:
        file = tmp_path / "policy.yaml"
        file.write_text(file.read_text().replace("all: true\n  # users", "users: [U0NOBODY]\n  # users"))
        await on.ask("@advisor why is shop failing?")
        assert (await refused(on))[0].rule.startswith("who:")
        file.write_text("who: {everybody: true}\n")
        await on.ask("@advisor why is shop failing?")
        assert len(await refused(on, 2)) == 2
        assert "BROKEN EDIT" in on.parts.policies.line
        file.write_text(policy_for(incidents(slack), "incidents"))
        await on.answered(await on.ask("@advisor why is shop failing?"))
        states = [e for e in await on.parts.journal.of_kinds("policy_read") if isinstance(e, PolicyRead)]
        assert [bool(e.problem) for e in states] == [False, False, True, False]


async def test_a_persons_quota_holds_after_a_restart_and_refusals_are_private(
    tmp_path: Path, slack: LocalSlack
) -> None:
    limits = {"limits": {"quotas": {"person": {"questions": 1}}}}
    async with stage(tmp_path, slack, {}, **limits) as first:
        await first.answered(await first.ask("@advisor why is shop failing?"))
        await first.service.worker.idle()
    async with stage(tmp_path, slack, {}, **limits) as second:
        await second.ask("@advisor why is shop failing?")
        (record,) = await refused(second)
        assert record.by == "quota"
        assert "the limit of 1 questions is reached" in whispers(slack, slack.state.person.id)[0]
        other = await slack.state.person_types("incidents", "@advisor why is shop failing?", user="second")
        await second.answered(other.ts)


async def test_a_backends_quota_ends_in_a_partial_answer_that_names_it(tmp_path: Path, slack: LocalSlack) -> None:
    limits = {"limits": {"quotas": {"backends": {"changes": {"calls": 0}}}}}
    async with stage(tmp_path, slack, {}, **limits) as on:
        ts = await on.ask("@advisor why is shop failing?")
        await on.answered(ts)
        reads = [e for e in await read(on.parts.journal) if isinstance(e, ToolCalled)]
        stopped = [e for e in reads if e.evidence.source == "changes"]
        assert [(e.evidence.outcome, e.calls) for e in stopped] == [(Outcome.QUOTA_EXCEEDED, 0)]
        assert "changes" in on.read(ts)
        assert "config-7" not in on.read(ts)
