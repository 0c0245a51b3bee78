"""When a movement really began, between two samples: what tells two services apart that left their range together."""

from __future__ import annotations

import numpy as np

from sre_advisor.triage.clean import Samples
from sre_advisor.triage.onset import Departure

FOOT = 0.1
"""Share of the way to its new level at which a movement counts as begun: the foot of the rise, above the noise."""


def foot_of(samples: Samples, found: Departure) -> float:
    """Unix seconds at which the series was a tenth of the way to its new level, interpolated between samples.

    The new level is the median since the onset. Leaving the usual range says the same to the nearest sample, later for
    noisy series than for quiet ones; a share of the own way is fair to both.
    """
    times, values = samples.times, samples.values
    at = int(np.searchsorted(times, found.onset, side="left"))
    if at >= values.size:
        return found.onset
    way = float(np.median(values[at:])) - found.usual.middle
    if way * found.z <= 0:
        return found.onset
    beyond = (values[at:] - found.usual.middle) / way >= FOOT
    first = at + int(np.argmax(beyond))
    if first == 0 or not beyond.any():
        return found.onset
    before, after = (float(values[i] - found.usual.middle) / way for i in (first - 1, first))
    share = min(1.0, max(0.0, (FOOT - before) / (after - before))) if after > before else 1.0
    return float(times[first - 1] + share * (times[first] - times[first - 1]))
