"""The worker of several processes: questions shared through PostgreSQL by procrastinate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import procrastinate
import psycopg
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker as ProcrastinateWorker
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import make_url

from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.work.contract import QueueUnavailable, Run
from sre_advisor.work.leases import LeaseLost, Leases
from sre_advisor.work.queue_schema import ensure_schema

log = structlog.get_logger(__name__)

QUEUE = "questions"
_REAPER = 7_031_003
"""The advisory lock of whoever looks after dead processes' jobs."""
TROUBLE = (ProcrastinateException, psycopg.Error, PoolTimeout, QueueUnavailable, OSError)


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: how often a process shows that it lives, when it counts as dead, and how long stored questions wait.

    A process that counts as dead and lives does no harm: it still holds the names of the threads it works on.
    """

    heartbeat_s: float = 2.0
    dead_s: float = 8.0
    look_s: float = 2.0
    orphan_s: float = 20.0


class StillOpen(Exception):
    """The question was worked on and is not closed, so it is begun again later."""


class Held(Exception):
    """Another process works on this thread, although its job came back: it is slow, not dead."""


class Again(BaseRetryStrategy):
    """Every job that did not end well comes again, later each time, until the journal says that it is closed."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:
        """When."""
        if isinstance(exception, asyncio.CancelledError):  # handed over by a process that stops
            return RetryDecision(retry_in={"seconds": 0})
        longest = 2 if isinstance(exception, (Held, LeaseLost)) else 120
        return RetryDecision(retry_in={"seconds": min(2 ** min(job.attempts, 10), longest)})


