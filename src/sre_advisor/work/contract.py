"""What the program needs of whoever runs its questions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from sre_advisor.model import Question

Run = Callable[[Question], Awaitable[None]]
"""Works on one question until it is closed; safe to begin again."""


class QueueUnavailable(Exception):
    """The queue's database cannot be used; the message says why and what to do, without credentials."""


class Worker(Protocol):
    """Runs questions: many at once, one at a time per investigation, in the order they were asked."""

    @property
    def busy(self) -> int:
        """Questions this process has taken on and not yet done."""
        ...

    async def start(self) -> None:
        """Begin; raises QueueUnavailable."""
        ...

    def submit(self, question: Question) -> bool:
        """Take a stored question on; False when that happened already or it is closing (the journal keeps it then)."""
        ...

    async def take_up(self, unfinished: Sequence[Question]) -> int:
        """Take on those of the stored, open questions that nobody works on or waits with; how many these were."""
        ...

    def alone(self, key: str) -> AbstractAsyncContextManager[bool]:
        """Hold a name that no other process holds; False when one does."""
        ...

    async def waiting(self) -> int:
        """Questions that wait for their turn, of all processes that share the work."""
        ...

    async def idle(self) -> None:
        """Return when nothing is worked on or waits."""
        ...

    async def drain(self, seconds: float) -> None:
        """Take nothing new, let what runs finish for so long, then leave the rest to others or to the next start."""
        ...


MakeWorker = Callable[[Run], Worker]
