"""Exact tests and agreement: McNemar, pass^k, Cohen's kappa. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import comb


def mcnemar(only_a: int, only_b: int) -> float:
    """The two-sided exact p-value that discordant pairs fall so unevenly by chance (McNemar 1947, binomial form)."""
    n = only_a + only_b
    if n == 0:
        return 1.0
    tail = sum(comb(n, k) for k in range(min(only_a, only_b) + 1)) / 2**n
    return min(1.0, 2 * tail)


def pass_hat(passed: int, trials: int, k: int) -> float | None:
    """The unbiased estimate that k trials drawn from these all pass; None when there are fewer than k."""
    if trials < k:
        return None
    return comb(passed, k) / comb(trials, k)


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's kappa of two judges; None where both always said the same one thing, so that chance explains all."""
    if not pairs:
        return None
    n = len(pairs)
    agreed = sum(a == b for a, b in pairs) / n
    words = {w for pair in pairs for w in pair}
    chance = sum((sum(a == w for a, _ in pairs) / n) * (sum(b == w for _, b in pairs) / n) for w in words)
    return None if chance >= 1 - 1e-12 else (agreed - chance) / (1 - chance)
