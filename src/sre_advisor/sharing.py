"""Work that is done once for all who want the same at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

V = TypeVar("V")


class Shared(Generic[V]):
    """Results by key, kept for `keep_s` seconds from their beginning; 0 keeps none and shares nothing."""

    def __init__(self, keep_s: float, clock: Callable[[], float] = monotonic) -> None:
        self._keep_s, self._clock = keep_s, clock
        self._begun: dict[Hashable, tuple[float, asyncio.Task[V]]] = {}

    async def once(self, key: Hashable, make: Callable[[], Awaitable[V]]) -> V:
        """What `make` gives, or what it gave or will give to somebody else who asked with this key.

        A failure is raised to all who wait for it, and the next one tries anew. Who stops waiting stops nobody else.
        """
        if not self._keep_s:
            return await make()
        self._forget_old()
        known = self._begun.get(key)
        if known is not None and not _failed(known[1]):
            return await asyncio.shield(known[1])
        task = asyncio.ensure_future(_awaited(make))
        task.add_done_callback(_failed)  # looks at the exception, so that one nobody waits for is no complaint
        self._begun[key] = (self._clock(), task)
        return await asyncio.shield(task)

    def _forget_old(self) -> None:
        oldest = self._clock() - self._keep_s
        while self._begun:
            key, (began, task) = next(iter(self._begun.items()))
            if began > oldest or not task.done():
                return
            del self._begun[key]


async def _awaited(make: Callable[[], Awaitable[V]]) -> V:
    return await make()


def _failed(task: asyncio.Task[V]) -> bool:
    return task.done() and (task.cancelled() or task.exception() is not None)
