"""The one entry point: everything read goes in, what it says comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import numpy as np

from sre_advisor.model import Alert, Catalogue, Change, LogLine, RankedService, Series
from sre_advisor.triage import changes as change_ranking
from sre_advisor.triage.alerts import group_alerts, incident_alerts
from sre_advisor.triage.external import Outside, look_outside
from sre_advisor.triage.gone import ended, gone
from sre_advisor.triage.kinds import kind_of
from sre_advisor.triage.logs import group_logs
from sre_advisor.triage.movements import Seen, look
from sre_advisor.triage.nouns import Movement, Triage
from sre_advisor.triage.propagation import callees, reach
from sre_advisor.triage.relevance import SMEAR, SYMPTOMS, Alarm
from sre_advisor.triage.scene import demand_of, onset_of, onset_with_logs, rang_early, suspicion_of, words_of
from sre_advisor.triage.suspects import rank_services
from sre_advisor.triage.unseen import unseen_parts

RECENT_SHARE = 0.1
"""Share of the window taken as "now" when no alert says since when."""


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

    `asked_about` are services the question names: they choose which alerts it is about, never who is to blame, because
    people name what hurts.
    """
    graph = callees(catalogue.graph)
    groups = group_alerts(alerts, graph)
    ringing = incident_alerts(alerts, groups, now, _around(asked_about, graph))
    services = _services(series, alerts, catalogue)
    anchor = _anchor(ringing, series, now)
    seen = look(series, services, anchor)
    seen += gone(seen)
    graph = _with_observed(graph, seen)
    alarm = _alarm(ringing, asked_about, seen, anchor)
    ranked = rank_services(seen, services, graph, alarm) if _stands_out(seen, ringing) else ()
    moved = _moved(seen, ranked, anchored=bool(ringing))
    if not ringing:
        # An alert lends weight to weak evidence; without one, a ranking of noise would be an alarm of our own making.
        ranked = tuple(r for r in ranked if any(r.name == m.about for m in moved))
    judged = any(s.judged and s.samples.times.size and not ended(s.samples, now.timestamp()) for s in seen)
    compared = judged and bool(ranked or _told(ringing, series, now) or not ringing)
    onset = onset_of(moved, ranked, alarm, ringing)
    templates = group_logs(logs, onset)
    if onset is not None:
        onset, templates = onset_with_logs(onset, templates, logs, alarm)
    outside = look_outside(templates, ringing, seen, services, demand_of(services, graph, seen))
    held: tuple[change_ranking.Held, ...] = ()
    if onset is not None and changes:
        scene = change_ranking.Scene(
            onset=onset,
            slack=timedelta(seconds=max(1.5 * alarm.step, SMEAR)) + rang_early(onset, ranked, moved),
            suspects=suspicion_of(ranked, moved, alarm, graph),
            words=words_of(moved, ranked, alarm, ringing, templates),
            located=compared,
        )
        held = change_ranking.rank_changes([c for c in changes if c.at <= now], catalogue, scene)
    change, reason = _decide(held, outside, known=bool(changes), onset=onset, compared=compared)
    return Triage(
        onset=onset,
        services=ranked,
        moved=moved,
        changes=tuple(h.ranked for h in held),
        change=change,
        change_reason=reason,
        alert_story=groups,
        log_templates=templates,
        unseen=unseen_parts(seen, services, changes, alerts, catalogue, now),
        confidence_note=_note(ranked, ringing, moved, judged=judged),
        judged=judged,
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
    end = now.timestamp()
    guess = end - RECENT_SHARE * max(end - _first(series, end), 0.0)
    return min(_told(ringing, series, now), default=guess)


def _told(ringing: Sequence[Alert], series: Sequence[Series], now: datetime) -> list[float]:
    """Starts of alerts (unix seconds) with a baseline before them; an older one dates something else, or nothing."""
    end = now.timestamp()
    first = _first(series, end)
    return [t for a in ringing if first + 0.2 * (end - first) <= (t := a.started_at.timestamp()) <= end]


def _first(series: Sequence[Series], end: float) -> float:
    starts = [float(np.nanmin(s.times)) for s in series if s.times.size and not s.offset and np.isfinite(s.times).any()]
    return min(starts, default=end)


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


def _moved(seen: Sequence[Seen], ranked: Sequence[RankedService], *, anchored: bool) -> tuple[Movement, ...]:
    """What left its range: of the likeliest services first, hurtful before harmless, then by size.

    Where no alert anchors the look, what is not plain is left out: among many series some leave theirs by chance.
    """
    place = {r.name: i for i, r in enumerate(ranked)}
    found = [s for s in seen if s.movement is not None and (s.moved if anchored else s.plain)]

    def order(one: Seen) -> tuple[bool, int, float]:
        score = one.movement.score if one.movement else 0.0
        about = one.peer if one.calls_peer and one.peer else one.source.service
        return (not one.harm, place.get(about, len(place)), -score)

    return tuple(s.movement for s in sorted(found, key=order) if s.movement is not None)


def _decide(
    held: Sequence[change_ranking.Held], outside: Outside | None, *, known: bool, onset: datetime | None, compared: bool
) -> tuple[str | None, str]:
    """The change to name: the best that scores enough, and when the evidence points outside, has a mechanism too.

    Where signals could not be `compared` with what was before, nobody knows where to look, and none is cleared.
    """
    if not known or onset is None or not held:
        return None, "no changes are known" if not known else "nothing shows when it began"
    enough = [h for h in held if h.ranked.score >= change_ranking.ENOUGH]
    if outside is not None:
        enough = [h for h in enough if h.power >= change_ranking.MECHANISM]
    if enough:
        return enough[0].ranked.id, "; ".join(enough[0].ranked.reasons)
    if outside is not None:
        return "none", f"{outside.reason}, and no change explains that"
    if not compared:
        return None, "there is too little data from before it began to say where, so no change is cleared"
    return "none", "no change in the suspect services shortly before the onset could have done it"


def _stands_out(seen: Sequence[Seen], ringing: Sequence[Alert]) -> bool:
    """Whether anything harmful left its range; plainly so when nothing rings, as among many some do by chance."""
    return any(s.moved and s.harm if ringing else s.plain for s in seen)


def _note(ranked: Sequence[RankedService], ringing: Sequence[Alert], moved: Sequence[Movement], *, judged: bool) -> str:
    if not ranked:
        return "nothing stands out" if judged else "there is not enough data to rank anything"
    if not any(m.plain and m.about == ranked[0].name for m in moved):
        return f"weak: an alert fires, but no movement in {ranked[0].name} is plainly more than noise"
    if len(ranked) > 1 and ranked[1].score > 0.8 * ranked[0].score:
        return f"{ranked[0].name} and {ranked[1].name} are close"
    return "" if ringing else "no alert says since when; the last stretch was held against what went before"