class QueueWorker:
    """Defers a job for each question and runs those of all processes; the journal decides what is still to do."""

    def __init__(
        self, url: str, answering: Run, journal: Journal, parallel: int = 64, pace: Pace | None = None
    ) -> None:
        self._conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._answering, self._journal, self._parallel = answering, journal, parallel
        self._pace = pace or Pace()
        self._leases = Leases(self._conninfo)
        connector = procrastinate.PsycopgConnector(conninfo=self._conninfo, min_size=2, max_size=8, timeout=10)
        self._app = procrastinate.App(connector=connector)
        self._task = self._app.task(name="answer", queue=QUEUE, retry=Again())(self._job)
        self._open = False
        self._deferring: set[asyncio.Task[None]] = set()
        self._running = 0
        self._worker: ProcrastinateWorker | None = None
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._grace_s: float = 0.0

    async def start(self) -> None:
        """Make the queue's tables if they are not there, and begin; raises QueueUnavailable."""
        logging.getLogger("procrastinate").setLevel(logging.WARNING)  # it tells of each job at every step
        await ensure_schema(self._conninfo)
        await self._leases.open()
        try:
            await self._app.open_async()
        except TROUBLE as trouble:
            raise QueueUnavailable(
                f"the queue cannot be opened ({type(trouble).__name__}): check database.url"
            ) from None
        self._open = True
        self._tasks = (asyncio.create_task(self._work()), asyncio.create_task(self._look_after()))

    def submit(self, question: Question) -> bool:
        """Put the question into the queue, behind those of its thread; what fails is taken up from the journal."""
        if not self._open:
            return False
        task = asyncio.create_task(self.defer(question), name=f"defer {question.id}")
        self._deferring.add(task)
        task.add_done_callback(self._deferring.discard)
        return True

    async def take_up(self, unfinished: Sequence[Question]) -> int:
        """Queue those that wait long enough to be nobody's and have no job."""
        now = datetime.now(UTC)
        old = [q for q in unfinished if (now - q.asked_at).total_seconds() >= self._pace.orphan_s]
        if not old or not self._open:
            return 0
        try:
            manager = self._app.job_manager
            jobs = [
                job for status in ("todo", "doing") for job in await manager.list_jobs_async(queue=QUEUE, status=status)
            ]
        except TROUBLE as trouble:
            log.warning("queue_unreadable", action="take_up", error=type(trouble).__name__)
            return 0
        known = {job.queueing_lock for job in jobs}
        return sum(self.submit(question) for question in old if question.id not in known)

    @asynccontextmanager
    async def alone(self, key: str) -> AsyncGenerator[bool]:
        """Hold the name; False when another process holds it."""
        async with self._leases.held(f"alone {key}") as mine:
            yield mine

    @property
    def busy(self) -> int:
        """Questions being put into the queue or worked on here."""
        return self._running + len(self._deferring)

    async def waiting(self) -> int:
        """Questions in the queue that nobody works on yet."""
        return len([*await self._app.job_manager.list_jobs_async(queue=QUEUE, status="todo")])

    async def idle(self) -> None:
        """Return when nothing runs here and nothing waits."""
        while self.busy or await self.waiting():  # noqa: ASYNC110 - other processes' work tells no event of ours
            await asyncio.sleep(0.05)

    async def drain(self, seconds: float) -> None:
        """Take nothing new, let what runs finish for so long, then hand the rest over to the other processes."""
        if not self._open:
            return
        self._open, self._grace_s = False, seconds
        await asyncio.gather(*self._deferring, return_exceptions=True)
        working, looking = self._tasks
        self._stop_worker()
        await asyncio.gather(working, return_exceptions=True)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
        await self._leases.close()
        with suppress(*TROUBLE):
            await self._app.close_async()

    def _stop_worker(self) -> None:
        if self._worker is not None:
            self._worker.shutdown_graceful_timeout = self._grace_s
            self._worker.stop()

    async def defer(self, question: Question) -> None:
        """Put the question into the queue and return when it is there, or cannot be put there now."""
        job = self._task.configure(lock=question.investigation, queueing_lock=question.id)
        try:
            await job.defer_async(question=question.id, investigation=question.investigation)
        except AlreadyEnqueued:
            return
        except TROUBLE as trouble:  # it is stored: `take_up` finds it
            log.warning("not_queued", action="defer", question=question.id, error=type(trouble).__name__)

    async def _work(self) -> None:
        """Run jobs until told to stop, beginning again when the database was away."""
        while self._open:
            self._worker = ProcrastinateWorker(
                self._app,
                queues=[QUEUE],
                concurrency=self._parallel,
                fetch_job_polling_interval=1.0,
                shutdown_graceful_timeout=0.0,  # after trouble nothing is gained by waiting; `drain` sets its own
                delete_jobs="always",
                install_signal_handlers=False,
                update_heartbeat_interval=self._pace.heartbeat_s,
                stalled_worker_timeout=self._pace.dead_s,
            )
            try:
                await self._worker.run()
            except TROUBLE as trouble:
                log.error("queue_unavailable", action="work", error=type(trouble).__name__)
                await asyncio.sleep(self._pace.look_s)

    async def _look_after(self) -> None:
        """Give dead processes' jobs back to the queue, and notice when the database was away."""
        while True:
            await asyncio.sleep(self._pace.look_s)
            try:
                await self._leases.check()
                await self._reap()
            except TROUBLE as trouble:
                log.error("queue_unavailable", action="look_after", error=type(trouble).__name__)
                if self._open:
                    self._stop_worker()  # procrastinate goes on without a heartbeat; `_work` begins anew

    async def _reap(self) -> None:
        """One process at a time: a job given back twice would be taken from whoever has it by then."""
        async with self._leases.held("reaper") as mine:
            if not mine:
                return
            manager = self._app.job_manager
            for job in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=self._pace.dead_s):
                log.warning("job_given_back", action="reap", question=job.task_kwargs.get("question"))
                with suppress(ProcrastinateException):  # it ended in this moment
                    await manager.retry_job(job)

    async def _job(self, question: str, investigation: str) -> None:
        """What procrastinate runs: the question as stored, unless it is closed or another process is at its thread."""
        self._running += 1
        lost = asyncio.Event()
        try:
            asked = await self._journal.question(question, investigation)
            if asked is None:
                return
            async with self._leases.held(investigation, lost.set) as mine:
                if not mine:
                    raise Held(investigation)
                if not await self._journal.is_closed(asked):
                    await _unless(lost, self._answer(asked))
        finally:
            self._running -= 1

    async def _answer(self, asked: Question) -> None:
        with structlog.contextvars.bound_contextvars(investigation=asked.investigation, question=asked.id):
            await self._answering(asked)
        if not await self._journal.is_closed(asked):
            raise StillOpen(asked.id)


async def _unless(lost: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do the work; raises LeaseLost, and has ended it, when `lost` comes first. It never outlives the caller."""
    task, watch = asyncio.create_task(work), asyncio.create_task(lost.wait())
    try:
        await asyncio.wait({task, watch}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise LeaseLost
        task.result()
    finally:
        watch.cancel()
        task.cancel()
        await asyncio.wait({task, watch})
