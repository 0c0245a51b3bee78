"""The scene changes are held against: since when, where to look, and in which words the trouble speaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sre_advisor.model import Alert, LogLine, RankedService, SignalKind
from sre_advisor.triage.alerts import APART
from sre_advisor.triage.logs import group_logs, is_trouble, new_trouble
from sre_advisor.triage.movements import Seen, harms
from sre_advisor.triage.nouns import LogTemplate, Movement
from sre_advisor.triage.plain import PLAIN
from sre_advisor.triage.propagation import reach
from sre_advisor.triage.relevance import SYMPTOMS, Alarm
from sre_advisor.triage.words import telling_words

SKEW = timedelta(minutes=5)
"""Time by which the clocks of two sources may differ: what Kerberos and signed requests allow for."""
AS_FAR = 0.75
"""Share of the largest surprise from which a movement that is no symptom may date the onset."""
NEAR, FLOODS, RINGS = 0.4, 0.8, 0.8
"""Suspicion of a callee of the alerting service, of a caller of a suspect that is flooded with calls, and of an
alerting service that only suffers: of two changes that fit alike, the one where it began is the cause."""


def onset_of(
    moved: Sequence[Movement], ranked: Sequence[RankedService], alarm: Alarm, ringing: Sequence[Alert]
) -> datetime | None:
    """The earliest plain symptom of an alerting or the most suspect service, no later than the alert itself.

    What is no symptom (a queue, rows read) may date it earlier when it moved about as far as anything did, memory
    whenever it moved plainly, as it fills for hours before anything fails. Demand does when it breaks off, not when it
    rises: that it does every morning. Alerts that rang long before anything moved tell of something else: signals move
    first.
    """
    suspects = {r.name for r in ranked[:1]} | set(alarm.services)
    plain = [m for m in moved if m.score >= PLAIN and _dates(m)]
    plain = [m for m in plain if m.about in suspects] or plain
    top = max((m.score for m in plain), default=0.0)
    dating = SYMPTOMS | {SignalKind.MEMORY}
    told = [m.onset for m in plain if m.kind in dating or m.score >= AS_FAR * top]
    first = min((t for t in told if t is not None), default=None)
    rang = [a.started_at for a in ringing if first is None or first - a.started_at <= APART]
    return min([*rang, *([first] if first is not None else [])], default=None)


def rang_early(onset: datetime, ranked: Sequence[RankedService], moved: Sequence[Movement]) -> timedelta:
    """By how much the alert rang before the likeliest service showed anything: the clocks differ by so much, or nearly.

    At most SKEW, as what is not measured may have rung; a change made in between may then still be the cause.
    """
    signs = [m.onset for m in moved if m.plain and m.onset is not None and ranked and m.about == ranked[0].name]
    return min(max(min(signs, default=onset) - onset, timedelta(0)), SKEW)


def _dates(moved: Movement) -> bool:
    if moved.kind is SignalKind.TRAFFIC:
        return moved.plain and moved.direction == "down"
    return harms(moved.kind, moved.direction)


def onset_with_logs(
    onset: datetime, templates: tuple[LogTemplate, ...], logs: Sequence[LogLine], alarm: Alarm
) -> tuple[datetime, tuple[LogTemplate, ...]]:
    """The onset moved back to the first line of a troubled template that began within two samples before it."""
    near = onset - timedelta(seconds=2 * alarm.step)
    firsts = [t.first for t in templates if is_trouble(t.level) and near <= t.first < onset]
    if not firsts:
        return onset, templates
    return min(firsts), group_logs(logs, min(firsts))


def demand_of(services: Sequence[str], graph: Mapping[str, frozenset[str]], seen: Sequence[Seen]) -> set[str]:
    """Services at which demand comes in as far as one can see: no caller of theirs has traffic on record."""
    counted = {s.source.service for s in seen if s.kind is SignalKind.TRAFFIC and s.peer is None}
    inside = {callee for caller, called in graph.items() if caller in counted for callee in called}
    return set(services) - inside


def suspicion_of(
    ranked: Sequence[RankedService], moved: Sequence[Movement], alarm: Alarm, graph: Mapping[str, frozenset[str]]
) -> dict[str, float]:
    """How sure each service is a place to look, 0 to 1: the likeliest fully, the alerting nearly, others by score.

    What the alerting service calls may break it even when it shows nothing itself, and what calls a suspect may have
    changed how, so both keep a little; the callers of one whose traffic rose plainly keep more.
    """
    top = ranked[0].score if ranked else 1.0
    out = {r.name: min(1.0, r.score / top) if top > 0 else 0.0 for r in ranked}
    for name, hops in reach(graph, alarm.services).items():
        out[name] = max(out.get(name, 0.0), NEAR if hops else RINGS if ranked else 1.0)
    flooded = {m.service for m in moved if m.kind is SignalKind.TRAFFIC and m.direction == "up" and m.score >= PLAIN}
    hot = {s for s, weight in out.items() if weight >= NEAR}
    for caller, called in graph.items():
        if called & hot:
            out[caller] = max(out.get(caller, 0.0), FLOODS if called & hot & flooded else NEAR / 2)
    return out


def words_of(
    moved: Sequence[Movement],
    ranked: Sequence[RankedService],
    alarm: Alarm,
    ringing: Sequence[Alert],
    templates: Sequence[LogTemplate],
) -> frozenset[str]:
    """Telling words of the suspects' signals, the alerts and new troubled log lines, less the services' names."""
    suspects = {r.name for r in ranked[:3]} | set(alarm.services)
    texts = [m.signal for m in moved if m.service in suspects]
    texts += [a.name for a in ringing] + [v for a in ringing for v in a.annotations.values()]
    texts += [t.template for t in new_trouble(templates)]
    services = {w for r in ranked for w in telling_words(r.name)}
    return telling_words(" ".join(texts)) - services
