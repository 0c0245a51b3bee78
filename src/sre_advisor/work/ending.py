"""Ending what runs in the background."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable


async def end_within(seconds: float, tasks: Iterable[asyncio.Task[None]]) -> None:
    """Let them end for so long, and give up the others: what is stored and not done is left to the next start."""
    running = tuple(tasks)
    if not running:
        return
    _, late = await asyncio.wait(running, timeout=seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
