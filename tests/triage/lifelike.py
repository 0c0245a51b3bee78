"""A second maker of worlds, unlike the one the rules were tuned on: how series of real services look when all is well.

Every signal is put together from what services do (walks, tails, days, batch jobs, restarts, collectors of garbage);
a fault is then laid over one service and what waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sre_advisor.model import Alert, Catalogue, Series, Service, SignalKind

NOW = datetime(2032, 9, 14, 9, 30, tzinfo=UTC)
STEPS_S = (1, 5, 15, 60, 300)
SERVICES = 10
DAY_S = 86_400.0

Floats = NDArray[np.float64]
Make = Callable[[np.random.Generator, Floats], Floats]
Fault = Literal["slow", "failing", "starved", "full"]
FAULTS: tuple[Fault, ...] = ("slow", "failing", "starved", "full")


def _phase(rng: np.random.Generator, t: Floats) -> Floats:
    return 2 * np.pi * (t / DAY_S + rng.random())


def walk(rng: np.random.Generator, t: Floats) -> Floats:
    """A walk that is drawn back to its level over some twenty minutes."""
    step = float(t[1] - t[0])
    pull = np.exp(-step / 1_200)
    noise = rng.normal(0, np.sqrt(1 - pull * pull), t.size)
    out = np.empty(t.size)
    at = rng.normal()
    for i, n in enumerate(noise):
        at = pull * at + n
        out[i] = at
    return 40 * np.exp(0.12 * out)


def tails(rng: np.random.Generator, t: Floats) -> Floats:
    """Student's t with 2.5 degrees of freedom: no fourth moment, hardly a second one."""
    return np.abs(30 + 3 * rng.standard_t(2.5, t.size))


def day(rng: np.random.Generator, t: Floats) -> Floats:
    """A strong day with little noise: traffic of a whole country."""
    return 800 * (1 + rng.uniform(0.3, 0.7) * np.sin(_phase(rng, t))) * rng.normal(1, 0.004, t.size)


def morning(rng: np.random.Generator, t: Floats) -> Floats:
    """Offices open: a rise from a low to a high level within an hour or two, at another time for each."""
    middle = t[-1] - rng.uniform(-0.5, 3.0) * 3_600
    return 200 * (0.3 + 1 / (1 + np.exp(-(t - middle) / rng.uniform(1_200, 2_400)))) * rng.normal(1, 0.02, t.size)


def batch(rng: np.random.Generator, t: Floats) -> Floats:
    """Jobs every quarter to half an hour that take a few minutes and four times the usual."""
    every, length = rng.uniform(900, 1_800), rng.uniform(120, 360)
    inside = ((t + rng.uniform(0, every)) % every) < length
    return 20 * rng.lognormal(0, 0.05, t.size) * np.where(inside, 4.0, 1.0)


def collected(rng: np.random.Generator, t: Floats) -> Floats:
    """Memory under a collector of garbage: it fills for a while and falls."""
    every = rng.uniform(600, 2_400)
    return 3e8 * (1 + 0.8 * (((t + rng.uniform(0, every)) % every) / every)) * rng.normal(1, 0.01, t.size)


def rare(rng: np.random.Generator, t: Floats) -> Floats:
    """Shares of failures of a service with few requests: mostly none, now and then one of a handful."""
    asked = rng.poisson(8, t.size)
    return rng.binomial(asked, 0.004) / np.maximum(asked, 1)


def crowd(rng: np.random.Generator, t: Floats) -> Floats:
    """Connections in use: small whole numbers."""
    return rng.poisson(4 + 2 * np.sin(_phase(rng, t)), t.size).astype(np.float64)


def restarted(rng: np.random.Generator, t: Floats) -> Floats:
    """Latency of a service that is deployed twice in the window: each time slow for a minute or two."""
    out = 0.08 * rng.lognormal(0, 0.15, t.size)
    for _ in range(2):
        at = rng.uniform(t[0], t[-1])
        out = out * np.where((t >= at) & (t < at + rng.uniform(40, 120)), 4.0, 1.0)
    return out


def counted(rng: np.random.Generator, t: Floats) -> Floats:
    """A counter that starts anew with each of two deploys."""
    total = np.cumsum(rng.poisson(50 * float(t[1] - t[0]), t.size)).astype(np.float64)
    for at in np.sort(rng.uniform(t[0], t[-1], 2)):
        after = t >= at
        if after.any():
            total[after] -= total[after][0]
    return total


