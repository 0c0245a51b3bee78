"""What a model gets to read, encoded: the first look, what is on file, and each result. All of it is data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import JsonValue

from sre_advisor.advisors.contract import Brief, Exchange, ThreadMessage, ToolCard
from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.advisors.tables import tabled
from sre_advisor.model import Catalogue, Evidence, FirstLook, Line, Outcome

ON_FILE = "evidence_on_file"
RESULT_LIMIT = 3_000
"""Characters of one result's body that are shown at a time; the whole body stays on file."""
QUESTION_LIMIT, QUOTED_LIMIT = 4_000, 2_000
LINE_LIMIT = 300
LINES = 12
INDEX_LIMIT = 40
INDEX_LINE_LIMIT = 24
"""Of a summary in the list of what is on file; of a reading that failed, LINE_LIMIT."""
SUSPECTS, SUSPECTED_CHANGES, REASONS = 5, 3, 2
FAR_BELOW = 4
"""So many, with so many reasons; all that was found stands in the first look's own evidence."""
SERVICES = 40
MESSAGES = 20

ON_FILE_CARD = ToolCard(
    name=ON_FILE,
    description="What was read for this thread. Without id: the list; with id: that evidence from from_char on.",
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
        "asked_at": _asked(brief),
        "services": services(brief.catalogue, [s.name for s in brief.first_look.services]),
        "earlier_questions": [_exchange(e) for e in brief.history],
        "message_asked_about": _cut(_whole(brief.question.quoted), QUOTED_LIMIT),
        "thread": [_message(m) for m in brief.thread[-MESSAGES:]],
        "evidence": index(brief.evidence, _cited(brief.first_look)),
    }
    return _said(_first_look(brief.first_look) | told)


def update_data(brief: Brief) -> str:
    """What is new since the conversation paused: what was read for this question, and what people wrote."""
    new = [e for e in brief.evidence if e.read_at >= brief.question.asked_at]
    told: JsonObject = {
        "now": _time(brief.now),
        "asked_at": _asked(brief),
        "message_asked_about": _cut(_whole(brief.question.quoted), QUOTED_LIMIT),
        "thread": [_message(m) for m in brief.thread[-MESSAGES:]],
        "evidence": index(new),
    }
    return _said(_first_look(brief.first_look) | told if new else told)


def _asked(brief: Brief) -> str | None:
    return _time(brief.question.asked_at) if brief.question.asked_at != brief.now else None


def _said(data: JsonObject) -> str:
    return encoded({key: value for key, value in data.items() if value not in (None, [], "")})


def index(evidence: Sequence[Evidence], told: frozenset[str] = frozenset()) -> list[JsonValue]:
    """One line per piece of evidence, the latest ones when there are many; those that lines above `told` of by name."""
    lines: list[JsonValue] = [
        f"{e.id} {e.tool}" + ("" if e.id in told else f": {_cut(e.summary, INDEX_LINE_LIMIT)}")
        if e.outcome is Outcome.OK
        else f"{e.id} {e.source}/{e.tool} {e.outcome}: {_cut(e.summary)}"
        for e in evidence[-INDEX_LIMIT:]
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
        "summary": _cut(evidence.summary),
    }
    if evidence.window_start and evidence.window_end:
        data["window"] = f"{_time(evidence.window_start)}/{_time(evidence.window_end)}"
    if evidence.truncated:
        data["left_out_at_source"] = evidence.truncated
    return encoded(data | _body(evidence, from_char))


def _body(evidence: Evidence, from_char: int) -> JsonObject:
    if evidence.body is None:
        return {}
    body = tabled(evidence.body)
    text = encoded(body)
    if from_char <= 0 and len(text) <= RESULT_LIMIT:
        return {"body": body}
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
    called = {callee for name in ordered[:SERVICES] for callee in calls[name]}
    lines: list[JsonValue] = [
        f"{name} -> {', '.join(calls[name])}" if calls[name] else name
        for name in ordered[:SERVICES]
        if calls[name] or name not in called
    ]
    left_out = len(ordered[SERVICES:])
    return [*lines, f"({left_out} more in the catalogue)"] if left_out else lines


def _cited(look: FirstLook) -> frozenset[str]:
    """The evidence of which the lines that are shown tell."""
    lines = (look.firing, look.moved, look.changed, look.runbook, look.unread)
    return frozenset(c for some in lines for line in some[:LINES] for c in line.cites)


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
        "suspects": _suspects(look),
        "suspected_changes": _suspected_changes(look),
    }


def _suspects(look: FirstLook) -> list[JsonValue]:
    """Services by score, with reasons where the score is not far below the first one's."""
    shown = look.services[:SUSPECTS]
    return [
        _scored(s.name, s.score, (*_onset(s.onset, look.since), *s.reasons[:1]))
        if 2 * s.score >= shown[0].score
        else _scored(s.name, s.score, ())
        for s in shown
    ]


def _suspected_changes(look: FirstLook) -> list[JsonValue]:
    """Changes by score, without those far below the first."""
    shown = [c for c in look.changes[:SUSPECTED_CHANGES] if FAR_BELOW * c.score >= look.changes[0].score]
    return [_scored(c.id, c.score, (*c.reasons[:REASONS], *(f"but: {d}" for d in c.doubts[:1]))) for c in shown]


def _onset(onset: datetime | None, since: datetime | None) -> tuple[str, ...]:
    """When a suspect's trouble began, without the date if that is the first look's own."""
    if onset is None:
        return ()
    return (f"onset {onset:%H:%M:%SZ}" if since and onset.date() == since.date() else f"onset {_time(onset)}",)


def _lines(lines: Sequence[Line]) -> list[JsonValue]:
    said: list[JsonValue] = [
        f"{_cut(n.text)} [{','.join(n.cites)}]" if n.cites else _cut(n.text) for n in lines[:LINES]
    ]
    return [*said, f"({len(lines) - LINES} more)"] if len(lines) > LINES else said


def _scored(name: str, score: float, reasons: Iterable[str]) -> str:
    why = _cut("; ".join(reasons))
    return f"{name} ({score:.2f}): {why}" if why else f"{name} ({score:.2f})"


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
