"""A record of one trial that ends with it: what a journal is to a live question, without the disk."""

from __future__ import annotations

from collections.abc import Iterable

from sre_advisor.journal.events import Event


class Memory:
    """Events in order; `so_far` is what happened before the trial began."""

    def __init__(self, so_far: Iterable[Event] = ()) -> None:
        self.events: list[Event] = list(so_far)

    async def append(self, *events: Event) -> None:
        """Remember the events."""
        self.events.extend(events)

    async def of_investigation(self, investigation: str, *kinds: str) -> tuple[Event, ...]:
        """What is remembered of one investigation, of these kinds if any are named, oldest first."""
        return tuple(e for e in self.events if e.investigation == investigation and (not kinds or e.kind in kinds))
