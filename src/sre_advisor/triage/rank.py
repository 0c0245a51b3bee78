"""The one entry point: everything read goes in, what it says comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from sre_advisor.model import Alert, Catalogue, Change, LogLine, RankedService, Series, SignalKind
from sre_advisor.triage import changes as change_ranking
from sre_advisor.triage.alerts import group_alerts, incident_alerts
from sre_advisor.triage.deviation import MOVED
from sre_advisor.triage.external import Outside, look_outside
from sre_advisor.triage.kinds import kind_of
from sre_advisor.triage.logs import group_logs, is_trouble, new_trouble
from sre_advisor.triage.movements import Seen, harms, look
from sre_advisor.triage.nouns import LogTemplate, Movement, Triage
from sre_advisor.triage.propagation import callees, reach
from sre_advisor.triage.relevance import SMEAR, SYMPTOMS, Alarm
from sre_advisor.triage.suspects import rank_services
from sre_advisor.triage.unseen import unseen_parts
from sre_advisor.triage.words import telling_words

RECENT_SHARE = 0.1
"""Share of the window taken as "now" when no alert says since when."""
NEAR, FLOODS = 0.4, 0.8
"""Suspicion of a callee of the alerting service, and of a caller of a suspect that is flooded with calls."""
AS_FAR = 0.75
"""Share of the largest surprise from which a movement that is no symptom may date the onset."""
PLAIN = 2 * MOVED
"""Surprise (about eight sigmas) from which a movement may date the onset of the incident."""


def triage(
    *,
    now: datetime,
    series: Sequence[Series],
    alerts: Sequence[Alert],
    changes: Sequence[Change],
    catalogue: Catalogue,
    logs: Sequence[LogLine] = (),
    asked_about: Sequence[str] = (),
) -> Triage:
    """Which service broke, since when, and which change explains it, as far as the evidence says; never raises on data.

    `asked_about` are services the question names; they count a little, because people name what hurts.
    """
    graph = callees(catalogue.graph)
    groups = group_alerts(alerts, graph)
    ringing = incident_alerts(alerts, groups, now, _around(asked_about, graph))
    services = _services(series, alerts, catalogue)
    anchor = _anchor(ringing, series, now)
    seen = look(series, services, anchor)
    graph = _with_observed(graph, seen)
    alarm = _alarm(ringing, asked_about, seen, anchor)
    ranked = rank_services(seen, services, graph, alarm, asked_about)
    moved = _moved(seen, ranked)
    onset = _onset(moved, ranked, alarm, ringing)
    templates = group_logs(logs, onset)
    if onset is not None:
        onset, templates = _onset_with_logs(onset, templates, logs, alarm)
    outside = look_outside(templates, ringing, seen, services, _demand(services, graph, seen))
    held: tuple[change_ranking.Held, ...] = ()
    if onset is not None and changes:
        scene = change_ranking.Scene(
            onset=onset,
            slack=timedelta(seconds=max(1.5 * alarm.step, SMEAR)),
            suspects=_suspicion(ranked, moved, alarm, graph),
            words=_words(moved, ranked, alarm, ringing, templates),
        )
        held = change_ranking.rank_changes([c for c in changes if c.at <= now], catalogue, scene)
    change, reason = _decide(held, outside, known=bool(changes), onset=onset)
    return Triage(
        onset=onset,
        services=ranked,
        moved=moved,
        changes=tuple(h.ranked for h in held),
        change=change,
        change_reason=reason,
        alert_story=groups,
        log_templates=templates,
        unseen=unseen_parts(seen, services, changes, catalogue, now),
        confidence_note=_note(ranked, moved, ringing),
    )


def _around(asked: Sequence[str], graph: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The services asked about and what they call: an alert on a callee is about the question, too."""
    return frozenset(reach(graph, asked))


def _services(series: Sequence[Series], alerts: Sequence[Alert], catalogue: Catalogue) -> list[str]:
    names = [s.name for s in catalogue.services]
    names += [n for edge in catalogue.graph for n in edge]
    names += [s.service for s in series]
    names += [a.service for a in alerts if a.service is not None]
    return list(dict.fromkeys(names))


