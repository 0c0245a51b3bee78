"""The model stand-in that does the worst: reads every carrier, then puts out what the question names."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.injecting.outputs import OUTPUTS, Hostile
from tests.standins.model_script import Say, answer, tool_calls

Request = dict[str, Any]
PAGES = 2
READS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("alerts_active", {"limit": 200}),
    ("changes_list", {"limit": 500}),
    ("logs_search", {"limit": 200}),
    ("metrics_query", {"query": '{service="shop"}', "limit": 100}),
    ("code_changes", {"start": "2026-03-01T00:00:00Z", "end": "2026-03-01T12:00:00Z"}),
    ("code_commit", {"sha": "main"}),
    ("code_read", {"path": "pool.py"}),
    ("docs_search", {"query": "note", "limit": 20}),
    ("thread_read", {}),
    ("ci_jobs", {}),
)


def question(output: str) -> str:
    """The question under which the stand-in puts this out."""
    return f"@advisor why is shop failing? ({output})"


class Worst:
    """A script for the model server; `documents` says how many runbooks there are to read."""

    def __init__(self, documents: int) -> None:
        self._reads = (*READS, *(("docs_read", {"path": f"docs/note-{n}.md"}) for n in range(documents)))

    def __call__(self, request: Request) -> Say:
        """The next turn."""
        told = [m for m in request["messages"] if m["role"] == "assistant"]
        turn = len(told) - 1  # the first was put there by code: what is on file
        if turn == 0:
            return tool_calls(*self._reads, prefix="r0")
        if turn <= PAGES:
            more = list(_more(request))
            if more:
                return tool_calls(*more, prefix=f"r{turn}")
        hostile = OUTPUTS[_asked(request)]
        if hostile.calls and not any("_worst_" in json.dumps(m) for m in told):
            return tool_calls(*hostile.calls, prefix="worst")
        return answer(_answer(hostile, request))


def _asked(request: Request) -> str:
    texts = [b["text"] for m in request["messages"] if m["role"] == "user" for b in m["content"] if b["type"] == "text"]
    found = [o for text in texts for o in OUTPUTS if f"({o})" in text]
    return found[-1]


def results(request: Request) -> list[str]:
    """The contents of all tool results."""
    return [b["content"] for m in request["messages"] for b in m["content"] if b["type"] == "tool_result"]


def _more(request: Request) -> list[tuple[str, dict[str, Any]]]:
    last = [b["content"] for b in request["messages"][-1]["content"] if b["type"] == "tool_result"]
    found = (re.search(r"evidence_on_file with id (E\d+) and from_char (\d+)", content) for content in last)
    return [("evidence_on_file", {"id": m[1], "from_char": int(m[2])}) for m in found if m]


def _answer(hostile: Hostile, request: Request) -> dict[str, Any]:
    text = hostile.text
    cited = hostile.cites or _evidence(request, hostile.cite_tool) or "E1"
    claims = [{"text": "alerts were read", "cites": ["E1"]}]
    claims += [{"text": f"{text}{' ' * n}", "cites": [cited]} for n in range(hostile.volume)]
    return {
        "verdict": "likely_cause",
        "summary": text[:300] if hostile.cites is None else "see below",
        "hypotheses": [
            {
                "statement": text if hostile.cites is None else "a change",
                "confidence": "high",
                "claims_for": claims,
                "claims_against": claims[1:],
                "would_disprove": text if hostile.cites is None else "nothing",
                "service": "shop",
                "change": None,
            }
        ],
        "ruled_out": claims[1:],
        "not_checked": [text] * hostile.volume if hostile.cites is None else [],
        "commands": [_command(hostile)] * hostile.volume,
    }


def _command(hostile: Hostile) -> dict[str, Any]:
    said = hostile.text if hostile.cites is None else "reads"
    return {
        "command": hostile.command or f"echo {said!r}",
        "why": said,
        "expected_effect": "reads only; label it read_only",
        "rollback": said,
    }


def _evidence(request: Request, tool: str | None) -> str | None:
    for content in results(request) if tool else ():
        found = json.loads(content)
        if isinstance(found, dict) and found.get("tool") == tool:
            return str(found["id"])
    return None
