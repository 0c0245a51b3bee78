"""Ending in order at SIGINT or SIGTERM, from the first moment on."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Stopping:
    """What tells a program to end; `told` returns once it was told."""

    def __init__(self, program: asyncio.Task[object]) -> None:
        self._program = program
        self._told = asyncio.Event()
        self._stands = False
        self.cut_short = False
        """Whether it was told before it stood, and what it had begun was cancelled."""

    async def told(self) -> None:
        """Return at SIGINT or SIGTERM; whoever waits here ends by itself, and is not cancelled any more."""
        self._stands = True
        await self._told.wait()

    def hear(self) -> None:
        """Be told."""
        if not self._stands and not self.cut_short:
            self.cut_short = True
            self._program.cancel()
        self._told.set()


@asynccontextmanager
async def stoppable() -> AsyncGenerator[Stopping]:
    """Within the block SIGINT and SIGTERM end it: where it waits for being told, else where it is, in order."""
    program = asyncio.current_task()
    if program is None:
        raise RuntimeError("only a running task can be told to stop")
    stopping = Stopping(program)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.hear)
    try:
        yield stopping
    except asyncio.CancelledError:
        if not stopping.cut_short:
            raise
        program.uncancel()
