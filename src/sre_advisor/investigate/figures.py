"""The first look's figures as a body of evidence: what each line of it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from pydantic import JsonValue

from sre_advisor.advisors.words import clock, figure, mentions, shorten, signal_words, span, stretch
from sre_advisor.investigate.kinship import Kinship, Relation, kinship, place_of
from sre_advisor.model import Alert, AlertState, Catalogue, Change, RankedChange, RankedService
from sre_advisor.triage import LogTemplate, Movement, Triage

SERVICES, MOVEMENTS, CHANGES, TEMPLATES, ALERTS = 8, 12, 8, 6, 20
"""How many of each a reader, human or model, gets: beyond that a ranking says little."""
MARGIN = timedelta(minutes=5)
"""A signal that moved longer than this before the onset moved for a reason of its own."""
SHA = 10
"""Characters of a commit's name that people are shown."""


def triage_body(
    found: Triage, changes: Sequence[Change], alerts: Sequence[Alert], catalogue: Catalogue, now: datetime
) -> JsonValue:
    """Onset, suspects, movements, changes, alerts, new log lines and gaps, bounded, with times in UTC."""
    by_id = {c.id: c for c in changes}
    kin = kinship(found, by_id, catalogue)
    return {
        "onset": clock(found.onset, now) if found.onset else None,
        "services": [_service(s, kin, now) for s in found.services[:SERVICES]],
        "moved": [_movement(m, found.onset, now) for m in found.moved[:MOVEMENTS]],
        "changes": [_change(c, by_id, found.onset, now) for c in found.changes[:CHANGES]],
        "change": found.change,
        "change_reason": found.change_reason,
        "alerts": [_alert(a, kin, found.onset, now) for a in alerts if a.state is not AlertState.RESOLVED][:ALERTS],
        "alert_groups": [group.story for group in found.alert_story],
        "log_lines": [_template(t, now) for t in found.log_templates[:TEMPLATES]],
        "not_seen": list(found.unseen),
        "note": found.confidence_note,
    }


def movement_words(moved: Movement, now: datetime) -> str:
    """One movement as a sentence."""
    if moved.gone:
        when = clock(moved.onset, now) if moved.onset else "an unknown time"
        return f"{moved.service} went dark at {when}: none of its signals has a sample since"
    verb = "rose" if moved.direction == "up" else "fell"
    peer = f" (towards {moved.peer})" if moved.peer else ""
    since = f" since {clock(moved.onset, now)}" if moved.onset else ""
    name = signal_words(moved.signal, moved.unit)
    # A counter only ever grows: what moved is how much it grows from one sample to the next.
    counted = f" (increase per {_step(moved.per)})" if moved.per else ""
    back = f", back to about {figure(moved.before, moved.unit)} since {clock(moved.back, now)}" if moved.back else ""
    return f"{moved.service}{peer} {name}{counted} {verb} {span(moved.before, moved.now, moved.unit)}{since}{back}"


def _step(seconds: float) -> str:
    return "minute" if seconds == 60 else stretch(timedelta(seconds=seconds))


def change_title(change: Change, now: datetime, live: datetime | None = None) -> str:
    """One change as a phrase: what, where, by whom, when; `live` is when a deploy brought it to users."""
    told = f"{change.id} {change.summary}"
    where = f" of {change.service}" if change.service and not mentions(told, change.service) else ""
    when = [change.author, clock(change.at, now, exact=False)]
    when += [f"live {clock(live, now, exact=False)}"] if live is not None else []
    return f"{_name(change)}{where} ({', '.join(w for w in when if w)})"


def live_at(change: Change, changes: Sequence[Change]) -> datetime | None:
    """When a deploy first shipped a commit; None when no deploy on record says so."""
    return min((c.at for c in changes if c.commit and c.commit == change.id), default=None)


def _name(change: Change) -> str:
    said = shorten(change.summary, 70)
    if change.kind == "commit":
        return f"commit {change.id[:SHA]} “{said}”"
    if said.casefold().startswith(change.kind):
        return said
    name = change.id if change.id.casefold().startswith(change.kind) else f"{change.kind} {change.id}"
    return f"{name} “{said}”"


def _service(ranked: RankedService, kin: Kinship, now: datetime) -> JsonValue:
    return {
        "service": ranked.name,
        "stands": kin.of(ranked.name).value,
        "onset": clock(ranked.onset, now) if ranked.onset else None,
        "score": round(ranked.score, 3),
        "why": list(ranked.reasons[:4]),
    }


def near_onset(moved: Movement, onset: datetime | None) -> bool:
    """Whether a movement began with the trouble or after it, rather than long before."""
    return onset is None or (moved.onset is not None and moved.onset >= onset - MARGIN)


def _movement(moved: Movement, onset: datetime | None, now: datetime) -> JsonValue:
    return {
        "service": moved.service,
        "about": moved.about,
        "signal": moved.signal,
        "kind": moved.kind.value,
        "what": movement_words(moved, now),
        "since": moved.onset.isoformat() if moved.onset else None,
        "near": near_onset(moved, onset),
        "gone": moved.gone,
    }


def _change(ranked: RankedChange, known: dict[str, Change], onset: datetime | None, now: datetime) -> JsonValue:
    change = known.get(ranked.id)
    if change is None:
        return {"id": ranked.id}
    live = live_at(change, tuple(known.values()))
    effective = live or change.at
    lag = None
    if onset is not None:
        lag = f"{stretch(onset - effective)} {'before' if effective <= onset else 'after'} the onset"
    return {
        "id": ranked.id,
        "what": change_title(change, now, live),
        "service": place_of(change, known.values()),
        "when": lag,
        "files": list(change.files[:6]),
        "for": list(ranked.reasons[:4]),
        "against": list(ranked.doubts[:4]),
    }


def _alert(alert: Alert, kin: Kinship, onset: datetime | None, now: datetime) -> JsonValue:
    stands = kin.of(alert.service)
    lag = ""
    if onset is not None:
        lag = f", {stretch(onset - alert.started_at)} {'before' if alert.started_at <= onset else 'after'} the onset"
    apart = f"; {alert.service} neither calls {kin.origin} nor is called by it" if stands is Relation.APART else ""
    on = f" on {alert.service}" if alert.service else ""
    return {
        "alert": alert.name,
        "service": alert.service,
        "stands": stands.value,
        "what": f"{alert.name}{on} {alert.state.value} since {clock(alert.started_at, now, exact=False)}{lag}{apart}",
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
