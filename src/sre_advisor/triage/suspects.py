"""Services ranked by how likely the trouble began there, with the reasons in words and figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sre_advisor.model import RankedService, SignalKind
from sre_advisor.triage.deviation import MOVED
from sre_advisor.triage.movements import Seen
from sre_advisor.triage.nouns import Movement
from sre_advisor.triage.precedence import own_part_without_graph
from sre_advisor.triage.propagation import Graph, Shown, own_part, reach
from sre_advisor.triage.relevance import RESOURCES, SMEAR, SYMPTOMS, Alarm, relevance

ENOUGH_HARM = 0.2
"""Share of the alarm's harm below which a service's own becomes too small to be the cause of it."""
OUT_OF_REACH = 0.5
"""Weight of a service that the alarming one does not call, however many calls down: the graph may have gaps."""
BREADTH = 0.2
"""Share at which further kinds of evidence add to the strongest one."""
VICTIM_OF_CALLEE = "what it shows, a service it calls shows as well, so it looks like a victim"
VICTIM_OF_FORERUNNER = "another service showed the same sooner and more, so it looks like a victim"
VICTIM = 0.6
"""Share of its symptoms left to a service, after what its callees explain, below which it is called a victim."""


@dataclass(slots=True)
class _Case:
    """Evidence against one service while it is being gathered."""

    shown: Shown = field(default_factory=Shown)
    resource: float = 0.0
    rest: float = 0.0
    best: dict[str, tuple[float, Movement]] = field(default_factory=dict[str, tuple[float, Movement]])

    def note(self, sort: str, weight: float, movement: Movement) -> None:
        if weight > self.best.get(sort, (0.0, movement))[0]:
            self.best[sort] = (weight, movement)


def rank_services(
    seen: Sequence[Seen], services: Sequence[str], graph: Graph, alarm: Alarm
) -> tuple[RankedService, ...]:
    """All services with anything to go by, likeliest origin first; nothing when nothing left its range."""
    cases = {s: _Case() for s in services}
    traffic = usual_traffic(seen)
    for one in seen:
        _gather(one, cases, alarm, traffic)
    shown = {s: c.shown for s, c in cases.items()}
    tolerance = max(2 * alarm.step, SMEAR)
    own = own_part(shown, graph, tolerance) if graph else own_part_without_graph(shown, alarm.step)
    hops = reach(graph, [s for s in alarm.services if s in cases])
    scored: list[tuple[float, str]] = []
    for name, case in cases.items():
        score = _total(case, own[name] * _bears(name, shown, alarm))
        scored.append((score * (OUT_OF_REACH if graph and hops and name not in hops else 1.0), name))
    scored.sort(key=lambda x: (-x[0], shown[x[1]].onset, x[1]))
    why = VICTIM_OF_CALLEE if graph else VICTIM_OF_FORERUNNER
    return tuple(_said(score, s, cases[s], own[s], hops, why) for score, s in scored if score >= 0.01)


def usual_traffic(seen: Sequence[Seen]) -> dict[str, float]:
    """Requests per sample of each service, by the traffic signal most services carry; empty when none has one."""
    carried: dict[str, dict[str, float]] = {}
    for one in seen:
        if one.kind is SignalKind.TRAFFIC and one.peer is None and one.samples.values.size:
            level = one.movement.before if one.movement else float(one.samples.values.mean())
            carried.setdefault(one.source.name, {})[one.source.service] = max(level, 0.0)
    return max(carried.values(), key=len, default={})


def _gather(one: Seen, cases: dict[str, _Case], alarm: Alarm, traffic: Mapping[str, float]) -> None:
    movement = one.movement
    if one.calm and one.kind in SYMPTOMS and one.source.service in cases:
        # Looked at and found calm: that is known, unlike what nobody measures.
        cases[one.source.service].shown.of(one.kind).known.add(one.source.name)
    if movement is None or one.source.service not in cases or movement.onset is None:
        return
    weight = movement.score * relevance(one, alarm)
    to_peer = one.peer is not None and one.calls_peer
    service = one.peer if to_peer and one.peer is not None else one.source.service
    case = cases.get(service)
    if case is None or (to_peer and one.kind not in SYMPTOMS):
        return
    if one.outbound and not to_peer:
        case.rest = max(case.rest, weight * 0.5)
        case.note("outbound", weight * 0.5, movement)
    elif one.kind in SYMPTOMS:
        _symptom(one, case, weight, to_peer=to_peer, requests=traffic.get(service, 1.0 if not traffic else 0.0))
    elif one.kind in RESOURCES:
        case.resource = max(case.resource, weight)
        case.note("resource", weight, movement)
    else:
        case.rest = max(case.rest, weight)
        case.note("rest", weight, movement)


def _symptom(one: Seen, case: _Case, weight: float, *, to_peer: bool, requests: float) -> None:
    movement = one.movement
    if movement is None or movement.onset is None:
        return
    symptom = case.shown.of(one.kind)
    symptom.size = max(symptom.size, weight)
    if one.moved and one.harm:
        symptom.onset = min(symptom.onset, max(one.began, movement.onset.timestamp()))
        symptom.began = min(symptom.began, one.began)
    if to_peer:
        caller = one.source.service
        symptom.views[caller] = max(symptom.views.get(caller, 0.0), weight if one.moved and one.harm else 0.0)
    else:
        symptom.known.add(one.source.name)
        if one.moved and one.harm:
            symptom.harm[one.source.name] = abs(one.excess) * requests
            symptom.excess[one.source.name] = abs(one.excess)
    case.note("seen by its callers" if to_peer else movement.kind.value, weight, movement)


def _bears(service: str, shown: Mapping[str, Shown], alarm: Alarm) -> float:
    """How much of the alarm's harm the service can account for, by the alarm's own signal: 1 when enough or unknown."""
    theirs = shown[service]
    for ours in (shown[name] for name in alarm.services if name in shown):
        for mine, other in ((ours.failing, theirs.failing), (ours.slow, theirs.slow)):
            whole = mine.harm.get(alarm.signal, 0.0)
            if whole > 0 and alarm.signal in other.known and not any(other.views.values()):
                return min(1.0, other.harm.get(alarm.signal, 0.0) / (ENOUGH_HARM * whole)) ** 0.5
    return 1.0


def _total(case: _Case, own: float) -> float:
    parts = sorted((own, case.resource, case.rest), reverse=True)
    return parts[0] + BREADTH * sum(parts[1:])


def _said(score: float, service: str, case: _Case, own: float, hops: Mapping[str, int], victim: str) -> RankedService:
    reasons = [describe(m) for _, m in sorted(case.best.values(), key=lambda b: -b[0]) if m.score > MOVED][:3]
    if case.shown.size > MOVED and own < VICTIM * case.shown.size:
        reasons.append(victim)
    if hops.get(service, 0) > 0:
        reasons.append(f"{hops[service]} call{'s' if hops[service] > 1 else ''} below the alerting service")
    # Demand and cpu drift through the day; what dates the trouble is its symptoms, or else what speaks loudest.
    moved = sorted((b for b in case.best.values() if b[1].score > MOVED), key=lambda b: -b[0])
    symptoms = [m.onset for _, m in moved if m.kind in SYMPTOMS and m.onset is not None]
    onset = min(symptoms, default=moved[0][1].onset if moved else None)
    return RankedService(name=service, score=round(score, 2), reasons=tuple(reasons), onset=onset)


def describe(movement: Movement) -> str:
    """One movement in words: what, from where to where, since when."""
    if movement.gone:
        return f"went dark at {movement.onset:%H:%M:%S}Z: no signal has a sample since"
    unit = f" {movement.unit}" if movement.unit else ""
    since = f" since {movement.onset:%H:%M:%S}Z" if movement.onset else ""
    of = f" ({movement.service}'s view of {movement.peer})" if movement.peer else ""
    return f"{movement.signal}{of} {movement.direction} from {movement.before:.4g} to {movement.now:.4g}{unit}{since}"
