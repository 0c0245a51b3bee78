"""How recordings, and what lies in them, are called."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4


def own_name() -> str:
    """A name for what the recorder itself asks, under which its reads are on record."""
    return f"record-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"


def file_name(name: str) -> str:
    """The name, as far as every file system takes it."""
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip(".")[:100] or "recording"
