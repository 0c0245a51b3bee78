"""Watching a rate over time with a false-alarm rate that holds however often one looks.

The null hypothesis is that the pass rate is, in the mean of each round given all before, at least what the baseline
allows. Each round bets on a drop: W <- W * (1 + bet * (floor - share)), which a fair rate cannot make grow in the mean
(Waudby-Smith & Ramdas 2024). The wealth is averaged over several bets and over every round at which a drop may have
begun, with weights that sum to 1, so it stays an e-process: by Ville's inequality it ever passes 1 / alpha with a
probability of at most alpha. Averaging over beginnings is what finds a drop after a long good time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lgamma, log

import numpy as np

BETS = (0.15, 0.35, 0.6, 0.85)
"""Shares of the largest bet that can never lose everything."""


@dataclass(frozen=True, slots=True)
class Watch:
    """How a watch stands: it alarms when `evidence` reaches `limit`; `floor` is the lowest rate that is no drop."""

    floor: float
    evidence: float
    limit: float

    @property
    def alarms(self) -> bool:
        """Whether the rate fell."""
        return self.evidence >= self.limit


def watch(shares: Sequence[float], baseline_passed: int, baseline_trials: int, alpha: float) -> Watch:
    """The state after these rounds' shares of passed trials (0 to 1), oldest first.

    Half of `alpha` is for a baseline that was lucky (its rate's lower bound is the floor), half for the rounds: the
    chance that a rate which never fell is ever called fallen is at most `alpha`.
    """
    floor = lower_bound(baseline_passed, baseline_trials, alpha / 2)
    return Watch(floor, evidence(shares, floor), 2 / alpha)


def evidence(shares: Sequence[float], floor: float) -> float:
    """The e-process's value: how many times likelier a drop than the floor, so to speak."""
    if floor <= 0 or not shares:
        return 1.0
    bets = np.array(BETS) / max(1e-9, 1.0 - floor)
    # steps[round, bet]; a running product from each beginning is a difference of sums of logarithms.
    steps = np.log1p(bets[None, :] * (floor - np.asarray(shares, dtype=np.float64)[:, None]))
    sums = np.vstack([np.zeros(len(BETS)), np.cumsum(steps, axis=0)])
    begun = np.arange(1, len(shares) + 1)
    weights = 1.0 / (begun * (begun + 1.0))
    grown = np.exp(np.clip(sums[-1][None, :] - sums[:-1], -700, 700)).mean(axis=1)
    return float((weights * grown).sum() + 1.0 / (len(shares) + 1.0))


def lower_bound(passed: int, trials: int, alpha: float) -> float:
    """The exact one-sided lower bound of a rate (Clopper & Pearson 1934): conservative also when cases differ."""
    if passed <= 0 or trials <= 0:
        return 0.0
    low, high = 0.0, passed / trials
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _at_least(passed, trials, middle) < alpha else (low, middle)
    return low


def _at_least(passed: int, trials: int, rate: float) -> float:
    """The chance of so many passed or more of so many trials at this rate."""
    if rate <= 0:
        return 0.0
    if rate >= 1:
        return 1.0
    k = np.arange(passed, trials + 1)
    choose = np.array([lgamma(trials + 1) - lgamma(i + 1) - lgamma(trials - i + 1) for i in k.tolist()])
    return float(np.exp(choose + k * log(rate) + (trials - k) * log(1 - rate)).sum())
