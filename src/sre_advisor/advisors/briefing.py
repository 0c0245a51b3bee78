"""What a model gets to read, encoded: the first look, what is on file, and each result. All of it is data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue

from sre_advisor.advisors.contract import Brief, Exchange, ThreadMessage, ToolCard
from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.model import Catalogue, Evidence, FirstLook, Line

ON_FILE = "evidence_on_file"
RESULT_LIMIT = 3_000
"""Characters of one result's body that are shown at a time; the whole body stays on file."""
QUESTION_LIMIT = 4_000
LINE_LIMIT = 300
LINES = 12
INDEX_LIMIT = 40
INDEX_LINE_LIMIT = 160
SERVICES = 40
MESSAGES = 20

ON_FILE_CARD = ToolCard(
    name=ON_FILE,
    description=(
        "What was already read for this thread. Without id: the list, with id: the body of that evidence from "
        "character from_char on. Reads nothing anew."
    ),
    parameters={
        "type": "object",
        "properties": {"id": {"type": "string"}, "from_char": {"type": "integer"}},
        "additionalProperties": False,
    },
)


def encoded(value: JsonValue) -> str:
    """Compact JSON, other alphabets left readable (escapes would cost three times the tokens)."""
    return _whole(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def question_words(brief: Brief) -> str:
    """The asker's own words, bounded."""
    text = _whole(brief.question.text).strip() or "(no words)"
    return text if len(text) <= QUESTION_LIMIT else f"{text[:QUESTION_LIMIT]}… (cut, {len(text)} characters in all)"


def opening_data(brief: Brief) -> str:
    """The first look with all that a fresh conversation needs to know of the thread."""
    told: JsonObject = {
        "now": _time(brief.now),
        "asked_at": _time(brief.question.asked_at),
        "services": services(brief.catalogue, [s.name for s in brief.first_look.services]),
        "earlier_questions": [_exchange(e) for e in brief.history],
        "thread": [_message(m) for m in brief.thread[-MESSAGES:]],
        "evidence": index(brief.evidence),
    }
    return _said(_first_look(brief.first_look) | told)


def update_data(brief: Brief) -> str:
    """What is new since the conversation paused: what was read for this question, and what people wrote."""
    new = [e for e in brief.evidence if e.read_at >= brief.question.asked_at]
    told: JsonObject = {
        "now": _time(brief.now),
        "asked_at": _time(brief.question.asked_at),
        "thread": [_message(m) for m in brief.thread[-MESSAGES:]],
        "evidence": index(new),
    }
    return _said(_first_look(brief.first_look) | told if new else told)


def _said(data: JsonObject) -> str:
    return encoded({key: value for key, value in data.items() if value not in (None, [], "")})


def index(evidence: Sequence[Evidence]) -> list[JsonValue]:
    """One line per piece of evidence, the latest ones when there are many."""
    lines: list[JsonValue] = [
        f"{e.id} {e.source}/{e.tool} {e.outcome}: {_cut(e.summary, INDEX_LINE_LIMIT)}" for e in evidence[-INDEX_LIMIT:]
    ]
    left_out = len(evidence) - len(lines)
    return [f"({left_out} earlier ones are on file by id)", *lines] if left_out > 0 else lines


def result_data(evidence: Evidence, from_char: int = 0) -> str:
    """One piece of evidence for the model: labelled with its source, its body bounded, with how to read on."""
    data: JsonObject = {
        "id": evidence.id,
        "source": evidence.source,
        "tool": evidence.tool,
        "outcome": str(evidence.outcome),
        "summary": evidence.summary,
    }
    if evidence.window_start and evidence.window_end:
        data["window"] = f"{_time(evidence.window_start)}/{_time(evidence.window_end)}"
    if evidence.truncated:
        data["left_out_at_source"] = evidence.truncated
    return encoded(data | _body(evidence, from_char))


def _body(evidence: Evidence, from_char: int) -> JsonObject:
    if evidence.body is None:
        return {}
    text = encoded(evidence.body)
    if from_char <= 0 and len(text) <= RESULT_LIMIT:
        return {"body": evidence.body}
    start = min(max(from_char, 0), len(text))
    end = min(start + RESULT_LIMIT, len(text))
    said: JsonObject = {"body_part": text[start:end], "characters": f"{start}-{end} of {len(text)}"}
    if end < len(text):
        said["more"] = f"narrow the request, or {ON_FILE} with id {evidence.id} and from_char {end}"
    return said


def services(catalogue: Catalogue, suspects: Sequence[str]) -> list[JsonValue]:
    """Who calls whom, suspects and their neighbours first, bounded."""
    calls: dict[str, list[str]] = {s.name: [] for s in catalogue.services}
    for caller, callee in catalogue.graph:
        calls.setdefault(caller, []).append(callee)
    near = {n for edge in catalogue.graph for n in edge if set(edge) & set(suspects)}
    ordered = sorted(calls, key=lambda name: (name not in suspects, name not in near, name))
    lines: list[JsonValue] = [
        f"{name} -> {', '.join(calls[name])}" if calls[name] else name for name in ordered[:SERVICES]
    ]
    left_out = len(ordered) - len(lines)
    return [*lines, f"({left_out} more in the catalogue)"] if left_out else lines


def _first_look(look: FirstLook) -> JsonObject:
    return {
        "headline": look.headline,
        "since": _time(look.since) if look.since else None,
        "firing": _lines(look.firing),
        "moved": _lines(look.moved),
        "changed": _lines(look.changed),
        "runbook": _lines(look.runbook),
        "owners": _lines(look.owners),
        "could_not_be_read": _lines(look.unread),
        "suspects": [
            _scored(s.name, s.score, (*s.reasons, *((f"onset {_time(s.onset)}",) if s.onset else ())))
            for s in look.services[:5]
        ],
        "suspected_changes": [
            _scored(c.id, c.score, (*c.reasons, *(f"but: {d}" for d in c.doubts))) for c in look.changes[:5]
        ],
    }


def _lines(lines: Sequence[Line]) -> list[JsonValue]:
    said: list[JsonValue] = [
        f"{_cut(n.text)} [{','.join(n.cites)}]" if n.cites else _cut(n.text) for n in lines[:LINES]
    ]
    return [*said, f"({len(lines) - LINES} more)"] if len(lines) > LINES else said


def _scored(name: str, score: float, reasons: Iterable[str]) -> str:
    return f"{name} ({score:.2f}): {_cut('; '.join(reasons))}"


def _exchange(exchange: Exchange) -> JsonObject:
    diagnosis = exchange.diagnosis
    return {
        "question": _cut(exchange.question),
        "verdict": str(diagnosis.verdict),
        "summary": diagnosis.summary,
        "hypotheses": [f"{h.statement} ({h.confidence})" for h in diagnosis.hypotheses],
    }


def _message(message: ThreadMessage) -> str:
    return f"{_time(message.at)} {message.author}: {_cut(message.text)}"


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _whole(text: str) -> str:
    """Without halves of characters, which JSON can hold but no request can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut(text: str, limit: int = LINE_LIMIT) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
