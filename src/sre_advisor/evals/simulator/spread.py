"""How trouble spreads from a service to those that call it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sre_advisor.evals.simulator.day import SAMPLES, Day

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAG = 1
"""Samples until a caller shows what its callee does: a request must fail before it can be counted."""


def spread(day: Day) -> None:
    """Let callers, tier by tier, suffer from what their callees do; a failing service is asked for less afterwards."""
    for tier in (2, 1, 0):
        for caller in day.shop.tier(tier):
            for _, callee, share in (c for c in day.shop.calls if c[0] == caller):
                bend, cause = day.bend(caller), day.bend(callee)
                bend.errors = np.minimum(0.95, bend.errors + share * 0.8 * _later(cause.errors))
                bend.slow_s = bend.slow_s + share * 0.9 * _later(cause.slow_s)
    for caller, callee, share in day.shop.calls:
        lost = share * 0.3 * _later(day.bend(caller).errors)
        if callee not in _origins(day):
            day.bend(callee).traffic = day.bend(callee).traffic * (1.0 - lost)


def first_moved(day: Day, name: str) -> int | None:
    """The first sample at which a service's errors or latency are bent at all; None when they never are."""
    bend = day.bend(name)
    moved = np.flatnonzero((bend.errors > 1e-9) | (bend.slow_s > 1e-9))
    return int(moved[0]) if moved.size else None


def _origins(day: Day) -> set[str]:
    began = {name: first_moved(day, name) for name in day.bends}
    found = [index for index in began.values() if index is not None]
    return {name for name, index in began.items() if found and index == min(found)}


def _later(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.concatenate([np.zeros(LAG), values[: SAMPLES - LAG]])