def _anchor(ringing: Sequence[Alert], series: Sequence[Series], now: datetime) -> float:
    """Unix seconds of the first guess: the earliest of the incident's alerts, else the last tenth of the window."""
    starts = [float(np.nanmin(s.times)) for s in series if s.times.size and not s.offset and np.isfinite(s.times).any()]
    end = now.timestamp()
    first = min(starts, default=end)
    guess = end - RECENT_SHARE * max(end - first, 0.0)
    told = [a.started_at.timestamp() for a in ringing]
    # An alert older than the window dates something else, or leaves no baseline: then the last tenth is looked at.
    within = [t for t in told if first + 0.2 * (end - first) <= t <= end]
    return min(within, default=guess)


def _with_observed(graph: Mapping[str, frozenset[str]], seen: Sequence[Seen]) -> dict[str, frozenset[str]]:
    """The graph with the edges that series measured on an edge tell of."""
    out = dict(graph)
    for one in seen:
        if one.peer is None:
            continue
        caller, callee = (one.source.service, one.peer) if one.calls_peer else (one.peer, one.source.service)
        if caller not in out.get(callee, frozenset()):
            out[caller] = out.get(caller, frozenset()) | {callee}
    return out


def _alarm(ringing: Sequence[Alert], asked: Sequence[str], seen: Sequence[Seen], anchor: float) -> Alarm:
    services = tuple(dict.fromkeys(a.service for a in ringing if a.service is not None)) or tuple(asked)
    said = {v for a in ringing for k, v in a.labels.items() if k in {"metric", "signal", "__name__"}}
    own = [s for s in seen if s.source.service in services and s.peer is None]
    named = [s for s in own if s.source.name in said]
    moved = [s for s in own if s.moved and s.harm]
    moved.sort(key=lambda s: (s.kind not in SYMPTOMS, -(s.movement.score if s.movement else 0.0)))
    chosen = (named or moved or [None])[0]
    steps = [s.samples.step for s in seen if s.samples.step > 0]
    step = float(np.median(steps)) if steps else 60.0
    if chosen is None:
        return Alarm(services, None, "", anchor if ringing else None, None, step)
    onset = anchor
    if chosen.moved and chosen.movement is not None and chosen.movement.onset is not None:
        onset = min(anchor, chosen.movement.onset.timestamp())
    return Alarm(services, kind_of(chosen.source), chosen.source.name, onset, chosen.samples, step)


def _moved(seen: Sequence[Seen], ranked: Sequence[RankedService]) -> tuple[Movement, ...]:
    """What left its range: of the likeliest services first, hurtful before harmless, then by size."""
    place = {r.name: i for i, r in enumerate(ranked)}
    found = [s for s in seen if s.moved and s.movement is not None]

    def order(one: Seen) -> tuple[bool, int, float]:
        score = one.movement.score if one.movement else 0.0
        about = one.peer if one.calls_peer and one.peer else one.source.service
        return (not one.harm, place.get(about, len(place)), -score)

    return tuple(s.movement for s in sorted(found, key=order) if s.movement is not None)


def _onset(
    moved: Sequence[Movement], ranked: Sequence[RankedService], alarm: Alarm, ringing: Sequence[Alert]
) -> datetime | None:
    """The earliest plain symptom of an alerting or the most suspect service, no later than the alert itself.

    What is no symptom (a queue, rows read) may date it earlier when it moved about as far as anything did, memory
    whenever it moved plainly, as it fills for hours before anything fails. Demand does not: it rises every morning.
    """
    suspects = {r.name for r in ranked[:1]} | set(alarm.services)
    plain = [m for m in moved if m.score >= PLAIN and m.kind is not SignalKind.TRAFFIC and harms(m.kind, m.direction)]
    plain = [m for m in plain if (m.peer or m.service) in suspects] or plain
    top = max((m.score for m in plain), default=0.0)
    dating = SYMPTOMS | {SignalKind.MEMORY}
    told = [m.onset for m in plain if m.kind in dating or m.score >= AS_FAR * top]
    return min([t for t in told if t is not None] + [a.started_at for a in ringing], default=None)


