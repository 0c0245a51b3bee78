"""How soon a mention is acknowledged and shows life: python -m benchmarks.slack_latency [--threads 100] [--json].

The advisor is the real program in a process of its own; Slack and a stand-in for the model run in this one. So many
threads are at work all the time (the model takes 5 s a call, two calls a question, and who has an answer asks on) while
single mentions come in threads of their own; then as many mentions come at the same moment. Measured at Slack: from the
event's sending to its acknowledgement, and to the first status or message in its thread.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

from benchmarks.breaking.run import RUNBOOK
from benchmarks.measuring import process
from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack
from tests.standins.model_script import Step, answer, tool_calls
from tests.standins.model_server import ModelServer

CHANNEL = "incidents"
MODEL_S = 5.0
LIFE_MS, ACK_MS = 300, 100
NOTHING = {
    "verdict": "not_enough_evidence", "summary": "Scripted.", "hypotheses": [], "ruled_out": [], "not_checked": [],
    "commands": [], "patch": None,
}  # fmt: skip


def scripted(request: dict[str, Any]) -> Step:
    """One reading, then an answer."""
    last = request["messages"][-1]["content"]
    done = isinstance(last, list) and any(str(b.get("tool_use_id", "")).startswith("toolu_read") for b in last)
    return answer(NOTHING) if done else tool_calls(("docs_search", {"query": "checkout pool"}), prefix="read")


@dataclass
class Watch:
    """Milliseconds to each acknowledgement, and to the first sign of life of the threads that are watched."""

    slack: LocalSlack
    acks: list[float] = field(default_factory=list[float])
    signs: list[float] = field(default_factory=list[float])
    _since: dict[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        self.slack.sockets.on_acknowledged.append(lambda seconds: self.acks.append(1000 * seconds))
        self.slack.state.on_change.append(self._look)

    async def mention(self, number: int) -> None:
        """Ask in a new thread, and watch it."""
        began = time.monotonic()
        words = f"@{self.slack.state.bot.name} why is checkout slow? (mention {number})"
        posted = await self.slack.state.person_types(CHANNEL, words)
        self._since[posted.ts] = began

    @property
    def silent(self) -> int:
        """Threads that show no life yet."""
        return len(self._since)

    def _look(self) -> None:
        channel = self.slack.state.channel(CHANNEL).id
        alive = {
            ts for (c, ts), s in self.slack.state.sessions.items() if c == channel and (s.status_text or s.agent_status)
        }
        for ts in [ts for ts in self._since if ts in alive]:
            self.signs.append(1000 * (time.monotonic() - self._since.pop(ts)))


async def keep_asking(slack: LocalSlack, number: int) -> None:
    """One thread that is at work all the time."""
    state, root, asked = slack.state, None, 0
    await asyncio.sleep(number * 0.1)
    while True:
        text = f"and what else? ({number})" if root else f"@{state.bot.name} why is checkout slow? ({number})"
        posted = await state.person_types(CHANNEL, text, thread_ts=root)
        root, asked = root or posted.ts, asked + 1
        while answers(slack, root) < asked:  # noqa: ASYNC110 - all changes of Slack would wake it up
            await asyncio.sleep(0.5)


def answers(slack: LocalSlack, root: str) -> int:
    """Answers in a thread; read from the channel's messages as they are, since sorting them would take the time."""
    messages = slack.state.messages.get(slack.state.channel(CHANNEL).id, {}).values()
    keys = [
        str(((m.metadata or {}).get("event_payload") or {}).get("key", "")) for m in messages if m.thread_ts == root
    ]
    return sum(key.endswith(("/answer", "/refusal")) for key in keys)