HEALTHY: dict[str, Make] = {
    made.__name__: made for made in (walk, tails, day, morning, batch, collected, rare, crowd, restarted, counted)
}
_NAMES = {
    "counted": ("requests_total", SignalKind.TRAFFIC), "rare": ("error_share", SignalKind.ERRORS),
    "collected": ("heap", SignalKind.MEMORY), "crowd": ("pool_in_use", SignalKind.SATURATION),
    "restarted": ("latency", SignalKind.LATENCY), "day": ("traffic", SignalKind.TRAFFIC),
    "morning": ("demand", SignalKind.TRAFFIC),
}  # fmt: skip
_ANY = (SignalKind.LATENCY, SignalKind.CPU, SignalKind.SATURATION, SignalKind.TRAFFIC)


def window_s(step_s: int) -> float:
    """The seconds that are looked at: three hours, or as much as a hundred samples take."""
    return max(3 * 3_600.0, 100.0 * step_s)


def moments(step_s: int) -> Floats:
    """The moments of a window's samples."""
    return np.arange(NOW.timestamp() - window_s(step_s), NOW.timestamp() + 1, step_s, dtype=np.float64)


def one_sort(name: str, step_s: int, seed: int) -> list[Series]:
    """A healthy world of one sort of series: six signals of each service."""
    rng, times = np.random.default_rng([seed, step_s]), moments(step_s)
    made, named = HEALTHY[name], _NAMES.get(name)
    found: list[Series] = []
    for service in range(SERVICES):
        for number in range(6):
            label, kind = named or (f"signal_{number}", _ANY[number % len(_ANY)])
            ending = "_total" if label.endswith("_total") else ""
            label = f"{label.removesuffix('_total')}_{number}{ending}"
            found.append(Series(f"svc{service}", label, times, made(rng, times), kind))
    return found


def mixed(step_s: int, seed: int) -> list[Series]:
    """A healthy world in which every service has one series of each sort."""
    rng, times = np.random.default_rng([seed, step_s, 7]), moments(step_s)
    found: list[Series] = []
    for service in range(SERVICES):
        for name, made in HEALTHY.items():
            label, kind = _NAMES.get(name, (name, _ANY[service % len(_ANY)]))
            found.append(Series(f"svc{service}", label, times, made(rng, times), kind))
        found.append(Series(f"svc{service}", "p99", times, 0.2 * rng.lognormal(0, 0.2, times.size), SignalKind.LATENCY))
    return found


@dataclass(frozen=True)
class Trouble:
    """A world in which one service is broken: `culprit`; its callers up to the alerting one are its victims."""

    series: tuple[Series, ...]
    alerts: tuple[Alert, ...]
    catalogue: Catalogue
    culprit: str


def troubled(fault: Fault, step_s: int, seed: int, *, alerted: bool = True) -> Trouble:
    """A mixed world with a fault that is ten minutes old, or six samples where those are further apart."""
    rng = np.random.default_rng([seed, step_s, 11])
    began = NOW.timestamp() - max(600.0, 6.0 * step_s)
    names = [f"svc{i}" for i in range(SERVICES)]
    callers = {names[i]: names[int(rng.integers(0, i))] for i in range(1, SERVICES)}
    culprit = names[int(rng.integers(1, SERVICES))]
    path = [culprit]
    while path[-1] in callers:
        path.append(callers[path[-1]])
    series = [_hurt(s, fault, path, began) for s in mixed(step_s, seed)]
    alert = Alert("TooSlow", NOW - timedelta(seconds=(NOW.timestamp() - began) / 2), service=path[-1])
    edges = tuple((caller, callee) for callee, caller in callers.items())
    known = Catalogue(tuple(Service(name=n) for n in names), edges)
    return Trouble(tuple(series), (alert,) if alerted else (), known, culprit)


def _hurt(one: Series, fault: Fault, path: list[str], began: float) -> Series:
    """The series with the fault in it: the culprit's own signal, and the waiting or failing of those who call it."""
    if one.service not in path:
        return one
    since, hops = one.times >= began, path.index(one.service)
    values = one.values
    if one.name == "p99" and fault != "failing":
        values = values + np.where(since, 2.0, 0.0)
    if one.name == "error_share" and fault == "failing":
        values = np.where(since, np.clip(values + 0.4 * 0.9**hops, 0, 1), values)
    if hops == 0 and fault == "starved" and one.kind is SignalKind.TRAFFIC and not one.name.endswith("_total"):
        values = values * np.where(since, 0.1, 1.0)
    if hops == 0 and fault == "full" and one.name == "pool_in_use":
        values = values + np.where(since, 60.0, 0.0)
    return replace(one, values=values)
