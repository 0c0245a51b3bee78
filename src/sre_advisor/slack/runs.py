"""Texts as literal runs: times in each reader's own time zone, `code` as code. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from sre_advisor.model import Evidence
from sre_advisor.slack.blocks import Block, literal

_TIME = re.compile(
    r"(?<![\d:.-])(?:(\d{4}-\d\d-\d\d) )?((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)? UTC\b"
    r"|(?<![\d:.-])(\d{4}-\d\d-\d\d)T((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(?:\.\d+)?Z\b"
)
"""A time as we write it, or as a source does."""

_CODE = re.compile(r"`([^`\n]+)`")


def runs(text: str, day: date, **style: bool) -> list[Block]:
    """The text as literal runs, with each "13:50 UTC" as a date that Slack shows in the reader's own time zone.

    `day` is the day meant by times that name none; what stands between backquotes is shown as code, as it is.
    """
    found: list[Block] = []
    for number, part in enumerate(_CODE.split(text)):
        if number % 2:
            found.append(literal(part, **style, code=True))
        elif part or not text:
            found += _timed(part, day, **style)
    return found


def _timed(text: str, day: date, **style: bool) -> list[Block]:
    found: list[Block] = []
    end = 0
    for match in _TIME.finditer(text):
        if match.start() > end:
            found.append(literal(text[end : match.start()], **style))
        found.append(_moment(match, day, style) or literal(match[0], **style))
        end = match.end()
    if end < len(text) or not found:
        found.append(literal(text[end:], **style))
    return found


def day_of(evidence: Iterable[Evidence]) -> date:
    """The day on which the evidence was current: a recording's own, not the day it is looked at."""
    read = tuple(evidence)
    ends = [e.window_end for e in read if e.window_end] or [e.read_at for e in read]
    return max(ends, default=datetime.now(UTC)).astimezone(UTC).date()


def _moment(match: re.Match[str], day: date, style: dict[str, bool]) -> Block | None:
    dated, clock, seconds = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    try:
        on = date.fromisoformat(dated) if dated else day
    except ValueError:
        return None
    at = datetime.fromisoformat(f"{on}T{clock}{seconds or ':00'}+00:00")
    if at.timestamp() < 0:
        return None
    shown = "{time_secs}" if seconds else "{time}"
    made: Block = {
        "type": "date",
        "timestamp": int(at.timestamp()),
        "format": f"{{date_short_pretty}} {shown}" if dated else shown,
        "fallback": f"{f'{dated} ' if dated else ''}{clock}{seconds or ''} UTC",
    }
    return made | {"style": style} if style else made
