"""The demo: a local Slack, the real Slack app, and the bundled incident behind it."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.app.stopping import stoppable
from sre_advisor.broker.policy import policy_for
from sre_advisor.credentials import Credentials
from sre_advisor.demo.clock import RecordedClock
from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.investigate.intake import admit
from sre_advisor.model import Alert
from sre_advisor.replay.world import World, load_world
from sre_advisor.settings import SettingsError, load_settings

CHANNEL = "incidents"
BOT = "advisor"
"""The local Slack's name for the advisor; without a mention a question in a channel is not for it."""
QUESTION = "why is checkout failing?"
IN_PRIVATE = """
direct_messages:
  services: {all: true}
  repositories: {all: true}
  docs: {all: true}
  metrics: {all: true}
  tools: {all: true}
"""
"""What the demo's policy allows beside its channel, so that `/advisor` and direct messages can be tried as well."""
ANSWER_WITHIN_S = 300.0
SETTLED_WITHIN_S = 30.0


async def run_demo(ask: str | None, port: int) -> int:
    """Show the page until interrupted or, with a question, print its thread and return."""
    if ask is not None:
        admit(ask)
        return await _thread_shown(ask)
    async with stoppable() as stopping, _demonstrated(port) as slack:
        _say(f"The channel is at {slack.url} — press Ctrl-C to stop.")
        _say(f"Mention @{slack.state.bot.name} there, or click the question it offers.")
        await stopping.told()
    return 0


async def _thread_shown(ask: str) -> int:
    async with _demonstrated(0) as slack:
        _say(await thread_about(slack, ask))
    return 0


@asynccontextmanager
async def _demonstrated(port: int) -> AsyncGenerator[LocalSlack]:
    world = await asyncio.to_thread(load_world, WORLD)
    with tempfile.TemporaryDirectory(prefix="sre-advisor-demo-") as folder:
        async with demo_slack(world, port, Path(folder)) as slack:
            yield slack


@asynccontextmanager
async def demo_slack(world: World, port: int, folder: Path) -> AsyncGenerator[LocalSlack]:
    """The local Slack with the incident's alerts in its channel, and the advisor connected; `folder` holds its journal.

    Raises one of EXPECTED_TROUBLE when the port is taken or a setting is wrong.
    """
    async with demo_stage(world, port, folder) as (slack, _):
        yield slack


@asynccontextmanager
async def demo_stage(
    world: World, port: int, folder: Path, environment: Mapping[str, str] = os.environ, **more: Any
) -> AsyncGenerator[tuple[LocalSlack, Assembly]]:
    """The same with the advisor's parts; `more` holds settings beside the demo's own."""
    clock = RecordedClock(world.now)
    slack = LocalSlack(
        suggested_question=f"@{BOT} {world.question or QUESTION}", clock=clock.seconds, note=clock.explained
    )
    try:
        await slack.start(port=port)
    except OSError:
        raise SettingsError(f"port {port} is taken: stop what uses it or choose another (demo --port N)") from None
    try:
        tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
        credentials = Credentials({**environment, **tokens})
        settings = load_settings(None, await asyncio.to_thread(_settings, slack, folder) | more)
        _say(_who_answers(credentials))
        async with assembled(settings, credentials, world) as parts, slack_service(parts):
            for alert in sorted(world.alerts, key=lambda a: a.started_at):
                clock.stop_at(alert.started_at)
                await slack.state.app_posts(CHANNEL, "Alertmanager", _alert_text(alert))
            clock.go_on()
            yield slack, parts
    finally:
        await slack.stop()


def _settings(slack: LocalSlack, folder: Path) -> dict[str, Any]:
    policy = folder / "policy.yaml"
    policy.write_text(policy_for(slack.state.channel(CHANNEL).id, CHANNEL) + IN_PRIVATE)
    return {
        "policy": {"file": str(policy)},
        "slack": {"api_url": slack.api_url, "connections": 1, "grace_s": 2},
        "database": {"url": f"sqlite:///{folder}/journal.db"},
        "log": {"level": "warning"},
    }


def _who_answers(credentials: Credentials) -> str:
    if credentials.model_key():
        return "Claude answers (ANTHROPIC_API_KEY is set)."
    return "The offline advisor answers, without a model; set ANTHROPIC_API_KEY and Claude does."


def _alert_text(alert: Alert) -> str:
    said = alert.annotations.get("summary") or alert.annotations.get("description") or alert.service or ""
    severity = f" ({alert.severity})" if alert.severity else ""
    return f"🔥 {alert.name}{severity}: {said}"


async def thread_about(slack: LocalSlack, *questions: str, times: bool = True) -> str:
    """Ask in the channel, follow up in the thread, and return the thread as a person reads it."""
    channel, root = slack.state.channel(CHANNEL).id, None

    def answered(count: int) -> bool:
        said = slack.state.thread(channel, root) if root else ()
        return sum(m.user == slack.state.bot.id and _part(m.metadata) in ("answer", "refusal") for m in said) >= count

    for count, question in enumerate(questions, 1):
        text = question if root else f"@{slack.state.bot.name} {question}"
        asked = await slack.state.person_types(channel, text, thread_ts=root)
        root = root or asked.ts
        await slack.wait_until(lambda n=count: answered(n), ANSWER_WITHIN_S)
    if root:
        await slack.wait_until(lambda: settled(slack, channel, root), SETTLED_WITHIN_S)
    return slack.state.transcript(channel, root, times=times) if root else ""


def settled(slack: LocalSlack, channel: str, thread_ts: str) -> bool:
    """Whether no plan of the thread is still being filled in."""
    return not any(b.get("type") == "plan" for m in slack.state.thread(channel, thread_ts) for b in m.blocks)


def _part(metadata: Any) -> str:
    payload = (metadata or {}).get("event_payload") or {}
    return str(payload.get("key", "")).rpartition("/")[2]


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
