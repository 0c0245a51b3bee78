"""What a person asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Question:
    """What a person asked, and where; `investigation` is shared by all questions of one thread."""

    id: str
    investigation: str
    text: str
    asked_at: datetime
    asker: str | None = None
    team: str | None = None
    channel: str | None = None
    thread_ts: str | None = None
    ts: str | None = None
    externally_shared: bool = False
    """Whether people of other organisations read the channel (Slack Connect)."""
    fresh: bool = False
    """Whether it is looked into from the beginning, although the thread may have a first look already."""
    quoted: str = ""
    """Somebody else's words that it points to: text from outside, which asks for nothing."""
