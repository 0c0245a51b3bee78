"""The first look's figures as a body of evidence: what each line of it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import JsonValue

from sre_advisor.investigate.words import clock, figure, shorten, stretch
from sre_advisor.model import Change, RankedChange, RankedService
from sre_advisor.triage import LogTemplate, Movement, Triage

SERVICES, MOVEMENTS, CHANGES, TEMPLATES = 8, 12, 8, 6
"""How many of each a reader, human or model, gets: beyond that a ranking says little."""


def triage_body(found: Triage, changes: Sequence[Change], now: datetime) -> JsonValue:
    """Onset, suspects, movements, changes, new log lines and gaps, bounded, with times in UTC."""
    by_id = {c.id: c for c in changes}
    return {
        "onset": clock(found.onset, now) if found.onset else None,
        "services": [_service(s, now) for s in found.services[:SERVICES]],
        "moved": [movement_words(m, now) for m in found.moved[:MOVEMENTS]],
        "changes": [_change(c, by_id.get(c.id), found.onset, now) for c in found.changes[:CHANGES]],
        "change": found.change,
        "change_reason": found.change_reason,
        "alerts": [group.story for group in found.alert_story],
        "log_lines": [_template(t, now) for t in found.log_templates[:TEMPLATES]],
        "not_seen": list(found.unseen),
        "note": found.confidence_note,
    }


def movement_words(moved: Movement, now: datetime) -> str:
    """One movement as a sentence."""
    verb = "rose" if moved.direction == "up" else "fell"
    peer = f" (towards {moved.peer})" if moved.peer else ""
    since = f" from {clock(moved.onset, now)} on" if moved.onset else ""
    before, after = figure(moved.before, moved.unit), figure(moved.now, moved.unit)
    return f"{moved.service}{peer} {moved.signal} {verb} from {before} to {after}{since}"


def change_title(change: Change, now: datetime) -> str:
    """One change as a phrase: what, where, when, by whom."""
    where = f" of {change.service}" if change.service else ""
    author = f" by {change.author}" if change.author else ""
    name = change.id[:12] if change.kind == "commit" else change.id
    return f"{change.kind} {name}{where} “{shorten(change.summary, 90)}”{author} at {clock(change.at, now)}"


def _service(ranked: RankedService, now: datetime) -> JsonValue:
    onset = clock(ranked.onset, now) if ranked.onset else None
    return {"service": ranked.name, "onset": onset, "score": round(ranked.score, 3), "why": list(ranked.reasons[:4])}


def _change(ranked: RankedChange, change: Change | None, onset: datetime | None, now: datetime) -> JsonValue:
    if change is None:
        return {"id": ranked.id}
    lag = None
    if onset is not None:
        lag = f"{stretch(onset - change.at)} {'before' if change.at <= onset else 'after'} the onset"
    return {
        "id": ranked.id,
        "what": change_title(change, now),
        "commit": change.commit,
        "when": lag,
        "files": list(change.files[:6]),
        "for": list(ranked.reasons[:4]),
        "against": list(ranked.doubts[:4]),
    }


def _template(seen: LogTemplate, now: datetime) -> JsonValue:
    return {
        "service": seen.service,
        "level": seen.level,
        "line": shorten(seen.example, 240),
        "before": seen.before,
        "since": seen.since,
        "first": clock(seen.first, now),
    }
