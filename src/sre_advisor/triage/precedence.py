"""Who broke first where nobody knows who calls whom: by time to a fraction of a sample, then by how much."""

from __future__ import annotations

from collections.abc import Mapping
from math import isinf

from sre_advisor.triage.propagation import Shown, Symptom

ALIKE = 0.7
"""Size of another's symptom, relative to the own, from which it may be what the own one comes from."""
JITTER, HEAD_START = 0.25, 0.75
"""Samples of head start that are noise, and that count in full."""
FOLLOWS = 0.3
"""Share of a symptom put down to another's that began earlier: less than with a graph, as it is only a guess."""
WEAKER = 0.2
"""Share put down to another's that hurts each request more and began together with it: a fault thins out upwards."""


def own_part_without_graph(shown: Mapping[str, Shown], step: float) -> dict[str, float]:
    """What remains of each service's symptoms after what began like them, but earlier or stronger, elsewhere.

    own = size * (1 - FOLLOWS * follows) * (1 - WEAKER * (1 - mine / theirs)), where follows grows from 0 at a lead of
    JITTER samples of `step` seconds to 1 at HEAD_START, and mine and theirs are the excess per request of the signal
    that both carry. Waiting and failing travel from the callee to the caller and never the other way, so the first of
    several alike is the likeliest origin.
    """
    return {
        name: max(
            _rest(mine.slow, [o.slow for n, o in shown.items() if n != name], step),
            _rest(mine.failing, [o.failing for n, o in shown.items() if n != name], step),
        )
        for name, mine in shown.items()
    }


def _rest(mine: Symptom, others: list[Symptom], step: float) -> float:
    alike = [o for o in others if o.size >= ALIKE * mine.size and not isinf(o.began)]
    if mine.size <= 0 or isinf(mine.began) or not alike:
        return mine.size
    lead = (mine.began - min(o.began for o in alike)) / max(step, 1e-9)
    followed = FOLLOWS * min(1.0, max(0.0, (lead - JITTER) / (HEAD_START - JITTER)))
    near = [o for o in alike if o.began <= mine.began + HEAD_START * step]
    weaker = min((_strength(mine, o) for o in near), default=1.0)
    return mine.size * (1 - followed) * (1 - WEAKER * (1 - weaker))


def _strength(mine: Symptom, theirs: Symptom) -> float:
    """The own excess as a share of the other's, by the signal that says most; 1 where larger or none is shared."""
    shares = [v / theirs.excess[s] for s, v in mine.excess.items() if theirs.excess.get(s, 0.0) > 0]
    return min(1.0, *shares) if shares else 1.0
