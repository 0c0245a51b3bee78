"""Seeded noise and choices; streams of different names are independent of each other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

T = TypeVar("T")
_KERNEL = 0.93 ** np.arange(60)


class Noise:
    """One stream; numpy promises that RandomState's numbers never change, which its newer generators do not."""

    def __init__(self, *names: object) -> None:
        digest = hashlib.sha256("/".join(map(str, names)).encode()).digest()
        self._state = np.random.RandomState(int.from_bytes(digest[:4], "big"))

    def between(self, low: float, high: float) -> float:
        """A number from the range, all alike."""
        return low + (high - low) * float(self._state.random_sample())

    def below(self, limit: int) -> int:
        """A whole number from 0 up to, not including, the limit."""
        return int(self._state.random_sample() * limit)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return bool(self._state.random_sample() < probability)

    def one(self, options: Sequence[T]) -> T:
        """One of the options."""
        return options[self.below(len(options))]

    def some(self, options: Sequence[T], count: int) -> list[T]:
        """So many different ones, in random order."""
        left = list(options)
        return [left.pop(self.below(len(left))) for _ in range(min(count, len(left)))]

    def around(self, values: NDArray[np.float64], spread: float) -> NDArray[np.float64]:
        """The values with relative noise, part of it drifting slowly; never negative."""
        white = self._state.standard_normal((2, values.size + _KERNEL.size))
        drift = np.convolve(white[0], _KERNEL)[_KERNEL.size : _KERNEL.size + values.size] * 0.37
        return np.maximum(0.0, values * (1.0 + spread * (0.7 * white[1, : values.size] + 0.5 * drift)))
