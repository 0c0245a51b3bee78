"""The advisor in a local Slack over a small recorded world."""

from __future__ import annotations

import logging
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.broker.policy import policy_for
from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.replay.world import load_world
from sre_advisor.settings import load_settings
from sre_advisor.slack.feedback import Closed, nobody
from sre_advisor.slack.patience import Patience
from sre_advisor.slack.service import SlackService
from tests.e2e.worlds import small_world

SHORT = Patience(first_s=0.02, longest_s=0.1)
"""Waits for a Slack in trouble as the program does, in less time."""


@dataclass
class Stage:
    """A local Slack and the advisor in it."""

    slack: LocalSlack
    parts: Assembly
    service: SlackService

    async def ask(self, text: str, thread_ts: str | None = None) -> str:
        """Post as a person in #incidents and return the ts."""
        return (await self.slack.state.person_types("incidents", text, thread_ts=thread_ts)).ts

    def said(self, thread_ts: str, part: str) -> list[Any]:
        """The advisor's messages in a thread that are this part of an answer."""
        channel = self.slack.state.channel("incidents").id
        return [m for m in self.slack.state.thread(channel, thread_ts) if key_of(m).endswith(f"/{part}")]

    async def answered(self, thread_ts: str, times: int = 1) -> list[Any]:
        """Wait until so many answers stand in the thread."""
        await self.slack.wait_until(lambda: len(self.said(thread_ts, "answer")) >= times, 20)
        return self.said(thread_ts, "answer")

    def read(self, thread_ts: str) -> str:
        """The thread as a person reads it."""
        return self.slack.state.transcript("incidents", thread_ts)


def key_of(message: Any) -> str:
    payload = (message.metadata or {}).get("event_payload") or {}
    return str(payload.get("key", ""))


@asynccontextmanager
async def stage(folder: Path, slack: LocalSlack, environment: dict[str, str], /, **more: Any) -> AsyncGenerator[Stage]:
    """The advisor, connected; its journal and its policy (unless there is one) lie in `folder`.

    Unless `plan` is given, the first thing it posts is the first look, which tests of faults count on.
    """
    plan = bool(more.pop("plan", False))
    closed: Closed = more.pop("closed", nobody)
    policy = folder / "policy.yaml"
    if not policy.exists():
        policy.write_text(policy_for(slack.state.channel("incidents").id, "incidents"))
    settings = load_settings(
        None,
        {
            "slack": {"api_url": slack.api_url, "connections": 1, "grace_s": 1, "plan": plan},
            "database": {"url": f"sqlite:///{folder}/journal.db"},
            "log": {"level": "error"},
            "policy": {"file": str(policy)},
        }
        | more,
    )
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    world = load_world(small_world(folder / "world"))
    async with (
        assembled(settings, Credentials(environment | tokens), world) as parts,
        slack_service(parts, SHORT, closed) as service,
    ):
        yield Stage(slack, parts, service)


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """The program sets up its own logging; tests after these get what was there before."""
    root = logging.getLogger()
    level, handlers = root.level, root.handlers[:]
    yield
    root.level, root.handlers[:] = level, handlers
    structlog.reset_defaults()


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    local = LocalSlack()
    await local.start()
    yield local
    await local.stop()


@pytest.fixture
async def on_stage(tmp_path: Path, slack: LocalSlack) -> AsyncIterator[Stage]:
    async with stage(tmp_path, slack, {}) as ready:
        yield ready
