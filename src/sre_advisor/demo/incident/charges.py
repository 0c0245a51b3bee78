"""How charges queue for database connections: the physics of the incident, second by second.

Each pod of payments is a queue with as many servers as its pool has connections. A charge holds a connection for the
card provider's answer; it waits for one at most POOL_TIMEOUT_S, then fails, and checkout tries again twice. A fresh
pod gets its share of the charges little by little.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import pi, sin

from sre_advisor.demo.incident.noise import Noise
from sre_advisor.demo.incident.timeline import NOW, PODS_REPLACED, START, second_of

PODS = 3
POOL_BEFORE, POOL_AFTER = 20, 4
POOL_TIMEOUT_S = 2.0
HELD_S = 0.271
"""Seconds a charge holds its connection."""
RETRY_AFTER_S = 3
"""Seconds until a failed charge is back: the pool's timeout and checkout's backoff."""
SLOW_START_S = 75
"""Seconds until a fresh pod gets as many charges as the others; set in the shop's deploy/rollout.yaml."""
SECONDS = int((NOW - START).total_seconds()) + 1


@dataclass(frozen=True, slots=True)
class Second:
    """One second of payments, all pods together."""

    orders: float
    """Orders wanting to pay, per second."""
    charges: float
    """Charges asked for, per second, repeated ones included."""
    failed: float
    """Charges that waited too long for a connection, per second."""
    given_up: float
    """Orders whose last attempt failed, per second."""
    wait_s: float
    """Wait for a connection in the pod where it is longest."""
    utilisation: float
    """Connections in use of those it has, in the busiest pod."""


def orders_wanted(second: int) -> float:
    """Orders per second over the day: rising from late morning to the early afternoon's top."""
    share = second / SECONDS
    return 31.0 + 17.0 * sin(pi / 2 * share) ** 2


def simulate() -> tuple[Second, ...]:
    """The whole recording, one entry a second."""
    noise = Noise("charges")
    replaced = [second_of(at) for at in PODS_REPLACED]
    queued = [0.0] * PODS
    failures: list[tuple[float, float, float]] = []
    """Failed first, second and third attempts of each second."""
    seconds: list[Second] = []
    for now in range(SECONDS):
        orders = noise.around(orders_wanted(now), 0.035)
        earlier = failures[now - RETRY_AFTER_S] if now >= RETRY_AFTER_S else (0.0, 0.0, 0.0)
        attempts = (orders, earlier[0], earlier[1])
        charges = sum(attempts)
        failed, busy, waits = 0.0, [0.0], [0.0]
        shares = _shares(now, replaced)
        for pod in range(PODS):
            pool = POOL_AFTER if now >= replaced[pod] else POOL_BEFORE
            rate = pool / HELD_S
            queued[pod] += max(0.0, noise.around(charges * shares[pod], 0.08))
            served = min(queued[pod], rate)
            queued[pod] -= served
            late = max(0.0, queued[pod] - rate * POOL_TIMEOUT_S)
            queued[pod] -= late
            failed += late
            busy.append(served / rate)
            waits.append(queued[pod] / rate)
        ratio = min(1.0, failed / charges) if charges else 0.0
        failures.append((attempts[0] * ratio, attempts[1] * ratio, attempts[2] * ratio))
        seconds.append(Second(orders, charges, failed, failures[-1][2], max(waits), max(busy)))
    return tuple(seconds)


def _shares(now: int, replaced: list[int]) -> list[float]:
    """How the charges are spread over the pods: evenly, but for pods that came up a short while ago."""
    weights = [1.0 if now < at else min(1.0, 0.2 + 0.8 * (now - at) / SLOW_START_S) for at in replaced]
    return [weight / sum(weights) for weight in weights]
