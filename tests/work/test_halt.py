"""Stopped means stopped: what runs ends, nothing new begins, everywhere and after a restart, until it is lifted."""

import asyncio
from pathlib import Path

import pytest

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.store import Journal
from sre_advisor.work.halt import KillSwitch, Stopped, halt, resume, standing_halt


def database(folder: Path) -> DatabaseConfig:
    return DatabaseConfig(url=f"sqlite:///{folder}/journal.db")


async def opened(folder: Path) -> Journal:
    return await Journal.open(database(folder), lambda value: value)


async def forty_two() -> int:
    return 42


async def test_work_runs_while_nobody_stops_it(tmp_path: Path) -> None:
    async with await opened(tmp_path) as journal:
        assert await KillSwitch(journal).run(forty_two) == 42


async def test_nothing_begins_while_stopped_and_the_refusal_says_who_and_why(tmp_path: Path) -> None:
    began = False

    async def work() -> None:
        nonlocal began
        began = True

    async with await opened(tmp_path) as journal:
        await halt(journal, "ada", "the backend is on fire")
        with pytest.raises(Stopped, match=r"all investigations are stopped by ada at .*: the backend is on fire; .*re"):
            await KillSwitch(journal).run(work)
    assert not began


async def test_it_holds_after_a_restart_until_it_is_lifted(tmp_path: Path) -> None:
    async with await opened(tmp_path) as journal:
        await halt(journal, "ada")
    async with await opened(tmp_path) as journal:
        with pytest.raises(Stopped):
            await KillSwitch(journal).run(forty_two)
        assert await resume(journal, "grace")
        assert not await resume(journal, "grace")
        assert await KillSwitch(journal).run(forty_two) == 42
        assert [e.kind for e in await journal.of_kinds("halted", "resumed")] == ["halted", "resumed"]


async def test_what_runs_in_another_replica_is_cancelled_and_cleans_up(tmp_path: Path) -> None:
    cleaned = asyncio.Event()

    async def endless() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            cleaned.set()

    async with await opened(tmp_path) as here, await opened(tmp_path) as there:
        switch = KillSwitch(here, every_s=0.05)
        tasks = [asyncio.create_task(switch.run(endless)) for _ in range(5)]
        await asyncio.sleep(0.1)
        await halt(there, "ada", "drill")
        done = await asyncio.wait_for(asyncio.gather(*tasks, return_exceptions=True), 5)
    assert cleaned.is_set()
    assert [str(e).split(" at ")[0] for e in done] == ["this investigation was stopped by ada"] * 5


async def test_an_old_stop_does_not_touch_what_began_after_it_was_lifted(tmp_path: Path) -> None:
    async def a_while() -> str:
        await asyncio.sleep(0.3)
        return "done"

    async with await opened(tmp_path) as journal:
        switch = KillSwitch(journal, every_s=0.05)
        running = asyncio.create_task(switch.run(a_while))
        await asyncio.sleep(0.06)
        await halt(journal, "ada")
        with pytest.raises(Stopped):
            await running
        await resume(journal, "ada")
        assert await asyncio.gather(*(switch.run(a_while) for _ in range(4))) == ["done"] * 4
        assert await standing_halt(journal) is None


async def test_work_that_ends_in_an_answer_while_being_stopped_keeps_it(tmp_path: Path) -> None:
    async def stubborn() -> str:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return "answered just now"
        return "never"

    async with await opened(tmp_path) as journal:
        running = asyncio.create_task(KillSwitch(journal, every_s=0.05).run(stubborn))
        await asyncio.sleep(0.06)
        await halt(journal, "ada")
        assert await running == "answered just now"


async def test_cancelling_from_outside_cancels_the_work(tmp_path: Path) -> None:
    ended = False

    async def endless() -> None:
        nonlocal ended
        try:
            await asyncio.sleep(60)
        finally:
            ended = True

    async with await opened(tmp_path) as journal:
        running = asyncio.create_task(KillSwitch(journal).run(endless))
        await asyncio.sleep(0.1)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
    assert ended
