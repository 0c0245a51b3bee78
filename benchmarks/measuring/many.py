"""Many questions at once through the local Slack; the advisor is a process of its own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from benchmarks.measuring import process
from benchmarks.measuring.model import Arrivals
from benchmarks.measuring.one import QUESTION
from benchmarks.measuring.stage import Stage
from sre_advisor.demo.local_slack import LocalSlack
from tests.standins.model_server import ModelServer

CHANNEL = "incidents"
PATIENCE_S = 120.0
SETTLE_S = 1.0


@dataclass(frozen=True)
class Many:
    """What so many questions took, from the first that was sent to the last that was answered."""

    questions: int
    wall_s: float
    cpu_s: float
    peak_mb: float


@asynccontextmanager
async def serving(stage: Stage, server: ModelServer, number: int) -> AsyncGenerator[tuple[LocalSlack, int]]:
    """A local Slack with the advisor connected to it, and the advisor's process id."""
    slack = LocalSlack()
    await slack.start()
    config = stage.configure(
        f"run-{number}", model={"base_url": server.url}, slack={"api_url": slack.api_url, "connections": 1}
    )
    secrets = {
        "ANTHROPIC_API_KEY": server.api_key, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token,
    }  # fmt: skip
    command = process.advisor(["run", "--config", str(config)])
    try:
        async with process.running(command, secrets, config.parent, config.with_name("run.log")) as pid:
            await slack.wait_until(lambda: slack.sockets.connection_count > 0, 30)
            yield slack, pid
    finally:
        await slack.stop()


async def ask_at_once(slack: LocalSlack, pid: int, questions: int) -> Many:
    """Put so many questions into the channel, each a thread of its own, and wait for every answer."""
    await asyncio.sleep(SETTLE_S)
    cpu, began = process.cpu_s(pid), time.monotonic()
    asked = [await slack.state.person_types(CHANNEL, f"@{slack.state.bot.name} {QUESTION}") for _ in range(questions)]
    waiting = {message.ts for message in asked}
    await slack.wait_until(lambda: not (waiting - _answered(slack)), PATIENCE_S)
    wall = time.monotonic() - began
    await asyncio.sleep(SETTLE_S)  # what it writes down after the answer is its work too
    return Many(questions, wall, process.cpu_s(pid) - cpu, process.peak_mb(pid))


async def at_once(stage: Stage, arrivals: Arrivals, server: ModelServer, questions: int, number: int) -> Many:
    """The measurement in a fresh process that has answered one question before."""
    async with serving(stage, server, number) as (slack, pid):
        await ask_at_once(slack, pid, 1)
        arrivals.at.clear()
        server.requests.clear()
        return await ask_at_once(slack, pid, questions)


def _answered(slack: LocalSlack) -> set[str]:
    """The threads that hold an answer."""
    posted = slack.state.posted_by_bot(slack.state.channel(CHANNEL).id)
    return {m.thread_ts for m in posted if m.thread_ts and _part(m.metadata) == "answer"}


def _part(metadata: dict[str, Any] | None) -> str:
    """Which part of an answer a message is: the end of the key that delivery put on it."""
    payload = (metadata or {}).get("event_payload") or {}
    return str(payload.get("key", "")).rpartition("/")[2]
