"""`logs.jsonl`: one JSON object a line."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from sre_advisor.model import LogLine
from sre_advisor.replay.broken import from_validation
from sre_advisor.replay.case import Moment
from sre_advisor.replay.folder import text_of


class _Line(BaseModel):
    model_config = ConfigDict(frozen=True)

    at: Moment
    service: str | None = None
    level: str | None = None
    message: str


def parse_logs(name: str, data: bytes, until: datetime) -> tuple[LogLine, ...]:
    """The lines in order of time, nothing after `until`; raises BrokenRecording with the number of a bad line."""
    lines: list[LogLine] = []
    for number, text in enumerate(text_of(name, data).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            line = _Line.model_validate_json(text, strict=True)
        except ValidationError as error:
            raise from_validation(name, error, f"line {number}") from None
        if line.at <= until:
            lines.append(LogLine(line.at, line.service, line.level, line.message))
    return tuple(sorted(lines, key=lambda line: line.at))
