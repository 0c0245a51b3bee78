"""Claims as JSON lines: one claim with its evidence in, one verdict out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.investigate.checking.judge import judge


class BrokenLine(Exception):
    """A line that is no claim with its evidence; the message names the line and what is wrong with it."""


class _Evidence(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str
    source: str = ""
    text: JsonValue = ""
    start: str | None = Field(default=None, alias="from")
    to: str | None = None


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore")

    claim: str
    cites: tuple[str, ...]
    evidence: tuple[_Evidence, ...]


def verdicts(lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """A verdict for each line that is not empty; raises BrokenLine at the first that cannot be read."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            read = _Line.model_validate_json(line)
        except ValidationError as error:
            found = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(map(str, found["loc"]))
            raise BrokenLine(f"line {number}: {f'{place}: ' if place else ''}{found['msg']}") from None
        standing, why = judge(read.claim, read.cites, _sources(read.evidence))
        yield {"verdict": str(standing), "why": why}


def sources_of(evidence: Iterable[Mapping[str, JsonValue]]) -> dict[str, Source]:
    """Evidence as it stands in a line, by id."""
    return _sources(_Evidence.model_validate(e) for e in evidence)


def _sources(evidence: Iterable[_Evidence]) -> dict[str, Source]:
    found: dict[str, Source] = {}
    for e in evidence:
        text = e.text if isinstance(e.text, str) else json.dumps(e.text, ensure_ascii=False)
        window = tuple(t for t in (e.start, e.to) if t)
        found[e.id] = Source(e.id, text, None, e.source, window)
    return found
