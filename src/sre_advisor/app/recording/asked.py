"""What is to be recorded, and finding it in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sre_advisor.advisors.naming import named_services
from sre_advisor.app.assembly import Assembly
from sre_advisor.journal.events import Event, QuestionAsked, ToolCalled
from sre_advisor.model import Evidence, Question
from sre_advisor.settings import SettingsError

FARTHEST = timedelta(days=1)
"""How far before the question a window that was looked at still widens what is recorded."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be recorded: the question at its moment, what was read for it, and what came of it."""

    question: Question
    now: datetime
    start: datetime
    services: tuple[str, ...]
    evidence: tuple[Evidence, ...] = ()
    """What was read for this very question: later ones in its thread may have read what it was."""
    looked_at: tuple[Evidence, ...] = ()
    """What the whole investigation read."""
    events: tuple[Event, ...] = ()

    @property
    def on_record(self) -> str | None:
        """The investigation that is recorded, where it is one."""
        return self.question.investigation if self.events else None


async def asked_on_record(parts: Assembly, investigation: str) -> Asked:
    """An investigation's first question and what came of it; raises SettingsError when there is none."""
    events = await parts.journal.of_investigation(investigation)
    asked = next((e.asked for e in events if isinstance(e, QuestionAsked)), None)
    if asked is None:
        raise SettingsError(
            f"no question of an investigation called {investigation[:80]} is on record; `audit list` names them"
        )
    evidence = tuple(e.evidence for e in events if isinstance(e, ToolCalled))
    first = tuple(e.evidence for e in events if isinstance(e, ToolCalled) and e.question in (asked.id, None))
    now = _moment_of(first, asked.asked_at)
    windows = [e.window_start for e in evidence if e.window_start and e.window_start > now - FARTHEST]
    start = min(windows, default=now - timedelta(hours=parts.settings.first_look.hours))
    named = named_services(asked.text, parts.investigator.catalogue)
    return Asked(asked, now, start, tuple(named), first, evidence, events)


def _moment_of(evidence: Sequence[Evidence], asked_at: datetime) -> datetime:
    """The clock the question was answered by: the end of the windows its first look asked for."""
    ends = [str(e.request["end"]) for e in evidence if e.tool == "metrics_golden_signals" and "end" in e.request]
    ends += [str(e.request["end"]) for e in evidence if "end" in e.request]
    for end in ends:
        try:
            return datetime.fromisoformat(end).astimezone(UTC)
        except ValueError:
            continue
    return asked_at
