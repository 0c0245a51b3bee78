"""Names that one process holds at a time: PostgreSQL's own locks, which end with the connection that took them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
import structlog

from sre_advisor.work.contract import QueueUnavailable

log = structlog.get_logger(__name__)

_TAKE = "SELECT pg_try_advisory_lock(hashtextextended(%s, 7031))"
_GIVE = "SELECT pg_advisory_unlock(hashtextextended(%s, 7031))"
_GONE_SOON = ("tcp_keepalives_idle = 5", "tcp_keepalives_interval = 5", "tcp_keepalives_count = 2")
"""A machine that vanished says no goodbye; without these the server would keep its locks for hours."""
CONNECT_S = 5


class LeaseLost(Exception):
    """The connection that held the name is gone, so another process may hold it now."""


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """One holding of a name, told apart from a later one of the same name."""

    lost: Callable[[], object]


class Leases:
    """All names held by this process, on one connection; when that breaks, whoever holds one is told to stop."""

    def __init__(self, conninfo: str) -> None:
        self._conninfo = conninfo
        self._connection: psycopg.AsyncConnection[Any] | None = None
        self._lock = asyncio.Lock()
        self._held: dict[str, _Held] = {}

    async def open(self) -> None:
        """Connect; raises QueueUnavailable."""
        async with self._lock:
            await self._connected()

    async def close(self) -> None:
        """Let go of everything."""
        async with self._lock:
            if self._connection is not None:
                await self._connection.close()
                self._connection = None

    @asynccontextmanager
    async def held(self, key: str, lost: Callable[[], object] = bool) -> AsyncGenerator[bool]:
        """Hold the name; False when somebody does. `lost` is called when it is no longer sure that we hold it."""
        if key in self._held:  # PostgreSQL would grant the same connection its lock again
            yield False
            return
        held = self._held[key] = _Held(lost)
        try:
            mine = await self._asked(_TAKE, key)
        except BaseException:
            self._held.pop(key, None)
            raise
        try:
            yield mine
        finally:
            # Whoever lost it may end late, when the name is held anew: that is not theirs to give back.
            if self._held.get(key) is held and self._held.pop(key) and mine:
                with suppress(QueueUnavailable):  # then the lock is gone with the connection
                    await asyncio.shield(self._asked(_GIVE, key))

    async def check(self) -> None:
        """Make sure that what is held is held still; raises QueueUnavailable."""
        await self._asked("SELECT %s <> ''", "here")

    async def _asked(self, query: str, key: str) -> bool:
        async with self._lock:
            connection = await self._connected()
            try:
                async with asyncio.timeout(CONNECT_S):
                    row = await (await connection.execute(query.encode(), (key,))).fetchone()
            except (psycopg.Error, OSError, TimeoutError) as trouble:
                await self._broken(connection)
                raise QueueUnavailable(f"the queue's database cannot be used ({type(trouble).__name__})") from None
            return bool(row and row[0])

    async def _connected(self) -> psycopg.AsyncConnection[Any]:
        if self._connection is not None and not self._connection.closed:
            return self._connection
        try:
            self._connection = await psycopg.AsyncConnection.connect(
                self._conninfo, autocommit=True, connect_timeout=CONNECT_S, application_name="sre-advisor leases"
            )
            for setting in _GONE_SOON:
                await self._connection.execute(f"SET {setting}".encode())
        except (psycopg.Error, OSError) as trouble:
            raise QueueUnavailable(f"the queue's database cannot be reached ({type(trouble).__name__})") from None
        return self._connection

    async def _broken(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = None
        with suppress(psycopg.Error, OSError):
            await connection.close()
        lost, self._held = tuple(self._held.values()), {}
        log.error("leases_lost", action="stop", held=len(lost))
        for held in lost:
            held.lost()
