"""The metrics of the shop's twelve services, drawn from the simulated charges and the ordinary day around them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import pi, sin

from sre_advisor.demo.incident.charges import PODS, SECONDS, Second, simulate
from sre_advisor.demo.incident.noise import Noise
from sre_advisor.demo.incident.timeline import (
    CHECKOUT_DEPLOY,
    FLAG_FLIP,
    FRONTEND_DEPLOY,
    LOGGING_DEPLOY,
    POOL_DEPLOY,
    SAMPLES,
    START,
    STEP_S,
    second_of,
)

TRAFFIC, ERRORS, LATENCY = "http_requests_per_second", "http_error_ratio", "http_request_p99_seconds"
CPU, MEMORY, DISK = "cpu_utilization_ratio", "memory_working_set_ratio", "disk_used_ratio"
POOL, POOL_WAIT, PROVIDER = "db_pool_utilization_ratio", "db_pool_wait_p99_seconds", "card_provider_p99_seconds"
_RETRY_S = 2.5
"""What a failed attempt adds to an order: the pool's timeout and checkout's backoff."""
_CHECKOUT_PAYS = 0.62
"""Share of checkout's requests that place an order; the others only quote totals."""
_FRONTEND_CHECKS_OUT = 0.09
_ROLLOUT_S = 240
"""Seconds a rollout of any service takes."""


@dataclass(frozen=True, slots=True)
class _Profile:
    """A service on an ordinary day: requests per second at noon, error ratio, p99 in seconds, CPU, memory, pool."""

    traffic: float
    errors: float
    p99_s: float
    cpu: float
    memory: float
    pool: float | None = None


