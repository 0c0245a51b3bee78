"""Seeded noise that is the same on every machine: only `random()` of Mersenne Twister is promised to stay."""

from __future__ import annotations

from random import Random

from sre_advisor.demo.incident.timeline import SEED


class Noise:
    """One stream of noise; streams of different names are independent."""

    def __init__(self, name: str) -> None:
        self._random = Random(f"{SEED}/{name}")  # noqa: S311 - noise of a simulation, no secret
        self._drift = 0.0

    def normal(self) -> float:
        """About a standard normal number: twelve uniform ones, summed."""
        return sum(self._random.random() for _ in range(12)) - 6.0

    def around(self, value: float, spread: float) -> float:
        """The value with relative noise, part of it drifting slowly; never negative."""
        self._drift = 0.97 * self._drift + 0.24 * self.normal()
        return max(0.0, value * (1.0 + spread * (0.6 * self.normal() + 0.5 * self._drift)))

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._random.random() < probability

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, the limit."""
        return int(self._random.random() * limit)
