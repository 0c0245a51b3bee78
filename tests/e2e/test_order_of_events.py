"""Slack promises no order: a reply that comes before the message it replies to is answered like any other."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.socket_mode import SocketTiming
from tests.e2e.conftest import stage

QUICK = SocketTiming(ack_timeout_s=0.5, retry_delays_s=(0.3, 0.3, 5.0))


async def test_a_follow_up_that_overtakes_its_threads_first_message_is_answered(tmp_path: Path) -> None:
    slack = LocalSlack(timing=QUICK)
    await slack.start()
    async with stage(tmp_path, slack, {}) as on:
        slack.faults.hold_events = 3  # both events of the mention, and that of the follow-up, which is sent first
        first = await on.ask("@advisor why is shop failing?")
        await on.ask("and what changed?", thread_ts=first)
        await on.answered(first, times=2)
        await on.service.worker.idle()
        assert len(on.said(first, "answer")) == 2
    await slack.stop()


async def test_a_follow_up_waits_unacknowledged_while_slack_does_not_tell_how_its_thread_began(tmp_path: Path) -> None:
    slack = LocalSlack(timing=QUICK)
    await slack.start()
    async with stage(tmp_path, slack, {}) as on:
        slack.faults.hold_events = 3
        slack.faults.server_error("conversations.replies")
        first = await on.ask("@advisor why is shop failing?")
        await on.ask("and what changed?", thread_ts=first)
        await on.answered(first, times=2)
    await slack.stop()


async def test_chatter_in_a_thread_of_others_is_not_stored_and_its_beginning_is_asked_for_once(tmp_path: Path) -> None:
    slack = LocalSlack(timing=QUICK)
    await slack.start()
    async with stage(tmp_path, slack, {}) as on:
        first = await on.ask("who is on call?")
        for n in range(5):
            await on.ask(f"not me {n}", thread_ts=first)
            await asyncio.sleep(0.05)
        await slack.wait_until(lambda: slack.sockets.idle, 5)
        assert await on.parts.journal.of_kinds("question_asked") == ()
        assert slack.web_api.calls["conversations.replies"] == 1
    await slack.stop()
