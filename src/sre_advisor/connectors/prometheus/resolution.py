"""How finely a window is sampled, and over how long a rate is taken."""

from __future__ import annotations

import math

NICE_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)
POINTS_PER_SERIES = 250
POINTS_PER_QUERY = 60_000
FEWEST_POINTS = 60
UNKNOWN_RATE_WINDOW_S = 120
SHORTEST_RATE_WINDOW_S = 60


def nice_step(length_s: float, points: int, at_least_s: float = 1.0) -> int:
    """The smallest usual step, in seconds, that gives at most `points` samples over `length_s`."""
    wanted = max(length_s / max(points - 1, 1), at_least_s)
    return next((step for step in NICE_STEPS_S if step >= wanted), math.ceil(wanted / 86400) * 86400)


def points_for(series: int) -> int:
    """Samples a series may have so that a query for `series` of them stays bounded."""
    return max(FEWEST_POINTS, min(POINTS_PER_SERIES, POINTS_PER_QUERY // max(series, 1)))


def rate_window(scrape_interval_s: float | None, step_s: float) -> int:
    """Seconds a rate is taken over: four scrapes at least, so that one lost scrape leaves no gap, and one step."""
    four = UNKNOWN_RATE_WINDOW_S if scrape_interval_s is None else math.ceil(4 * scrape_interval_s)
    return max(four, SHORTEST_RATE_WINDOW_S, math.ceil(step_s))


def usual_interval(measured_s: float) -> float:
    """The usual scrape interval that a measured one (a little off: its ends are cut) stands for."""
    nearest = min(NICE_STEPS_S, key=lambda step: abs(step - measured_s))
    return float(nearest) if abs(nearest - measured_s) <= 0.1 * nearest else round(measured_s, 1)