async def measure(threads: int, mentions: int) -> dict[str, Any]:
    """Both figures, with many threads at work and for many at once."""
    with tempfile.TemporaryDirectory(prefix="latency-") as name:
        async with local_slack() as slack, ModelServer(scripted, delay_s=MODEL_S) as model:
            config = configure(Path(name), slack, model.url)
            secrets = {
                "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token,
                "ANTHROPIC_API_KEY": model.api_key,
            }  # fmt: skip
            command = process.advisor(["run", "--config", str(config)])
            async with process.running(command, secrets, config.parent, config.with_name("log")) as pid:
                await slack.wait_until(lambda: slack.sockets.connection_count == 2, 60)
                return await watched(slack, pid, threads, mentions)


@asynccontextmanager
async def local_slack() -> AsyncGenerator[LocalSlack]:
    """One, listening."""
    slack = LocalSlack()
    await slack.start()
    try:
        yield slack
    finally:
        await slack.stop()


async def watched(slack: LocalSlack, pid: int, threads: int, mentions: int) -> dict[str, Any]:
    """The measurement."""
    working = [asyncio.create_task(keep_asking(slack, n)) for n in range(threads)]
    await asyncio.sleep(threads * 0.1 + MODEL_S)
    watch, cpu, began = Watch(slack), process.cpu_s(pid), time.monotonic()
    for number in range(mentions):
        await watch.mention(number)
        await asyncio.sleep(0.15)
    await slack.wait_until(lambda: not watch.silent, 60)
    share = (process.cpu_s(pid) - cpu) / (time.monotonic() - began)
    found = {"at_work": figures(watch) | {"threads": threads, "cpu_share": round(share, 2)}}
    for task in working:
        task.cancel()
    await asyncio.sleep(3 * MODEL_S)
    watch.acks.clear()
    watch.signs.clear()
    for number in range(threads):
        await watch.mention(mentions + number)
    await slack.wait_until(lambda: not watch.silent, 60)
    return found | {"at_once": figures(watch) | {"threads": threads}}


def configure(folder: Path, slack: LocalSlack, model: str) -> Path:
    """An advisor.yaml with a runbook and the stand-in."""
    (folder / "docs").mkdir()
    (folder / "docs" / "checkout.md").write_text(RUNBOOK)
    (folder / "policy.yaml").write_text(policy_for(slack.state.channel(CHANNEL).id, CHANNEL))
    many = {"questions": 100_000, "calls": 1_000_000}
    settings: dict[str, Any] = {
        "docs": {"folders": [{"name": "runbooks", "path": str(folder / "docs")}]},
        "slack": {"api_url": slack.api_url, "grace_s": 1},
        "model": {"base_url": model},
        "database": {"url": f"sqlite:///{folder}/journal.db"},
        "policy": {"file": str(folder / "policy.yaml")},
        "limits": {"quotas": {scope: dict(many) for scope in ("person", "channel", "day")}},
    }
    file = folder / "advisor.yaml"
    file.write_text(yaml.safe_dump(settings))
    return file


def figures(watch: Watch) -> dict[str, Any]:
    """Milliseconds, rounded."""
    return {
        "acknowledged_ms": spread(watch.acks),
        "sign_of_life_ms": spread(watch.signs),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, 99th percentile, most, and how many."""
    ordered = sorted(values)
    at = {"p50": 0.5, "p99": 0.99, "most": 1.0}
    found = {name: round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) for name, share in at.items()}
    return found | {"count": len(ordered)}


def main() -> None:
    """Measure and print; exit code 1 when a figure of the threads at work is not met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--mentions", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    before = round(os.getloadavg()[0], 2)
    found = asyncio.run(measure(options.threads, options.mentions))
    found["machine"] = {"cores": os.cpu_count(), "load_before": before, "load_after": round(os.getloadavg()[0], 2)}
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        for name, part in found.items():
            print(name, json.dumps(part))
    work = found["at_work"]
    met = work["acknowledged_ms"]["p99"] < ACK_MS and work["sign_of_life_ms"]["p99"] < LIFE_MS
    sys.exit(0 if met else 1)


if __name__ == "__main__":
    main()
