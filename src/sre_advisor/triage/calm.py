"""A fast first sieve over thousands of series: which are so calm that a closer look would find nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from sre_advisor.triage.clean import Floats, Samples
from sre_advisor.triage.deviation import MAD_TO_SIGMA, MOVED, RELATIVE_FLOOR

BLOCKS, WIDTH = 8, 4
"""Pieces a window is cut into at most, and samples of each at least; within one even a drifting series shows its
noise alone."""
SHORTEST = 4 * WIDTH
"""Samples a series needs to be sieved; shorter ones are always looked at closely."""


def calm(samples: Sequence[Samples], anchor: float) -> list[bool]:
    """Whether each series stays within three sigmas of its noise, in each block's median and since the anchor.

    Series on the same grid are judged together. The noise is the median deviation from the median of the own block,
    so that neither a step nor a drift inflates it; a sieve that errs looks at too many, not at too few.
    """
    out = [False] * len(samples)
    groups: dict[tuple[int, float, float], list[int]] = defaultdict(list)
    for i, one in enumerate(samples):
        if one.times.size >= SHORTEST:
            groups[one.times.size, float(one.times[0]), float(one.times[-1])].append(i)
    for (size, first, last), members in groups.items():
        since = int(np.clip((anchor - first) / max(last - first, 1e-9), 0.0, 1.0) * (size - 1))
        table = np.stack([samples[i].values for i in members])
        for i, quiet in zip(members, _quiet(table, max(since - 2, 0)), strict=True):
            out[i] = bool(quiet)
    return out


def _quiet(table: Floats, since: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    count = min(BLOCKS, table.shape[1] // WIDTH)
    width = table.shape[1] // count
    blocks = table[:, -count * width :].reshape(table.shape[0], count, width)
    medians = np.median(blocks, axis=2)
    noise = MAD_TO_SIGMA * np.median(np.abs(blocks - medians[:, :, None]), axis=(1, 2))
    middle = np.median(medians, axis=1)
    band = MOVED * np.maximum(noise, RELATIVE_FLOOR * np.abs(middle) / 10)
    drift = np.ptp(medians, axis=1)
    recent = np.max(np.abs(table[:, since:] - middle[:, None]), axis=1)
    return (drift <= band) & (recent <= band)
