"""Worlds in which the honest answer names no cause."""

from __future__ import annotations

from sre_advisor.evals.simulator.day import Day
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.told import Told
from sre_advisor.model import Verdict


def nothing(day: Day, noise: Noise) -> Told:
    """An ordinary day with ordinary changes; somebody only wondered."""
    service = noise.one(day.shop.tier(0, 1))
    told = Told("nothing", (), (), verdict=Verdict.NOTHING_WRONG)
    told.question = f"{service} felt slow to me, is something wrong?"
    return told


def not_enough(day: Day, noise: Noise) -> Told:
    """Something fails, but where it began nothing was recorded: no series, no line, no change."""
    dark = noise.one([m for m in day.shop.tier(2) if day.shop.callers(m)])
    day.bend(dark).errors = noise.between(0.4, 0.7) * day.step()
    told = Told("not_enough_evidence", (), (), verdict=Verdict.NOT_ENOUGH)
    # All between the edge and the dark service is dark too: an alert at the edge is all there is.
    told.hidden = frozenset({m.name for m in day.shop.members} - set(day.shop.tier(0)))
    told.question = "the shop's edge is failing, what is the cause?"
    return told