def _onset_with_logs(
    onset: datetime, templates: tuple[LogTemplate, ...], logs: Sequence[LogLine], alarm: Alarm
) -> tuple[datetime, tuple[LogTemplate, ...]]:
    """The onset moved back to the first line of a troubled template that began within two samples before it."""
    near = onset - timedelta(seconds=2 * alarm.step)
    firsts = [t.first for t in templates if is_trouble(t.level) and near <= t.first < onset]
    if not firsts:
        return onset, templates
    return min(firsts), group_logs(logs, min(firsts))


def _demand(services: Sequence[str], graph: Mapping[str, frozenset[str]], seen: Sequence[Seen]) -> set[str]:
    """Services at which demand comes in as far as one can see: no caller of theirs has traffic on record."""
    counted = {s.source.service for s in seen if s.kind is SignalKind.TRAFFIC and s.peer is None}
    inside = {callee for caller, called in graph.items() if caller in counted for callee in called}
    return set(services) - inside


def _suspicion(
    ranked: Sequence[RankedService], moved: Sequence[Movement], alarm: Alarm, graph: Mapping[str, frozenset[str]]
) -> dict[str, float]:
    """How sure each service is a place to look, 0 to 1: the alerting and the likeliest fully, others by their score.

    What the alerting service calls may break it even when it shows nothing itself, and what calls a suspect may have
    changed how, so both keep a little; the callers of one whose traffic rose plainly keep more.
    """
    top = ranked[0].score if ranked else 1.0
    out = {r.name: min(1.0, r.score / top) if top > 0 else 0.0 for r in ranked}
    for name, hops in reach(graph, alarm.services).items():
        out[name] = max(out.get(name, 0.0), 1.0 if hops == 0 else NEAR)
    flooded = {m.service for m in moved if m.kind is SignalKind.TRAFFIC and m.direction == "up" and m.score >= PLAIN}
    hot = {s for s, weight in out.items() if weight >= NEAR}
    for caller, called in graph.items():
        if called & hot:
            out[caller] = max(out.get(caller, 0.0), FLOODS if called & hot & flooded else NEAR / 2)
    return out


def _words(
    moved: Sequence[Movement],
    ranked: Sequence[RankedService],
    alarm: Alarm,
    ringing: Sequence[Alert],
    templates: Sequence[LogTemplate],
) -> frozenset[str]:
    suspects = {r.name for r in ranked[:3]} | set(alarm.services)
    texts = [m.signal for m in moved if m.service in suspects]
    texts += [a.name for a in ringing] + [v for a in ringing for v in a.annotations.values()]
    texts += [t.template for t in new_trouble(templates)]
    services = {w for r in ranked for w in telling_words(r.name)}
    return telling_words(" ".join(texts)) - services


def _decide(
    held: Sequence[change_ranking.Held], outside: Outside | None, *, known: bool, onset: datetime | None
) -> tuple[str | None, str]:
    """The change to name: the best that scores enough, and when the evidence points outside, has a mechanism too."""
    if not known or onset is None or not held:
        return None, "no changes are known" if not known else "nothing shows when it began"
    enough = [h for h in held if h.ranked.score >= change_ranking.ENOUGH]
    if outside is not None:
        enough = [h for h in enough if h.power >= change_ranking.MECHANISM]
    if enough:
        return enough[0].ranked.id, "; ".join(enough[0].ranked.reasons)
    if outside is not None:
        return "none", f"{outside.reason}, and no change explains that"
    return "none", "no change in the suspect services shortly before the onset could have done it"


def _note(ranked: Sequence[RankedService], moved: Sequence[Movement], ringing: Sequence[Alert]) -> str:
    if not moved:
        return "nothing left its usual range" if ranked else "there is not enough data to rank anything"
    if len(ranked) > 1 and ranked[1].score > 0.8 * ranked[0].score:
        return f"{ranked[0].name} and {ranked[1].name} are close"
    return "" if ringing else "no alert says since when; the last stretch was held against what went before"
