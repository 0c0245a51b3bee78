"""Which stretch of a recording and which of its services a tool call means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from pydantic import AwareDatetime, Field

from sre_advisor.connectors.contract import BadRequest, ToolArgs
from sre_advisor.model import Catalogue, Window

LONGEST = timedelta(days=92)
"""What one call may look through: a quarter."""


class SpanArgs(ToolArgs):
    """Arguments every tool over recorded events takes; times are ISO 8601 with an offset or Z."""

    start: AwareDatetime | None = Field(default=None, description="ISO 8601 with Z; default: the hours before now")
    end: AwareDatetime | None = Field(default=None, description="ISO 8601 with Z; default: now")
    service: str | None = Field(default=None, max_length=500, description="only this service (name or alias)")


def window_of(args: SpanArgs, clock: datetime, recorded_until: datetime, default: timedelta) -> Window:
    """The window meant, never past the recording's now; raises BadRequest when it ends before it starts."""
    now = min(clock, recorded_until)
    hint = f"start must lie before end and before now ({iso(now)})"
    try:
        end = min(args.end or now, now).astimezone(UTC)
        start = (args.start or end - default).astimezone(UTC)
    except OverflowError:
        raise BadRequest(hint) from None
    if end < start:
        raise BadRequest(hint)
    if end - start > LONGEST:
        raise BadRequest(f"the window is longer than {LONGEST.days} days; ask for less")
    return Window(start, end)


def canonical(catalogue: Catalogue, service: str) -> str:
    """The catalogue's name of a service given by name or alias; as given when the catalogue does not know it."""
    known = catalogue.find(service)
    return (known.name if known else service).casefold()


def iso(at: datetime) -> str:
    """A time as people and tools write it, in UTC."""
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