PROFILES = {
    "accounts": _Profile(64, 0.0011, 0.21, 0.22, 0.47, 0.18),
    "cart": _Profile(210, 0.0004, 0.06, 0.31, 0.55),
    "catalog": _Profile(880, 0.0005, 0.12, 0.48, 0.62, 0.33),
    "checkout": _Profile(77, 0.0016, 1.42, 0.36, 0.44),
    "frontend": _Profile(860, 0.0012, 1.05, 0.52, 0.58),
    "inventory": _Profile(96, 0.0007, 0.19, 0.27, 0.41, 0.22),
    "notifications": _Profile(41, 0.0083, 0.88, 0.14, 0.33),
    "orders": _Profile(58, 0.0006, 0.34, 0.29, 0.46, 0.27),
    "payments": _Profile(48, 0.0012, 0.66, 0.33, 0.51, 0.24),
    "recommendations": _Profile(430, 0.0021, 0.24, 0.57, 0.66),
    "search": _Profile(265, 0.0009, 0.31, 0.61, 0.71),
    "shipping": _Profile(46, 0.0028, 0.73, 0.16, 0.29),
}
_DEPLOYS = {
    "payments": (LOGGING_DEPLOY, POOL_DEPLOY), "frontend": (FRONTEND_DEPLOY,), "checkout": (CHECKOUT_DEPLOY,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Moment:
    """One sample's time and what the charges did in the seconds before it."""

    second: int
    charges: Second

    @property
    def share_failed(self) -> float:
        return self.charges.failed / self.charges.charges

    @property
    def share_given_up(self) -> float:
        return self.charges.given_up / self.charges.orders


def samples() -> Iterator[tuple[int, str, str, float]]:
    """Every sample as (unix seconds, service, metric, value), in order of time."""
    moments = _moments()
    columns = {key: values for service in PROFILES for key, values in _service(service, moments).items()}
    start = int(START.timestamp())
    for index in range(SAMPLES):
        for service, metric in sorted(columns):
            yield start + index * STEP_S, service, metric, columns[service, metric][index]


def _moments() -> list[_Moment]:
    seconds = simulate()
    moments: list[_Moment] = []
    for index in range(SAMPLES):
        second = min(index * STEP_S, SECONDS - 1)
        # As a rate over 30 s, which is what a dashboard would show of counters scraped every 15 s.
        seen = seconds[max(0, second - 29) : second + 1]
        mean = [sum(getattr(s, name) for s in seen) / len(seen) for name in Second.__slots__]
        moments.append(_Moment(second, Second(*mean)))
    return moments


def _service(name: str, moments: list[_Moment]) -> dict[tuple[str, str], list[float]]:
    profile, columns = PROFILES[name], {}
    columns[name, TRAFFIC] = _column(name, TRAFFIC, [_traffic(name, profile, m) for m in moments], 0.035)
    columns[name, ERRORS] = _column(name, ERRORS, [_errors(name, profile, m) for m in moments], 0.16, top=1.0)
    columns[name, LATENCY] = _column(name, LATENCY, [_p99_s(name, profile, m) for m in moments], 0.055)
    columns[name, CPU] = _column(name, CPU, [_cpu(name, profile, m) for m in moments], 0.05, top=1.0)
    columns[name, MEMORY] = _column(name, MEMORY, [_memory(name, profile, m) for m in moments], 0.006, top=1.0)
    if name == "payments":
        columns[name, POOL] = _column(name, POOL, [m.charges.utilisation for m in moments], 0.01, top=1.0)
        columns[name, POOL_WAIT] = _column(name, POOL_WAIT, [0.004 + m.charges.wait_s for m in moments], 0.03)
        columns[name, PROVIDER] = _column(name, PROVIDER, [0.52] * SAMPLES, 0.05)
    elif profile.pool is not None:
        columns[name, POOL] = _column(name, POOL, [profile.pool * _day(m.second) for m in moments], 0.06, top=1.0)
        columns[name, POOL_WAIT] = _column(name, POOL_WAIT, [0.003] * SAMPLES, 0.12)
    if name in ("search", "catalog"):
        columns[name, DISK] = _column(name, DISK, [_disk(name, m.second) for m in moments], 0.003, top=1.0)
    return columns


def _column(service: str, metric: str, values: list[float], spread: float, top: float | None = None) -> list[float]:
    noise = Noise(f"{service}/{metric}")
    noisy = [noise.around(value, spread) for value in values]
    return [min(value, top) for value in noisy] if top is not None else noisy


def _day(second: int) -> float:
    """How busy the shop is against noon: rising from late morning to early afternoon."""
    return 0.72 + 0.33 * sin(pi / 2 * second / SECONDS) ** 2


def _traffic(name: str, profile: _Profile, moment: _Moment) -> float:
    if name == "payments":
        return moment.charges.charges
    if name == "checkout":
        return moment.charges.orders / _CHECKOUT_PAYS
    busy = profile.traffic * _day(moment.second)
    if name in ("orders", "shipping", "notifications"):
        return busy * (1.0 - moment.share_given_up)
    if name == "recommendations" and moment.second >= second_of(FLAG_FLIP):
        # The ranked carousel asks once more for every second visitor.
        return busy * 1.24
    return busy


def _errors(name: str, profile: _Profile, moment: _Moment) -> float:
    failing = {
        "payments": moment.share_failed,
        "checkout": _CHECKOUT_PAYS * moment.share_given_up,
        "frontend": _FRONTEND_CHECKS_OUT * _CHECKOUT_PAYS * moment.share_given_up,
    }
    return profile.errors + failing.get(name, 0.0)


def _p99_s(name: str, profile: _Profile, moment: _Moment) -> float:
    failed, wait_s = moment.share_failed, moment.charges.wait_s
    base = profile.p99_s * (1.0 + 0.25 * _restarting(name, moment.second))
    if name == "payments":
        return base + wait_s
    # Each repeated attempt that more than one order in fifty needs adds itself to the slowest hundredth.
    repeats = sum(min(1.0, (failed**n) / 0.02) for n in (1, 2, 3))
    if name == "checkout":
        return _slower_of(base, wait_s + 0.6 + _RETRY_S * repeats if wait_s > 0.05 else 0.0)
    if name == "frontend":
        slow = _FRONTEND_CHECKS_OUT * _CHECKOUT_PAYS * failed
        return _slower_of(base, (wait_s + _RETRY_S * repeats) * min(1.0, slow / 0.02))
    if name == "recommendations" and moment.second >= second_of(FLAG_FLIP):
        return base * 1.18
    if name == "catalog" and 4_400 <= moment.second < 4_560:
        # A price import at noon, seen every day: slow for two minutes, harmless.
        return base * 2.6
    return base


def _slower_of(one: float, other: float) -> float:
    """The slowest hundredth of two independent delays lies near the larger one; they do not add up."""
    return (one**4 + other**4) ** 0.25


def _cpu(name: str, profile: _Profile, moment: _Moment) -> float:
    busy = profile.cpu * _day(moment.second) * (1.0 + 0.2 * _restarting(name, moment.second))
    if name == "inventory" and (moment.second + 240) % 3600 // 60 in (30, 31, 32):
        return busy + 0.31
    if name == "recommendations" and moment.second >= second_of(FLAG_FLIP):
        return busy * 1.15
    if name == "payments":
        # Waiting costs nothing; refusing is cheap.
        return busy * (1.0 - 0.25 * moment.share_failed)
    return busy


def _memory(name: str, profile: _Profile, moment: _Moment) -> float:
    if name == "checkout":
        # Orders that wait are held in memory.
        return profile.memory * (1.0 + 0.22 * moment.share_failed)
    return profile.memory


def _disk(name: str, second: int) -> float:
    if name != "search":
        return 0.44
    # Segments grow until they are merged, every 42 minutes a little higher; the alert looks at the hour's maximum.
    merges, since_merge = divmod(second + 600, 2_520)
    return 0.775 + (0.070 + 0.007 * merges) * since_merge / 2_520


def _restarting(name: str, second: int) -> float:
    """1 while a pod of the service is being replaced, else 0."""
    begun = (second - second_of(at) for at in _DEPLOYS.get(name, ()))
    return 1.0 if any(0 <= since < _ROLLOUT_S and since % (_ROLLOUT_S // PODS) < 30 for since in begun) else 0.0
