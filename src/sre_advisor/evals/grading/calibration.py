"""Whether an advisor is as often right as it sounds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.evals.grading.grade import SURENESS, Grade
from sre_advisor.model import Confidence


@dataclass(frozen=True, slots=True)
class Calibration:
    """Over the answers that name a cause: `levels` says how many were right of how many at each word."""

    answers: int
    brier: float | None
    ece: float | None
    levels: dict[Confidence, tuple[int, int]]


def calibration(grades: Sequence[Grade]) -> Calibration:
    """Brier's score, and the expected calibration error over the three words, with the probabilities of SURENESS."""
    levels: dict[Confidence, tuple[int, int]] = {}
    for word in Confidence:
        said = [g.cause_found for g in grades if g.confidence is word]
        levels[word] = (sum(said), len(said))
    n = sum(of for _, of in levels.values())
    if not n:
        return Calibration(0, None, None, levels)
    brier = (
        sum((SURENESS[w] - 1) ** 2 * right + SURENESS[w] ** 2 * (of - right) for w, (right, of) in levels.items()) / n
    )
    ece = sum(abs(SURENESS[w] * of - right) for w, (right, of) in levels.items()) / n
    return Calibration(n, brier, ece, levels)
