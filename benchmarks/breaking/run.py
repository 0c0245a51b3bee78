"""One chaos run: the local Slack, the advisor's processes, people who ask, and everything that goes wrong meanwhile."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml

from benchmarks.breaking.replicas import Replica
from benchmarks.breaking.town import CHANNEL, Counted, Town
from benchmarks.breaking.weather import Weather
from benchmarks.measuring import process
from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.socket_mode import SocketTiming

Database = Literal["sqlite", "postgres"]
Break = Literal["dedupe", "intent"]
TIMING = SocketTiming(ack_timeout_s=1.0, close_refreshed_s=1.0, retry_delays_s=(1.0, 8.0, 30.0))
"""Slack's own, many times as fast: 3 s for an acknowledgement, then at once, after 1 min and after 5 min."""
RUNBOOK = """# Checkout

## Checkout is slow

Look at the connection pool of the payment database before anything else: `pool_in_use` near its limit means waiting.
"""


@dataclass(frozen=True)
class Plan:
    """What is run."""

    questions: int
    threads: int
    database: Database
    seed: int
    broken: Break | None = None
    over_s: float = 80.0
    patience_s: float = 120.0
    kill_every_s: float = 7.0
    worst: float = 0.5
    """Share of the kills that come when Slack has taken a message and before that is known."""
    settle_s: float = 4.0
    timing: SocketTiming = field(default_factory=lambda: TIMING)

    @property
    def processes(self) -> int:
        """SQLite serves one process, PostgreSQL three."""
        return 1 if self.database == "sqlite" else 3


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    counted: Counted
    faults: dict[str, int]
    given_up: int
    never_taken: tuple[str, ...]
    """Of the lost questions those of which Slack gave up an event: the advisor never had a chance, or never took it."""
    seconds: float
    exits: tuple[int, ...]
    did: dict[str, int] = field(default_factory=dict[str, int])
    """What people did beside asking."""


async def run(plan: Plan, keep: Path | None = None) -> Outcome:
    """Run it; `keep` is the folder in which journals and logs stay."""
    with _folder(keep) as folder, database_of(plan, folder) as url:
        slack = LocalSlack(timing=plan.timing)
        await slack.start()
        try:
            async with standing_replicas(plan, slack, folder, url) as replicas:
                return await _storm(plan, slack, replicas)
        finally:
            await slack.stop()


async def _storm(plan: Plan, slack: LocalSlack, replicas: dict[str, Replica]) -> Outcome:
    town = Town(slack, plan.questions, plan.threads, plan.seed, restless=True)
    weather = Weather(slack, replicas, plan.seed, plan.kill_every_s, plan.worst)
    began = time.monotonic()
    weather.rise()
    await town.ask(plan.over_s)
    await weather.clear_up()
    with suppress(TimeoutError):
        await slack.wait_until(lambda: town.all_answered and slack.sockets.idle, plan.patience_s)
    await asyncio.sleep(plan.settle_s)  # a second answer would come now
    seconds = time.monotonic() - began
    await all_connected(plan, slack)
    exits = await asyncio.gather(*(replica.stop() for replica in replicas.values()))
    counted, given_up = town.count(), slack.sockets.given_up
    told = {str(payload.get("event", {}).get("ts")) for payload in given_up}
    never = tuple(ts for ts in counted.lost if ts in told)
    return Outcome(
        counted, weather.counted, len(given_up), never, seconds, tuple(exits), dict(sorted(town.did.items()))
    )


@asynccontextmanager
async def standing_replicas(
    plan: Plan, slack: LocalSlack, folder: Path, url: str
) -> AsyncGenerator[dict[str, Replica]]:
    """The processes by the address at which each calls Slack, from when all are connected."""
    replicas: dict[str, Replica] = {}
    for number in range(plan.processes):
        address = await slack.also_at()
        config = _configure(folder / f"replica-{number}", slack, address, url)
        words = (
            [sys.executable, "-m", "benchmarks.breaking.forgetful", plan.broken, str(config)] if plan.broken else None
        )
        secrets = {
            "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "ANTHROPIC_API_KEY": "",
            "SRE_ADVISOR_DATABASE__KEY": "chaos" * 8, "PYTHONPATH": f"{process.ROOT}/src:{process.ROOT}",
        }  # fmt: skip
        command = words or process.advisor(["run", "--config", str(config)])
        replicas[address.removeprefix("http://").partition("/")[0]] = Replica(
            command, secrets, config.parent, config.with_name("log")
        )
    try:
        for replica in replicas.values():
            replica.start()
        await all_connected(plan, slack)
        yield replicas
    finally:
        for replica in replicas.values():
            await replica.stop()


async def all_connected(plan: Plan, slack: LocalSlack) -> None:
    """Wait until every process stands: one that was killed and still starts again cannot be asked to end cleanly."""
    await slack.wait_until(lambda: slack.sockets.connection_count >= 2 * plan.processes, 60)


def _configure(folder: Path, slack: LocalSlack, api_url: str, database: str) -> Path:
    (folder / "docs").mkdir(parents=True)
    (folder / "docs" / "checkout.md").write_text(RUNBOOK)
    (folder / "policy.yaml").write_text(policy_for(slack.state.channel(CHANNEL).id, CHANNEL))
    many = {"questions": 100_000, "calls": 1_000_000}
    settings: dict[str, Any] = {
        "docs": {"folders": [{"name": "runbooks", "path": str(folder / "docs")}]},
        "slack": {"api_url": api_url, "grace_s": 5},
        "database": {"url": database},
        "policy": {"file": str(folder / "policy.yaml")},
        "limits": {"quotas": {name: dict(many) for name in ("person", "channel", "day")}},
    }
    file = folder / "advisor.yaml"
    file.write_text(yaml.safe_dump(settings))
    return file


@contextmanager
def _folder(keep: Path | None) -> Generator[Path]:
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
    with nullcontext(str(keep)) if keep is not None else tempfile.TemporaryDirectory(prefix="chaos-") as name:
        yield Path(name)


@contextmanager
def database_of(plan: Plan, folder: Path) -> Generator[str]:
    """The URL of an empty database."""
    if plan.database == "sqlite":
        yield f"sqlite:///{folder}/journal.db"
        return
    from tests.servers.postgresql import running_postgresql

    with running_postgresql() as url:
        yield url
