"""The one way in which a recording can be unreadable: what is wrong, where, and what to do about it."""

from __future__ import annotations

from pydantic import ValidationError


class BrokenRecording(Exception):
    """A recording cannot be read; its one line of text repeats names of files and fields, never values."""

    def __init__(self, file: str, where: str, problem: str, advice: str) -> None:
        place = f"{file}, {where}" if where else file
        super().__init__(f"broken recording: {place}: {problem}; {advice}")
        self.file, self.where, self.problem, self.advice = file, where, problem, advice


def from_validation(file: str, error: ValidationError, prefix: str = "") -> BrokenRecording:
    """The first of pydantic's complaints in words; the others are only counted, as they often follow from it."""
    first, *others = error.errors(include_input=False, include_url=False, include_context=False)
    field = ".".join(str(part) for part in first["loc"])
    where = ", ".join(part for part in (prefix, f"field {_short(field)}" if field else "") if part)
    more = f" (and {len(others)} more)" if others else ""
    problem = (
        "is not valid JSON" if first["type"] == "json_invalid" else _short(first["msg"][:1].lower() + first["msg"][1:])
    )
    if first["type"] == "json_invalid":
        problem += f" ({_short(first['msg'].removeprefix('Invalid JSON: '))})"
    return BrokenRecording(file, where, problem + more, "correct the field or record again")


def _short(text: str, limit: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
