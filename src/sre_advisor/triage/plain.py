"""Whether a movement is plain: a step that lasts until now and exceeds what the series did by itself before."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Floats, Samples
from sre_advisor.triage.deviation import MOVED, usual
from sre_advisor.triage.onset import Departure

LATEST = 5
"""Samples at the end that say how it is now; their median, so that a lone one says nothing."""
PLAIN = 2 * MOVED
"""Surprise (about eight sigmas) below which a movement may date nothing, and is never plain."""
FEWEST = 3
"""Samples since the onset below which nothing can be said to last."""
BEYOND = 2.0
"""Times the largest step of the series' own history from which a step is plain.

The largest of n samples of one and the same noise beats the largest before it about as often as the new share of
samples, heavy tails or not; doubling it is what noise of any usual shape (normal to log-normal, counts) does next to
never, in the worst of sixty series as well.
"""
FEW_STEPS = 6.0
"""How fast that grows as history holds fewer steps of that length that do not overlap: 2 * (1 + 6 / n).

The largest of one or two says little about what the series can do: a walk, or the slope of a day after its flat top,
beats it several times over. From some ten steps on the factor is near its least, as Student's t is near the normal.
"""
DEMAND = frozenset({SignalKind.TRAFFIC, SignalKind.CPU})
"""Kinds that follow what people do: they slide to another level every morning and evening, a fault makes them jump."""
JUMP_S, FEWEST_OF_A_JUMP, MOST = 600.0, 3, 0.7
"""Seconds, and samples at least, within which that share of the way to the new level is made when demand jumps; a slide
that has only begun (exponential, over twenty minutes or more) makes half of its way so far in that time."""
WIDEST = 4
"""Share (one in so many) of the samples on each side of a step at most; more leaves no history to compare with."""


def plain(samples: Samples, found: Departure, kind: SignalKind) -> bool:
    """Whether the departure lasts until now, and steps further than the series itself did before its onset.

    The step is the median after the onset less the median before it, over as many samples as the trouble is old; the
    history's steps are taken over the same length, so that a daily wave's slope explains its own continuation. What
    is younger than LATEST samples must lie beyond twice the greatest excursion of all history with every sample.
    """
    values = samples.values
    at = int(np.searchsorted(samples.times, found.onset, side="left"))
    since = values.size - at
    normal = usual(values[:at], kind, counted=samples.rate) if since >= FEWEST else None
    if normal is None or not lasts(values, at, found):
        return False
    sign = 1.0 if found.z > 0 else -1.0
    if kind in DEMAND and not _jumps(sign * values, at, samples.step):
        return False
    floor = MOVED * normal.scale
    if since < LATEST or at < 3 * LATEST:
        reach = float(np.max(np.abs(values[:at] - normal.middle)))
        return float(np.min(sign * (values[at:] - normal.middle))) > max(BEYOND * reach, floor)
    width = min(max(since, LATEST), max(values.size // WIDEST, LATEST), at // 3)
    steps = sign * _steps(values, width)
    # A slope goes on after the onset as steeply as at it, a fault does not: the steepest place since is what is judged.
    steepest = at + int(np.argmax(steps[at - width :])) if steps.size > at - width else at
    before = np.abs(steps[: max(steepest - 2 * width + 1, 0)])
    beyond = BEYOND * (1 + FEW_STEPS * width / max(before.size, 1))
    return float(steps[steepest - width]) > max(beyond * float(np.max(before, initial=0.0)), floor)


def lasts(values: Floats, at: int, found: Departure) -> bool:
    """Whether the latest samples still lie at least half of the way out and outside of the usual range."""
    sign = 1.0 if found.z > 0 else -1.0
    after = sign * (values[at:] - found.usual.middle)
    latest = float(np.median(after[-LATEST:]))
    return latest > MOVED * found.usual.scale and latest >= 0.5 * float(np.median(after))


def _jumps(values: Floats, at: int, step: float) -> bool:
    """Whether a rise (of values turned so that it is one) makes most of its way within JUMP_S, not over hours."""
    span = max(int(JUMP_S / step) if step > 0 else 0, FEWEST_OF_A_JUMP)
    around = values[max(at - span - 1, 0) :]
    if around.size <= span + FEWEST:
        return True
    smooth = np.median(np.lib.stride_tricks.sliding_window_view(around, FEWEST), axis=1)
    whole = float(np.median(values[-LATEST:]) - np.median(values[:at]))
    return float(np.max(smooth[span:] - smooth[:-span], initial=-np.inf)) >= MOST * whole


def back_since(samples: Samples, found: Departure) -> datetime | None:
    """Since when the latest samples, FEWEST at least, are in the usual range again; None while they are not."""
    outside = np.abs(samples.values - found.usual.middle) > MOVED * found.usual.scale
    last = int(np.flatnonzero(outside)[-1]) if outside.any() else samples.values.size
    if samples.values.size - last - 1 < FEWEST or samples.times[last] < found.onset:
        return None
    return datetime.fromtimestamp(float(samples.times[last + 1]), UTC)


def _steps(values: Floats, width: int) -> Floats:
    """The median of the `width` samples from each moment on less that of the `width` before it."""
    medians = np.median(np.lib.stride_tricks.sliding_window_view(values, width), axis=1)
    return medians[width:] - medians[:-width]
