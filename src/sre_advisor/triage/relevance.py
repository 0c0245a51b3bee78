"""How much one movement says about the alarm: its kind, its direction, its time, and whether it moves along."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Samples
from sre_advisor.triage.deviation import FAILING
from sre_advisor.triage.movements import Seen

SYMPTOMS = FAILING | {SignalKind.LATENCY}
RESOURCES = frozenset({SignalKind.CPU, SignalKind.MEMORY, SignalKind.SATURATION})

SAME_KIND, OTHER_SYMPTOM, RESOURCE, UNKNOWN, TRAFFIC = 1.0, 0.7, 0.8, 0.5, 0.4
"""How much a movement says about a failing request: the alarm's own kind most, traffic least (it mostly follows)."""
TO_THE_BETTER = 0.2
"""Weight of a movement in the direction that does not hurt: odd, but rarely a cause."""
PATCHY = 0.4
"""Weight of a series with most samples missing: few requests make any average jump."""
LATE = 0.5
"""Weight of what moved only after the alarm's signal did: an effect more often than a cause."""
SMEAR = 60.0
"""Seconds within which two onsets are one: rates are computed over a minute at least."""
ALONE = 0.6
"""Weight of what does not move along with the alarm's signal at all; the rest is earned by correlation."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What rang: services, the kind and name of the signal, when it left its range (unix seconds), its samples."""

    services: tuple[str, ...] = ()
    kind: SignalKind | None = None
    signal: str = ""
    onset: float | None = None
    samples: Samples | None = None
    step: float = 60.0


def relevance(one: Seen, alarm: Alarm) -> float:
    """Weight between 0 and 1 of one movement as evidence about where the alarm comes from."""
    weight = kind_weight(one.kind, alarm.kind)
    if not one.harm:
        weight *= TO_THE_BETTER
    if one.patchy:
        weight *= PATCHY
    movement = one.movement
    if alarm.onset is not None and movement is not None and movement.onset is not None:
        behind = movement.onset.timestamp() - alarm.onset
        if behind > max(1.5 * max(alarm.step, one.samples.step), SMEAR):
            weight *= LATE
    if alarm.samples is not None:
        weight *= ALONE + (1 - ALONE) * together(one.samples, alarm.samples, alarm.onset)
    return weight


def kind_weight(kind: SignalKind, alarm: SignalKind | None) -> float:
    """Weight of a signal's kind given the kind of the alarm's signal (None when nothing rang)."""
    if kind in SYMPTOMS:
        same = alarm not in SYMPTOMS or kind is alarm or (kind in FAILING and alarm in FAILING)
        return SAME_KIND if same else OTHER_SYMPTOM
    if kind in RESOURCES:
        return SAME_KIND if kind is alarm else RESOURCE
    return TRAFFIC if kind is SignalKind.TRAFFIC else UNKNOWN


def together(one: Samples, other: Samples, onset: float | None) -> float:
    """Absolute Pearson correlation of two series around the onset, 0 when they share too few moments.

    The stretch holds as much time before the onset as after it, and at least ten samples, so that the step is in it.
    """
    if one.times.size < 3 or other.times.size < 3 or onset is None:
        return 0.0
    length = max(float(other.times[-1]) - onset, 10 * other.step)
    grid = other.times[other.times >= onset - length]
    if grid.size < 4:
        return 0.0
    theirs = other.values[-grid.size :]
    mine = np.interp(grid, one.times, one.values)
    if np.ptp(mine) == 0 or np.ptp(theirs) == 0:
        return 0.0
    return float(abs(np.corrcoef(mine, theirs)[0, 1]))
