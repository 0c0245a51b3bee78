"""Who broke first where nobody knows who calls whom: by time to a fraction of a sample, then by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isinf

import numpy as np
from numpy.typing import NDArray

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
    slow, failing = _Sort([s.slow for s in shown.values()]), _Sort([s.failing for s in shown.values()])
    return {name: max(slow.rest(i, step), failing.rest(i, step)) for i, name in enumerate(shown)}


class _Sort:
    """One sort of symptom of all services, as columns: each is held against all others, and there may be thousands."""

    def __init__(self, symptoms: Sequence[Symptom]) -> None:
        self._symptoms = symptoms
        self._size = np.array([s.size for s in symptoms])
        self._began = np.array([s.began for s in symptoms])
        signals = dict.fromkeys(signal for s in symptoms for signal in s.excess)
        self._excess = {signal: np.array([s.excess.get(signal, 0.0) for s in symptoms]) for signal in signals}

    def rest(self, index: int, step: float) -> float:
        """What is left of one service's symptom."""
        mine = self._symptoms[index]
        if mine.size <= 0 or isinf(mine.began):
            return mine.size
        alike = (self._size >= ALIKE * mine.size) & np.isfinite(self._began)
        alike[index] = False
        if not alike.any():
            return mine.size
        lead = (mine.began - float(np.min(self._began[alike]))) / max(step, 1e-9)
        followed = FOLLOWS * min(1.0, max(0.0, (lead - JITTER) / (HEAD_START - JITTER)))
        near = alike & (self._began <= mine.began + HEAD_START * step)
        return mine.size * (1 - followed) * (1 - WEAKER * (1 - self._strength(mine, near)))

    def _strength(self, mine: Symptom, near: NDArray[np.bool_]) -> float:
        """The own excess as a share of the largest near, by the signal that says most; 1 where none is larger."""
        largest = {s: float(np.max(self._excess[s], initial=0.0, where=near)) for s in mine.excess}
        return min(1.0, *(v / largest[s] for s, v in mine.excess.items() if largest[s] > 0), 1.0)
