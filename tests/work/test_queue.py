"""Questions shared by several processes through PostgreSQL: each worked on once, in order, whoever dies."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from pydantic import SecretStr

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import QuestionAnswered, QuestionAsked
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.work.contract import QueueUnavailable, Run
from sre_advisor.work.queue import Pace, QueueWorker
from tests.servers.postgresql import running_postgresql

QUICK = Pace(heartbeat_s=0.2, dead_s=1.0, look_s=0.2, orphan_s=0.5)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_postgresql() as url:
        yield url


@pytest.fixture
async def url(server: str) -> str:
    plain = server.replace("postgresql+psycopg", "postgresql")
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as connection:
        await connection.execute("DROP SCHEMA public CASCADE")
        await connection.execute("CREATE SCHEMA public")
    return server


def question(number: int, thread: int = 0) -> Question:
    ts = f"17000000{thread:02d}.{number:06d}"
    return Question(
        id=f"C1-{ts}", investigation=f"C1-{thread}", text=f"question {number}", channel="C1", ts=ts, thread_ts=ts,
        asked_at=datetime.now(UTC) - timedelta(minutes=1),
    )  # fmt: skip


async def store(journal: Journal, asked: Question) -> None:
    await journal.append_once(
        QuestionAsked(investigation=asked.investigation, question=asked.id, asked=asked), asked.id
    )


class Answerer:
    """Answers a question by closing it, and remembers who was at work when."""

    def __init__(self, journal: Journal, seconds: float = 0.0) -> None:
        self.journal, self.seconds = journal, seconds
        self.began: list[str] = []
        self.at_once: dict[str, int] = {}
        self.most_in_a_thread = 0

    async def __call__(self, asked: Question) -> None:
        self.began.append(asked.id)
        thread = asked.investigation
        self.at_once[thread] = self.at_once.get(thread, 0) + 1
        self.most_in_a_thread = max(self.most_in_a_thread, self.at_once[thread])
        try:
            await asyncio.sleep(self.seconds)
            await close(self.journal, asked)
        finally:
            self.at_once[thread] -= 1


async def close(journal: Journal, asked: Question) -> None:
    await journal.append(
        QuestionAnswered(
            investigation=asked.investigation, question=asked.id, model_calls=0, tool_calls=0, cost_usd=0, duration_s=0
        )
    )


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[Journal]:
    async with await Journal.open(DatabaseConfig(url=url, key=SecretStr("k" * 32)), lambda value: value) as journal:
        yield journal


@asynccontextmanager
async def working(url: str, run: Run, journal: Journal) -> AsyncGenerator[QueueWorker]:
    worker = QueueWorker(url, run, journal, pace=QUICK)
    await worker.start()
    try:
        yield worker
    finally:
        await worker.drain(0)


async def until_closed(journal: Journal, seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while await journal.unfinished():  # noqa: ASYNC110 - another process may close them
            await asyncio.sleep(0.05)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110 - tells no event
            await asyncio.sleep(0.02)


async def test_processes_that_start_together_make_the_tables_once_and_share_the_work(url: str) -> None:
    async with AsyncExitStack() as stack:
        journals = await asyncio.gather(*(stack.enter_async_context(opened(url)) for _ in range(3)))
        runs = [Answerer(journal, 0.02) for journal in journals]
        workers = [
            await stack.enter_async_context(working(url, run, journal))
            for run, journal in zip(runs, journals, strict=True)
        ]
        asked = [question(n, thread=n % 10) for n in range(60)]
        for one in asked:
            await store(journals[0], one)
            workers[0].submit(one)
        await until_closed(journals[0])
        began = [id_ for run in runs for id_ in run.began]
        assert sorted(began) == sorted(q.id for q in asked)
        assert sum(bool(run.began) for run in runs) > 1


async def test_questions_of_one_thread_are_worked_on_one_at_a_time_and_in_their_order(url: str) -> None:
    async with opened(url) as journal:
        run = Answerer(journal, 0.03)
        async with working(url, run, journal) as one, working(url, run, journal) as other:
            asked = [question(n) for n in range(8)]
            for number, each in enumerate(asked):
                await store(journal, each)
                await one.defer(each) if number % 2 else await other.defer(each)
            await until_closed(journal)
        assert run.began == [q.id for q in asked]
        assert run.most_in_a_thread == 1


async def test_a_question_that_was_queued_twice_is_worked_on_once(url: str) -> None:
    async with opened(url) as journal:
        run = Answerer(journal, 0.3)
        async with working(url, run, journal) as worker:
            asked = question(1)
            await store(journal, asked)
            worker.submit(asked)
            await until(lambda: bool(run.began))
            worker.submit(asked)  # the first job runs, so that its name in the queue is free again
            await until_closed(journal)
            await worker.idle()
        assert run.began == [asked.id]


async def test_a_stored_question_that_never_got_into_the_queue_is_taken_up(url: str) -> None:
    async with opened(url) as journal:
        run = Answerer(journal)
        async with working(url, run, journal) as worker:
            asked = question(1)
            await store(journal, asked)
            assert await worker.take_up(await journal.unfinished()) == 1
            await until_closed(journal)
        assert run.began == [asked.id]


async def test_what_is_in_the_queue_or_worked_on_is_not_taken_up(url: str) -> None:
    async with opened(url) as journal:
        run = Answerer(journal, 5)
        async with working(url, run, journal) as worker:
            for number in (1, 2):
                await store(journal, question(number))
                await worker.defer(question(number))
            await until(lambda: bool(run.began))
            assert await worker.take_up(await journal.unfinished()) == 0


async def test_a_process_that_stops_hands_its_question_over(url: str) -> None:
    async with opened(url) as journal:
        slow, quick = Answerer(journal, 60), Answerer(journal)
        async with working(url, slow, journal) as stopping:
            asked = question(1)
            await store(journal, asked)
            stopping.submit(asked)
            await until(lambda: bool(slow.began))
            async with working(url, quick, journal):
                await stopping.drain(0.1)
                await until_closed(journal)
        assert quick.began == [asked.id]
        assert slow.at_once[asked.investigation] == 0


async def test_a_question_whose_answering_failed_is_begun_again(url: str) -> None:
    async with opened(url) as journal:
        tries: list[str] = []

        async def run(asked: Question) -> None:
            tries.append(asked.id)
            if len(tries) < 2:
                raise RuntimeError("the first time it breaks")
            if len(tries) < 3:
                return  # the second time it forgets to close the question
            await close(journal, asked)

        async with working(url, run, journal) as worker:
            await store(journal, question(1))
            worker.submit(question(1))
            await until_closed(journal)
        assert len(tries) == 3


async def test_while_the_database_cuts_its_connections_nobody_works_on_a_thread_twice(url: str) -> None:
    plain = url.replace("postgresql+psycopg", "postgresql")
    async with opened(url) as journal:
        run = Answerer(journal, 1.0)
        async with working(url, run, journal) as one, working(url, run, journal):
            asked = [question(n, thread=n) for n in range(4)]
            for each in asked:
                await store(journal, each)
                one.submit(each)
            await until(lambda: len(run.began) == 4)
            async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as cutting:
                await cutting.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            await until_closed(journal, 30)
        assert run.most_in_a_thread == 1


async def test_a_role_that_may_not_make_the_tables_is_told_what_to_run(url: str) -> None:
    plain = url.replace("postgresql+psycopg", "postgresql")
    async with opened(url) as journal:
        async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as owner:
            await owner.execute("DROP ROLE IF EXISTS narrow")
            await owner.execute("CREATE ROLE narrow LOGIN")
        worker = QueueWorker(url.replace("advisor@", "narrow@"), Answerer(journal), journal, pace=QUICK)
        with pytest.raises(QueueUnavailable, match="GRANT CREATE ON SCHEMA"):
            await worker.start()
