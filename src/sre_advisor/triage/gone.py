"""Services that went dark: all their series end while those of others go on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.clean import Samples
from sre_advisor.triage.deviation import PLAINLY_BROKEN
from sre_advisor.triage.movements import Seen
from sre_advisor.triage.nouns import Movement

STALE_STEPS = 3
"""Missing samples at the end from which a series counts as having stopped."""
REGULAR, FEWEST = 0.8, 8
"""Share of the moments until its end at which a series has samples, and samples at least, for its end to be news."""
SIGNAL = "samples"
"""The name under which falling silent is told."""
_NOTHING = Samples(np.empty(0), np.empty(0), 0.0)


def ended(samples: Samples, until: float) -> bool:
    """Whether the samples stop well before `until` (unix seconds)."""
    return samples.times.size > 1 and until - float(samples.times[-1]) > STALE_STEPS * samples.step + 60


def gone(seen: Sequence[Seen]) -> list[Seen]:
    """One movement for each service of which every series has ended, if any other service's goes on.

    One series alone may end for lack of requests; a service that reports nothing at all is down or cannot be reached.
    """
    lasts = [float(s.samples.times[-1]) for s in seen if s.samples.times.size]
    if not lasts:
        return []
    by_service: dict[str, list[Samples]] = defaultdict(list)
    for one in seen:
        if one.samples.times.size:
            by_service[one.source.service].append(one.samples)
    return [_gone(name, own) for name, own in by_service.items() if _went_dark(own, max(lasts))]


def _went_dark(own: Sequence[Samples], until: float) -> bool:
    return all(ended(s, until) for s in own) and any(_regular(s) for s in own)


def _regular(samples: Samples) -> bool:
    if samples.times.size < FEWEST or samples.step <= 0:
        return False
    return samples.times.size >= REGULAR * (float(np.ptp(samples.times)) / samples.step + 1)


def _gone(service: str, own: Sequence[Samples]) -> Seen:
    last = max(own, key=lambda s: float(s.times[-1]))
    at = float(last.times[-1]) + last.step
    kind = SignalKind.AVAILABILITY
    series = Series(service, SIGNAL, _NOTHING.times, _NOTHING.values, kind)
    onset = datetime.fromtimestamp(at, UTC)
    movement = Movement(
        service, SIGNAL, kind, None, "down", 1.0, 0.0, onset, PLAINLY_BROKEN, series, plain=True, gone=True
    )
    return Seen(series, _NOTHING, kind, movement, excess=1.0, began=at, plain=True)
