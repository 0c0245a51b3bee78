"""Slack gives an event up after a few tries: what was asked then is read back once the advisor listens again."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.slack.missed import LOOKED_BACK_S, Missed
from sre_advisor.slack.route import Me
from tests.e2e.conftest import Stage, stage


@contextmanager
def unheard(slack: LocalSlack) -> Generator[None]:
    """While no event is sent, as after Slack's last try."""
    events, slack.state.config.events = slack.state.config.events, set()
    yield
    slack.state.config.events = events


async def test_what_slack_gave_up_telling_is_answered_once_after_the_next_start(
    tmp_path: Path, slack: LocalSlack
) -> None:
    async with stage(tmp_path, slack, {}) as on:
        known = await on.ask("@advisor why is shop failing?")
        await on.answered(known)
        await on.service.worker.idle()
    with unheard(slack):
        new = await on.ask("@advisor what changed?")
        await on.ask("are you sure?", thread_ts=known)
        await on.ask("lunch?")
    async with stage(tmp_path, slack, {}) as on:
        await on.answered(new)
        await on.answered(known, times=2)
        await on.service.worker.idle()
        assert (len(on.said(new, "answer")), len(on.said(known, "answer"))) == (1, 2)
        assert len(await on.parts.journal.of_kinds("question_asked")) == 3
    async with stage(tmp_path, slack, {}) as on:
        await slack.wait_until(lambda: slack.web_api.calls["conversations.history"] == 2, 5)
        await on.service.worker.idle()
        assert len(await on.parts.journal.of_kinds("question_asked")) == 3


async def test_slack_in_trouble_is_asked_again_for_what_was_missed(on_stage: Stage, slack: LocalSlack) -> None:
    heard = await written_while_unheard(on_stage)
    slack.faults.server_error("conversations.history")
    await reader(on_stage, heard).catch_up()
    assert [m["event"]["text"] for m in heard] == ["<@U0ADVISOR> what changed?"]


async def test_what_was_asked_too_long_ago_is_left(on_stage: Stage) -> None:
    heard = await written_while_unheard(on_stage)
    await reader(on_stage, heard, later_s=LOOKED_BACK_S + 60).catch_up()
    assert heard == []


async def written_while_unheard(on_stage: Stage) -> list[dict[str, Any]]:
    """A channel in which one question was answered and one never heard; nothing is heard of it yet."""
    await on_stage.answered(await on_stage.ask("@advisor why is shop failing?"))
    await on_stage.service.worker.idle()
    with unheard(on_stage.slack):
        await on_stage.ask("@advisor what changed?")
    return []


def reader(on_stage: Stage, heard: list[dict[str, Any]], later_s: float = 0) -> Missed:
    """What reads back, so much later, into `heard`."""

    async def hear(event: dict[str, Any]) -> None:
        heard.append(event)

    me = Me(on_stage.slack.state.bot.id, on_stage.slack.state.team.id)
    parts, client = on_stage.parts, on_stage.service.client
    return Missed(client, parts.journal, parts.policies, me, hear, (0, 0.1, 0.1), lambda: time.time() + later_s)


async def test_a_channel_that_strangers_share_is_still_known_to_be_shared(tmp_path: Path, slack: LocalSlack) -> None:
    async with stage(tmp_path, slack, {}) as on:
        slack.state.channel("incidents").is_ext_shared = True
        await on.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: slack.sockets.idle, 5)
        await on.service.worker.idle()
    with unheard(slack):
        await on.ask("@advisor what changed?")
    async with stage(tmp_path, slack, {}) as on:
        await slack.wait_until(lambda: slack.web_api.calls["chat.postEphemeral"] == 2, 10)
        await on.service.worker.idle()
        assert len(await on.parts.journal.of_kinds("question_asked")) == 2
        assert await on.parts.journal.of_kinds("question_answered") == ()
