"""Two replicas on one PostgreSQL, in one process for the test: what holds for one holds for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.socket_mode import SocketTiming
from sre_advisor.work.halt import halt, resume
from tests.e2e.conftest import Stage, stage
from tests.servers.postgresql import running_postgresql

POST = "chat.postMessage"
QUICK = SocketTiming(ack_timeout_s=1.0, retry_delays_s=(0.5, 1.0, 2.0, 4.0, 8.0))


@pytest.fixture
def url() -> Iterator[str]:
    with running_postgresql() as found:
        yield found


class Way:
    """The way to the database, which can be blocked."""

    def __init__(self, url: str) -> None:
        self._port = int(url.rpartition(":")[2].partition("/")[0])
        self._writers: set[asyncio.StreamWriter] = set()
        self.open = True
        self.refused = 0

    async def serve(self) -> str:
        self._server = await asyncio.start_server(self._joined, "127.0.0.1", 0)
        return f"postgresql+psycopg://advisor@127.0.0.1:{self._server.sockets[0].getsockname()[1]}/postgres"

    def block(self) -> None:
        self.open = False
        for writer in self._writers:
            writer.transport.abort()

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.open:
            self.refused += 1
            writer.transport.abort()
            return
        back, there = await asyncio.open_connection("127.0.0.1", self._port)
        self._writers |= {writer, there}
        await asyncio.gather(_copy(reader, there), _copy(back, writer))
        self._writers -= {writer, there}


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while chunk := await reader.read(65_536):
            writer.write(chunk)
            await writer.drain()
    except OSError:
        pass
    writer.close()


def settings(folder: Path, url: str) -> dict[str, Any]:
    key = folder / "journal-key"
    key.write_text("k" * 32)
    return {"database": {"url": url, "key_file": str(key)}}


@asynccontextmanager
async def replicas(folder: Path, slack: LocalSlack, url: str, count: int = 2) -> AsyncGenerator[list[Stage]]:
    async with AsyncExitStack() as stack:
        stages: list[Stage] = []
        for number in range(count):
            (folder / str(number)).mkdir()
            stages.append(
                await stack.enter_async_context(stage(folder / str(number), slack, {}, **settings(folder, url)))
            )
        yield stages


async def test_a_stop_of_everything_ends_what_runs_in_every_replica(tmp_path: Path, url: str) -> None:
    slack = LocalSlack()
    await slack.start()
    async with replicas(tmp_path, slack, url) as (one, other):
        slack.faults.late(POST, 8, times=4)
        asked = [await one.ask("@advisor why is shop failing?") for _ in range(4)]
        await slack.wait_until(lambda: slack.faults.injected["late"] >= 2, 20)
        await halt(one.parts.journal, "test", "enough")
        await slack.wait_until(lambda: all(one.said(ts, "refusal") for ts in asked), 30)
        assert not any(one.said(ts, "answer") for ts in asked)
        await resume(other.parts.journal, "test")
        await one.answered(await one.ask("@advisor why is shop failing?"))
    await slack.stop()


async def test_while_the_database_is_away_nothing_is_acknowledged_and_later_it_is_answered_once(
    tmp_path: Path, url: str
) -> None:
    slack = LocalSlack(timing=QUICK)
    await slack.start()
    way = Way(url)
    async with replicas(tmp_path, slack, await way.serve(), count=1) as (on,):
        way.block()
        ts = await on.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: any(e["retry_attempt"] >= 2 for e in slack.sockets.delivered), 20)
        assert not slack.sockets.idle
        assert way.refused > 0
        way.open = True
        await on.answered(ts)
        await on.service.worker.idle()
        assert [len(on.said(ts, part)) for part in ("first_look", "answer")] == [1, 1]
    await slack.stop()
