"""Cases in HolmesGPT's manner: a question, what the answer should say, and what tools had answered.

Such a case has no world: what its tools printed becomes log lines and documents, each under the tool's name, and that
is all there is. Metrics, alerts and changes were not recorded, and the tools over the recording say so.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from sre_advisor.evals.imports.writing import Imported
from sre_advisor.evals.suites.expectation import Cause, Expectation
from sre_advisor.evals.trouble import EvalTrouble, first_of
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

TEST, OUTPUT_LIMIT, OUTPUTS_LIMIT, LINES_LIMIT = "test_case.yaml", 2_000_000, 500, 5_000
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?")
_LEVEL = re.compile(r"\b(FATAL|CRITICAL|ERROR|WARN(?:ING)?|INFO|DEBUG|TRACE)\b", re.IGNORECASE)
_TELLING = re.compile(r"`([^`]{2,60})`|\"([^\"]{2,60})\"|\b([A-Za-z]\w*(?:[-_./][\w]+)+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)\b")
WITHOUT_TIME = datetime(2026, 1, 1, tzinfo=UTC)
"""The clock of a case in which no output holds a time."""


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


class TestCase(BaseModel):
    """What is read of `test_case.yaml`; the rest concerns another program."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    user_prompt: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
    expected_output: Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]
    tags: tuple[str, ...] = ()


def read_holmes(folder: Path) -> list[Imported]:
    """Every case of a folder of cases; raises EvalTrouble for the first that is broken."""
    places = [folder] if (folder / TEST).is_file() else sorted(p.parent for p in folder.glob(f"*/{TEST}"))
    return [_case(place) for place in places]


def _case(place: Path) -> Imported:
    try:
        case = TestCase.model_validate(parse_strict(read_strict(place / TEST, 1_000_000)))
    except YamlProblem as problem:
        raise EvalTrouble(f"{place / TEST}: {problem}") from None
    except ValidationError as error:
        raise EvalTrouble(f"{place / TEST}: {first_of(error)}") from None
    outputs = {p.stem: _output(p) for p in sorted(place.glob("*.txt"))[:OUTPUTS_LIMIT]}
    return Imported(place.name, _files(place.name, case, outputs), _expected(case))


def _output(path: Path) -> str:
    """What a tool printed; a first line that only says which tool it was is left out."""
    if path.is_symlink() or path.stat().st_size > OUTPUT_LIMIT:
        raise EvalTrouble(f"{path}: is a link or larger than {OUTPUT_LIMIT // 1_000_000} MB; shorten it")
    text = path.read_text("utf-8", errors="replace")
    first, _, rest = text.partition("\n")
    try:
        told = json.loads(first)
    except ValueError:
        return text
    return rest if isinstance(told, dict) and any("tool" in key for key in told) else text


def _files(name: str, case: TestCase, outputs: dict[str, str]) -> dict[str, bytes]:
    logs = {tool: text for tool, text in outputs.items() if "log" in tool.casefold()}
    now = max((t for text in outputs.values() for t in _times(text)), default=WITHOUT_TIME)
    lines = [line for tool, text in logs.items() for line in _lines(tool, text, now)][:LINES_LIMIT]
    described = {
        "format_version": 1, "id": name, "question": case.user_prompt[-1], "source": "imported, HolmesGPT's manner",
        "now": _iso(now), "step_s": 60, "alerts": [], "changes": [], "graph": [],
        **({"logs": "logs.jsonl"} if lines else {}),
    }  # fmt: skip
    # A recording needs a series; the one thing that can be counted here is how many outputs came with the case.
    counted = f"timestamp,service,metric,value\n{int(now.timestamp())},recording,tool_outputs_recorded,{len(outputs)}\n"
    found = {
        "case.json": json.dumps(described, indent=1, ensure_ascii=False) + "\n",
        "metrics.csv": counted,
        "services.yaml": "services: []\nsignals:\n- metric: tool_outputs_recorded\n  kind: other\n",
        "logs.jsonl": "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines),
    }
    for tool, text in outputs.items():
        found[f"docs/{tool}.md"] = f"# Recorded output of {tool}\n\n```\n{text.replace('```', '~~~')}\n```\n"
    if not lines:
        del found["logs.jsonl"]
    return {path: text.encode() for path, text in found.items()}


def _lines(tool: str, text: str, now: datetime) -> list[dict[str, str | None]]:
    found: list[dict[str, str | None]] = []
    at = now
    for line in filter(None, map(str.strip, text.splitlines())):
        at = next(iter(_times(line)), at)
        level = _LEVEL.search(line)
        found.append(
            {"at": _iso(at), "service": tool, "level": level[1].upper() if level else None, "message": line[:2000]}
        )
    return found


def _times(text: str) -> list[datetime]:
    found: list[datetime] = []
    for stamp in _STAMP.findall(text):
        try:
            at = datetime.fromisoformat(stamp.replace(" ", "T"))
        except ValueError:
            continue
        if 1971 <= at.year < 2199:
            found.append(at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC))
    return found


def _expected(case: TestCase) -> Expectation:
    """The statements as a judge's rubric; what stands in them as a name or in quotes must be said for code to see."""
    names: list[str] = []
    for statement in case.expected_output:
        names += [next(filter(None, match)) for match in _TELLING.findall(statement)]
    groups = tuple((name.strip(),) for name in dict.fromkeys(names) if name.strip())[:6]
    tags = (*case.tags, "holmes", *(() if groups else ("needs_judge",)))
    return Expectation(cause=Cause(mechanism=groups), rubric=case.expected_output, tags=tuple(dict.fromkeys(tags)))


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
