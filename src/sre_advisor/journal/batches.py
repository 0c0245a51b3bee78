"""Writing together what many want written while the last write is still going to disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from sre_advisor.journal.events import Event


@dataclass(frozen=True, slots=True)
class Entry:
    """Events that are written all or none; with `once` only if nothing by that key is on record."""

    events: Sequence[Event]
    once: str | None = None


Write = Callable[[Sequence[Entry]], Awaitable[Sequence[bool]]]
"""Writes the entries, all or none, and tells of each whether it was new."""
_Waiting = tuple[Entry, asyncio.Future[bool]]


class Batches:
    """Hands entries on in the order they came, as few and as large batches as there are writes under way.

    Each commit waits for the disk; fifty questions that come or answer at once would wait for each other's.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, entry: Entry) -> bool:
        """Whether it was new, once it is written, all in one batch; raises what writing it raised."""
        written: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        return await written

    async def idle(self) -> None:
        """Return when nothing waits to be written."""
        if self._writing is not None:
            await self._writing

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            if len(batch) == 1 or not await self._together(batch):
                for entry, written in batch:  # alone, so that what cannot be written fails only whoever wants it
                    await self._alone(entry, written)

    async def _together(self, batch: Sequence[_Waiting]) -> bool:
        try:
            new = await self._write([entry for entry, _ in batch])
        except Exception:  # noqa: BLE001 - each is tried alone, and its failure told to whoever waits for it
            return False
        for (_, written), was_new in zip(batch, new, strict=True):
            if not written.done():  # who was cancelled waits no more
                written.set_result(was_new)
        return True

    async def _alone(self, entry: Entry, written: asyncio.Future[bool]) -> None:
        try:
            (was_new,) = await self._write([entry])
        except Exception as failure:  # noqa: BLE001 - told to whoever waits for it
            if not written.done():
                written.set_exception(failure)
        else:
            if not written.done():
                written.set_result(was_new)
