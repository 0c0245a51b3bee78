"""The first look while sources are late: what is known by then, and what is still awaited. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sre_advisor.broker.broker import Read
from sre_advisor.model import Evidence, FirstLook, Line, Outcome

AWAITED = "awaited"
"""In place of the id of evidence that is not there yet."""


def awaited(source: str, tool: str, now: datetime) -> Read:
    """A read that has not come back: until it does it counts as one that could not be made, never as good news."""
    return Read(
        Evidence(
            id=AWAITED,
            source=source,
            tool=tool,
            request={},
            outcome=Outcome.UNAVAILABLE,
            read_at=now,
            summary="has not answered yet",
        )
    )


def so_far(look: FirstLook, late: Sequence[str]) -> FirstLook:
    """A look composed with awaited reads, as it may be shown: it says what is missing and cites what is there."""
    waiting = Line(text=f"Still reading {', '.join(dict.fromkeys(late))}: this is completed as they answer")
    return look.model_copy(
        update={
            "headline": f"So far: {look.headline}",
            "firing": _there(look.firing),
            "moved": _there(look.moved),
            "changed": _there(look.changed),
            "unread": (waiting, *_there(tuple(n for n in look.unread if AWAITED not in n.cites))),
        }
    )


def _there(lines: Sequence[Line]) -> tuple[Line, ...]:
    return tuple(n.model_copy(update={"cites": tuple(c for c in n.cites if c != AWAITED)}) for n in lines)
