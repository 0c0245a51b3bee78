"""Writing together what many want written while the last write is still going to disk."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from sre_advisor.journal.events import Event

Write = Callable[[Sequence[Event]], Awaitable[None]]
_Waiting = tuple[Sequence[Event], asyncio.Future[None]]


class Batches:
    """Hands events on in the order they came, as few and as large batches as there are writes under way.

    Each commit waits for the disk; fifty questions that answer at once would wait for each other's.
    """

    def __init__(self, write: Write) -> None:
        self._write = write
        self._waiting: list[_Waiting] = []
        self._writing: asyncio.Task[None] | None = None

    async def add(self, events: Sequence[Event]) -> None:
        """Return when the events are written, all in one batch; raises what writing them raised."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, written))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_all())
        await written

    async def idle(self) -> None:
        """Return when nothing waits to be written."""
        if self._writing is not None:
            await self._writing

    async def _write_all(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            if len(batch) == 1 or not await self._together(batch):
                for events, written in batch:  # alone, so that what cannot be written fails only whoever wants it
                    await self._alone(events, written)

    async def _together(self, batch: Sequence[_Waiting]) -> bool:
        try:
            await self._write([event for events, _ in batch for event in events])
        except Exception:  # noqa: BLE001 - each is tried alone, and its failure told to whoever waits for it
            return False
        for _, written in batch:
            if not written.done():  # who was cancelled waits no more
                written.set_result(None)
        return True

    async def _alone(self, events: Sequence[Event], written: asyncio.Future[None]) -> None:
        try:
            await self._write(events)
        except Exception as failure:  # noqa: BLE001 - told to whoever waits for it
            if not written.done():
                written.set_exception(failure)
        else:
            if not written.done():
                written.set_result(None)
