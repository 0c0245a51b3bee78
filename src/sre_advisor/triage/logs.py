"""Log lines grouped into templates, the new ones first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sre_advisor.model import LogLine
from sre_advisor.triage.nouns import LogTemplate

_VARIABLE = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"  # UUID
    r"|\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b"  # IPv4
    r"|\b0x[0-9a-fA-F]+\b|\b(?=[0-9a-f]*\d)[0-9a-f]{6,}\b"  # hex ids
    r"|\d+(?:[.,:]\d+)*",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_TROUBLE = frozenset({"warn", "warning", "error", "err", "critical", "fatal", "panic", "alert", "emerg", "severe"})
LINE_LIMIT = 1000
"""Characters of a line that are looked at: what tells templates apart stands at the front, stack traces follow."""


def template_of(message: str) -> str:
    """The line with everything that varies (numbers, ids, addresses) replaced by <*>."""
    return _SPACE.sub(" ", _VARIABLE.sub("<*>", message[:LINE_LIMIT])).strip()


def is_trouble(level: str | None) -> bool:
    """Whether a level names a warning or worse."""
    return level is not None and level.casefold() in _TROUBLE


@dataclass(slots=True)
class _Count:
    before: int
    since: int
    first: datetime
    example: str


def group_logs(logs: Sequence[LogLine], onset: datetime | None) -> tuple[LogTemplate, ...]:
    """Templates with counts before and since the onset: new troubled ones first, then by how much they grew."""
    counts: dict[tuple[str, str | None, str | None], _Count] = {}
    for line in logs:
        key = (template_of(line.message), line.service, line.level)
        count = counts.setdefault(key, _Count(0, 0, line.at, line.message[:LINE_LIMIT]))
        count.first = min(count.first, line.at)
        if onset is not None and line.at >= onset:
            count.since += 1
        else:
            count.before += 1
    found = [LogTemplate(k[0], k[1], k[2], c.before, c.since, c.first, c.example) for k, c in counts.items()]
    found.sort(key=lambda t: (-(t.is_new and is_trouble(t.level)), -is_trouble(t.level), -t.since + t.before, t.first))
    return tuple(found)


def new_trouble(templates: Sequence[LogTemplate]) -> list[LogTemplate]:
    """Warnings and worse that were never, or hardly ever (under a tenth), seen before the onset."""
    return [t for t in templates if is_trouble(t.level) and t.since > 0 and t.before <= 0.1 * t.since]
