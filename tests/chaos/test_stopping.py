"""SIGTERM to the real program: what runs is finished or left to the next start, and it ends with 0."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from benchmarks.breaking.run import Plan, standing_replicas
from benchmarks.breaking.town import Town
from sre_advisor.demo.local_slack import LocalSlack

PLAN = Plan(questions=1, threads=1, database="sqlite", seed=1)


@pytest.mark.alone  # five seconds of grace are measured
@pytest.mark.parametrize(("seconds", "finishes"), [(1.5, True), (12.0, False)])
async def test_what_runs_is_finished_within_the_grace_period_or_left_to_the_next_start(
    tmp_path: Path, seconds: float, finishes: bool
) -> None:
    slack = LocalSlack()
    await slack.start()
    url = f"sqlite:///{tmp_path}/journal.db"
    async with standing_replicas(PLAN, slack, tmp_path / "first", url) as replicas:
        slack.faults.late("chat.postMessage", seconds, times=1 if finishes else 9)
        town = Town(slack, 1, 1, seed=1)
        await town.ask(0.1)
        await slack.wait_until(lambda: slack.faults.injected["late"] >= 1, 20)
        began = time.monotonic()
        (replica,) = replicas.values()
        assert await replica.stop() == 0
        assert time.monotonic() - began < 9  # five seconds of grace, and what ending takes on a busy machine
    assert town.all_answered is finishes
    slack.faults.clear()
    async with standing_replicas(PLAN, slack, tmp_path / "second", url):
        await slack.wait_until(lambda: town.all_answered, 20)
        await asyncio.sleep(1)
    await slack.stop()
    assert town.count().answered_once == 1
