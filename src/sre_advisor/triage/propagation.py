"""Who broke and who only suffers: a symptom that a callee also shows, as large and no later, is the callee's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Graph = Mapping[str, frozenset[str]]
"""Service to the services it calls."""

PASSED_ON = 0.85
"""Share of a symptom that is put down to a callee which shows it in full; the rest stays, as graphs have gaps."""


def callees(edges: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """The graph as callees of each service; self-calls say nothing and are left out."""
    out: dict[str, set[str]] = {}
    for caller, callee in edges:
        if caller != callee:
            out.setdefault(caller, set()).add(callee)
    return {k: frozenset(v) for k, v in out.items()}


def reach(graph: Graph, starts: Sequence[str]) -> dict[str, int]:
    """Number of calls from the nearest of `starts` down to each service that can be reached."""
    hops = dict.fromkeys(starts, 0)
    edge = list(starts)
    while edge:
        following = [c for s in edge for c in graph.get(s, frozenset()) if c not in hops]
        hops.update({c: min(hops[s] for s in edge if c in graph.get(s, frozenset())) + 1 for c in following})
        edge = list(dict.fromkeys(following))
    return hops


def own_part(symptom: Mapping[str, float], onset: Mapping[str, float], graph: Graph, tolerance: float) -> dict[str, float]:
    """What remains of each service's symptom after its callees' share.

    own(s) = symptom(s) * (1 - PASSED_ON * min(1, max over callees c of symptom(c) / symptom(s))), counting only callees
    whose symptom began no later than the caller's plus `tolerance` seconds (sampling puts the two in either order).
    """
    own: dict[str, float] = {}
    for service, size in symptom.items():
        shares = [
            symptom[c] / size
            for c in graph.get(service, frozenset())
            if symptom.get(c, 0.0) > 0 < size and onset.get(c, 0.0) <= onset.get(service, 0.0) + tolerance
        ]
        own[service] = size * (1.0 - PASSED_ON * min(1.0, max(shares, default=0.0)))
    return own
