"""The journal's database: where its work is done, and what its troubles mean."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from sre_advisor.journal.engine import READING, shared
from sre_advisor.journal.presence import Presence
from sre_advisor.journal.schema import UnknownShape
from sre_advisor.journal.trouble import JournalUnavailable

T = TypeVar("T")


class Database:
    """Does what is wanted of the database in threads; raises JournalUnavailable.

    All writing happens in one thread of its own: SQLite likes one writer, and the chain needs an order. Reading has
    another, so that nobody who has to put something on record waits for those who look something up.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.where = engine.url.render_as_string(hide_password=True)
        self.presence = Presence.of(engine.url)
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")
        self._reader = ThreadPoolExecutor(1, "journal-reader") if shared(engine.url) else self._writer

    async def in_turn(self, work: Callable[[], T]) -> T:
        """What the work gives, done when all that was to be written before is."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, work)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What the work gives, which writes nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._reader, lambda: self._look(work))

    async def transact(self, work: Callable[[Connection], T], committed: Callable[[], object] | None = None) -> T:
        """What the work gives, once it is on disk; `committed` hears of it in the same thread."""

        def whole() -> T:
            self.presence.check()  # before a connection is made, which would make a file
            with self._trouble_said():
                with self.engine.begin() as connection:
                    result = work(connection)
                    self.presence.check()  # and before the commit is believed
                if committed is not None:
                    committed()
                return result

        return await self.in_turn(whole)

    async def close(self) -> None:
        """Let go of the database."""
        await self.in_turn(self.engine.dispose)
        self._reader.shutdown()
        self._writer.shutdown()

    def _look(self, work: Callable[[Connection], T]) -> T:
        self.presence.check()
        with self._trouble_said(), self.engine.connect().execution_options(**{READING: True}) as connection:
            return work(connection)

    @contextmanager
    def _trouble_said(self) -> Generator[None]:
        """Say what the database's own errors mean, as JournalUnavailable."""
        try:
            yield
        except UnknownShape as shape:
            raise JournalUnavailable(
                f"the journal's database {self.where} cannot be used: {shape}; use the one that wrote it, or newer"
            ) from None
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or type(error).__name__).strip().splitlines()[0]
            raise JournalUnavailable(
                f"the journal's database {self.where} cannot be used: {cause}; check database.url, "
                "that the server runs and that its folder can be written"
            ) from None
