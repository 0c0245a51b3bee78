"""The evidence behind an answer as a modal, in pages: long evidence stays legible. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sre_advisor.investigate.visible import one_line
from sre_advisor.model import Diagnosis, Evidence, Outcome, Question
from sre_advisor.slack.blocks import (
    Block,
    actions,
    button,
    clip,
    code,
    context,
    literal,
    paragraph,
    plain_section,
    rich,
)
from sre_advisor.slack.folded import DAY

PAGE = "evidence_page"
PIECE, PIECES = 2_800, 8
"""Characters of one block of a body, and blocks of bodies on one page."""
LINE = 160
"""Characters of a line of JSON before it is broken; Slack wraps what is wider than the modal."""
NONE = "This answer cites no evidence."
_ID = re.compile(r"\bE\d+\b")


def cited(diagnosis: Diagnosis, read: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """What the answer rests on, in the order of its ids."""
    ids = {i for h in diagnosis.hypotheses for c in (*h.claims_for, *h.claims_against) for i in c.cites}
    ids |= {i for c in diagnosis.ruled_out for i in c.cites}
    ids |= {i for c in diagnosis.commands for i in _ID.findall(c.why)}
    return tuple(e for e in read if e.id in ids)


def evidence_view(question: Question, shown: Sequence[Evidence], page: int = 0) -> dict[str, Any]:
    """One page of the modal; a number beyond the last shows the last."""
    every = pages(shown, question.asked_at)
    at = max(0, min(page, len(every) - 1))
    turns = [button("← Before", f"{PAGE}_back", f"{question.id}#{at - 1}")] if at else []
    turns += [button("Further →", f"{PAGE}_on", f"{question.id}#{at + 1}")] if at + 1 < len(every) else []
    foot = [context(f"Page {at + 1} of {len(every)}")] if len(every) > 1 else []
    return {
        "type": "modal",
        "callback_id": "evidence",
        "title": {"type": "plain_text", "text": "Evidence"},
        "close": {"type": "plain_text", "text": "Close"},
        "blocks": [*every[at], *([actions(*turns)] if turns else []), *foot],
    }


def pages(shown: Sequence[Evidence], asked_at: datetime) -> list[list[Block]]:
    """Everything in blocks, none cut, as many to a page as can be read in one go; at least one page."""
    every: list[list[Block]] = [[]]
    room = PIECES
    for piece in shown:
        parts = _parts(_body(piece))
        for number, part in enumerate(parts):
            if room == 0:
                every.append([])
                room = PIECES
            if number == 0 or room == PIECES:
                every[-1] += _head(piece, number, len(parts), asked_at)
            every[-1].append(rich(code(part)))
            room -= 1
    return every if every[0] else [[plain_section(NONE)]]


def _head(piece: Evidence, number: int, of: int, asked_at: datetime) -> list[Block]:
    state = "" if piece.outcome is Outcome.OK else f" [{piece.outcome.value}]"
    part = f" (part {number + 1} of {of})" if of > 1 else ""
    title = f"{piece.id} {piece.source} · {piece.tool}{state}{part}"
    if number:
        return [rich(paragraph(literal(title, bold=True)))]
    asked = ", ".join(f"{k}: {v if isinstance(v, str) else json.dumps(v)}" for k, v in piece.request.items())
    # A recording is read long after its own time, which beside its figures would only mislead.
    live = abs(piece.read_at - asked_at) < DAY
    notes = [f"read {piece.read_at:%Y-%m-%d %H:%M:%S} UTC"] if live else []
    notes += [clip(one_line(piece.summary), 400)]
    notes += [f"asked {clip(one_line(asked), 400)}"] if asked else []
    notes += [f"cut when it was read: {clip(one_line(piece.truncated), 200)}"] if piece.truncated else []
    return [rich(paragraph(literal(title, bold=True))), context(" · ".join(notes))]


def _body(piece: Evidence) -> str:
    if isinstance(piece.body, str):
        return piece.body or "(empty)"
    return "(nothing)" if piece.body is None else _laid_out(piece.body)


def _laid_out(value: Any, depth: int = 0, before: int = 0) -> str:
    """JSON as a person reads it: what fits on a line, a table's row for instance, stands on one."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or depth + before + len(line) <= LINE:
        return line
    inner = " " * (depth + 1)
    if isinstance(value, dict):
        entries = cast("dict[str, Any]", value)
        named = ((json.dumps(key, ensure_ascii=False), below) for key, below in entries.items())
        rows = [f"{inner}{key}: {_laid_out(below, depth + 1, len(key) + 2)}" for key, below in named]
    else:
        rows = [f"{inner}{_laid_out(below, depth + 1)}" for below in cast("list[Any]", value)]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n" + ",\n".join(rows) + f"\n{' ' * depth}{closing}"


def _parts(text: str) -> list[str]:
    """The text in pieces, broken at ends of lines where there are any."""
    parts: list[str] = []
    rest = text
    while len(rest) > PIECE:
        end = rest.rfind("\n", PIECE // 2, PIECE)
        end = end + 1 if end >= 0 else PIECE
        parts.append(rest[:end])
        rest = rest[end:]
    return [*parts, rest] if rest else parts
