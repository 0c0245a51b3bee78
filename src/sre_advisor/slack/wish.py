"""A person's wish somewhere in Slack, in the form in which people are checked and spoken to. Pure."""

from __future__ import annotations

from datetime import UTC, datetime

from sre_advisor.model import Question


def wish_of(channel: str, thread: str, user: str, team: str, text: str = "") -> Question:
    """Not to be stored: it has no id, for it is no question."""
    return Question(
        id="", investigation=f"{channel}-{thread}", text=text, asked_at=datetime.now(UTC), asker=user,
        team=team or None, channel=channel, thread_ts=thread or None,
    )  # fmt: skip
