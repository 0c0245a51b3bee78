"""Who broke and who only suffers: a symptom that a callee also shows, as large and no later, is the callee's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import isinf

from sre_advisor.model import SignalKind
from sre_advisor.triage.deviation import FAILING

Graph = Mapping[str, frozenset[str]]
"""Service to the services it calls."""

PASSED_ON = 0.85
"""Share of a symptom that is put down to a callee which shows it in full; the rest stays, as graphs have gaps."""
ACROSS = 0.7
"""Share of failures that may be put down to a slow callee (timeouts), or of slowness to a failing one (retries)."""
TRUST = 0.5
"""Exponent of the harm a callee shows as a share of its caller's: quantiles are not sums and a retry counts twice, so a
callee with a quarter of the harm may still be behind half of it; one with a hundredth is not."""
MIRROR = 0.5
"""Least size, relative to an endpoint's, of a neighbour's symptom for the endpoint to be its mirror image."""


@dataclass(slots=True)
class Symptom:
    """What one service shows of one sort (failing, or slow): how surprising, since when, and how much harm by signal.

    Harm is the excess in the signal's own unit times the requests it falls on; only equal signals are compared.
    `excess` is the same per request. `onset` is the first sample outside, `began` the foot of the rise between samples.
    `views` is how surprising each caller finds it, from series measured on that edge.
    """

    size: float = 0.0
    onset: float = float("inf")
    began: float = float("inf")
    harm: dict[str, float] = field(default_factory=dict[str, float])
    excess: dict[str, float] = field(default_factory=dict[str, float])
    known: set[str] = field(default_factory=set[str])
    views: dict[str, float] = field(default_factory=dict[str, float])


@dataclass(slots=True)
class Shown:
    """Both sorts of symptom of one service."""

    failing: Symptom = field(default_factory=Symptom)
    slow: Symptom = field(default_factory=Symptom)

    def of(self, kind: SignalKind) -> Symptom:
        """The sort of symptom that a signal of this kind tells of."""
        return self.failing if kind in FAILING else self.slow

    @property
    def size(self) -> float:
        """The more surprising of the two."""
        return max(self.failing.size, self.slow.size)

    @property
    def onset(self) -> float:
        """The earlier of the two."""
        return min(self.failing.onset, self.slow.onset)


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
    edge, depth = list(dict.fromkeys(starts)), 0
    while edge:
        depth += 1
        edge = list(dict.fromkeys(c for s in edge for c in graph.get(s, frozenset()) if c not in hops))
        hops.update(dict.fromkeys(edge, depth))
    return hops


def own_part(shown: Mapping[str, Shown], graph: Graph, tolerance: float) -> dict[str, float]:
    """What remains of each service's symptoms after its callees' share.

    own = size * (1 - PASSED_ON * share), where share is the largest that any one callee explains, if its symptom began
    no later than the caller's plus `tolerance` seconds (sampling puts the two in either order). For signals both
    carry, the share follows from conservation: the time a caller loses is the time its callees lose, its failures are
    theirs. So a callee with hardly any requests explains nothing, however surprising it looks.
    """
    edges = with_mirrors(shown, graph, tolerance)
    out: dict[str, float] = {}
    for service, mine in shown.items():
        slow = failing = 0.0
        for theirs in (shown[c] for c in edges.get(service, frozenset()) if c in shown):
            one = _both(service, mine, theirs, tolerance)
            slow, failing = max(slow, one[0]), max(failing, one[1])
        out[service] = max(mine.slow.size * (1 - PASSED_ON * slow), mine.failing.size * (1 - PASSED_ON * failing))
    return out


def _both(caller: str, mine: Shown, theirs: Shown, tolerance: float) -> tuple[float, float]:
    """The shares of the caller's slowness and of its failures that one callee explains.

    Failures may be timeouts on a slow callee, if the caller is slow as well or nobody measures whether it is; slowness
    may be retries on a failing callee, if nobody measures the caller's failures.
    """
    slow = _share(caller, mine.slow, theirs.slow, tolerance)
    failing = _share(caller, mine.failing, theirs.failing, tolerance)
    through = 0.0 if isinf(mine.slow.onset) else slow
    if not mine.slow.known:
        through = _share(caller, mine.failing, theirs.slow, tolerance)
    retried = 0.0 if mine.failing.known else _share(caller, mine.slow, theirs.failing, tolerance)
    return max(slow, ACROSS * retried), max(failing, ACROSS * through)


def _share(caller: str, mine: Symptom, theirs: Symptom, tolerance: float) -> float:
    if mine.size <= 0 or theirs.size <= 0 or isinf(theirs.onset) or theirs.onset > mine.onset + tolerance:
        return 0.0
    common = [s for s in mine.harm if s in theirs.known and mine.harm[s] > 0]
    viewed = theirs.views.get(caller, 0.0) / mine.size
    if common:
        conserved = max(theirs.harm.get(s, 0.0) / mine.harm[s] for s in common)
        return min(1.0, max(viewed, conserved**TRUST))
    return min(1.0, max(viewed, theirs.size / mine.size))


def with_mirrors(shown: Mapping[str, Shown], graph: Graph, tolerance: float) -> dict[str, frozenset[str]]:
    """The graph with an edge from an endpoint that calls nothing to the neighbour whose trouble it mirrors.

    Tracing shows a load balancer or host name as a callee beside the service behind it, without an edge between the
    two. When a caller has both a callee that calls nothing and one that calls others, both show the same harm, and
    the latter does not depend on the former, then the former only reflects it.
    """
    edges = dict(graph)
    for neighbours in graph.values():
        for leaf in neighbours:
            if graph.get(leaf):
                continue
            mirrored = {n for n in neighbours if graph.get(n) and _mirrors(shown, leaf, n, tolerance)}
            mirrored = {n for n in mirrored if leaf not in reach(graph, [n])}
            if mirrored:
                edges[leaf] = edges.get(leaf, frozenset()) | mirrored
    return edges


def _mirrors(shown: Mapping[str, Shown], leaf: str, other: str, tolerance: float) -> bool:
    if leaf not in shown or other not in shown:
        return False
    pairs = ((shown[leaf].slow, shown[other].slow), (shown[leaf].failing, shown[other].failing))
    return any(_share(leaf, a, b, tolerance) >= MIRROR for a, b in pairs)
