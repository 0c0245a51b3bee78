"""Whatever breaks, each question is answered exactly once; without what ensures that, it shows."""

from __future__ import annotations

import pytest

from benchmarks.breaking.run import Break, Database, Outcome, Plan, run
from sre_advisor.demo.local_slack.socket_mode import SocketTiming
from tests.servers.requirements import require_program

ASKED = 18
QUICK = SocketTiming(ack_timeout_s=1.0, close_refreshed_s=1.0, retry_delays_s=(0.5, 2.0, 6.0))


async def short(database: Database, seed: int, broken: Break | None = None, worst: float = 0.5) -> Outcome:
    if database == "postgres":
        require_program("initdb", package="postgresql")
    return await run(
        Plan(
            questions=ASKED, threads=6, database=database, seed=seed, broken=broken, timing=QUICK, settle_s=1,
            over_s=8 if broken == "dedupe" else 4.5, patience_s=3 if broken else 40,
            kill_every_s=1.0 if broken == "intent" else 2.0, worst=worst,
        )
    )  # fmt: skip


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
async def test_every_question_is_answered_exactly_once(database: Database) -> None:
    outcome = await short(database, seed=3)
    counted = outcome.counted
    assert (counted.answered_once, counted.lost, counted.doubled, counted.strangers) == (ASKED, [], [], 0)
    assert len(outcome.faults) > 4
    assert outcome.faults.get("killed", 0) + outcome.faults.get("killed_after_posting", 0) > 0
    assert set(outcome.exits) == {0}


@pytest.mark.alone  # three seconds' patience, and most of it is processes that start again
async def test_without_its_dedupe_questions_are_answered_twice() -> None:
    outcome = await short("sqlite", seed=3, broken="dedupe")
    assert len(outcome.counted.doubled) > 0


@pytest.mark.alone  # three seconds' patience, and most of it is processes that start again
async def test_without_the_record_of_intent_messages_are_posted_twice() -> None:
    outcome = await short("sqlite", seed=3, broken="intent", worst=1.0)
    assert len(outcome.counted.doubled) > 0
