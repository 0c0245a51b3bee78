"""Two real processes on PostgreSQL: one dies in the middle of an answer, and the thread shows one complete answer."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

from benchmarks.breaking.run import Plan, all_connected, standing_replicas
from benchmarks.breaking.town import CHANNEL, Town
from sre_advisor.demo.local_slack import LocalSlack
from tests.servers.postgresql import running_postgresql

PLAN = Plan(questions=1, threads=1, database="postgres", seed=1)


async def test_when_one_of_them_is_killed_in_the_middle_of_an_answer_another_completes_it(tmp_path: Path) -> None:
    slack = LocalSlack()
    await slack.start()
    killed: list[str] = []
    with running_postgresql() as url:
        async with standing_replicas(PLAN, slack, tmp_path, url) as replicas:

            def kill(address: str) -> None:
                if not killed and replicas[address].send(signal.SIGKILL):
                    killed.append(address)

            slack.faults.on_lost.append(kill)
            slack.faults.lose_response("chat.postMessage")  # the first look is posted, and its poster dies of it
            town = Town(slack, 1, 1, seed=1)
            await town.ask(0.1)
            await slack.wait_until(lambda: town.all_answered, 40)
            await asyncio.sleep(2)
            await all_connected(PLAN, slack)
            ends = [await replica.stop() for replica in replicas.values()]
    await slack.stop()
    assert len(killed) == 1
    assert town.count().answered_once == 1
    said = [m for m in slack.state.posted_by_bot(CHANNEL) if m.thread_ts == town.asked[0]]
    keys = [((m.metadata or {})["event_payload"])["key"].rpartition("/")[2] for m in said]
    assert (keys.count("first_look"), keys.count("answer")) == (1, 1)
    assert set(ends) == {0}
