"""What was read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import JsonValue

from sre_advisor.model.frozen import Frozen


class Outcome(StrEnum):
    """The closed set of ways a tool call ends; the model sees exactly these words."""

    OK = "ok"
    NO_DATA = "no_data"
    BAD_REQUEST = "bad_request"
    DENIED = "denied"
    QUOTA_EXCEEDED = "quota_exceeded"
    UNAVAILABLE = "unavailable"


class Evidence(Frozen):
    """One tool call and what came of it: redacted, bounded, and citable by `id` (E1, E2, …)."""

    id: str
    source: str
    tool: str
    request: dict[str, JsonValue]
    outcome: Outcome
    read_at: datetime
    summary: str
    body: JsonValue = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    link: str | None = None
    truncated: str | None = None
    redactions: int = 0
