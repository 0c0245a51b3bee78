"""Made-up shops: a tree of services with golden signals, in which one service breaks in a known way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import numpy as np

from sre_advisor.model import Alert, Catalogue, Series, SignalKind

Fault = Literal["slow", "errors", "pool", "crash", "cpu", "leak"]
FAULTS: tuple[Fault, ...] = ("slow", "errors", "pool", "crash", "cpu", "leak")
NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
FAULT_LENGTH = timedelta(minutes=12)
ALERT_DELAY = timedelta(minutes=5)


@dataclass(frozen=True)
class Shop:
    """One incident: what would be read, and the answer."""

    now: datetime
    series: tuple[Series, ...]
    alerts: tuple[Alert, ...]
    catalogue: Catalogue
    culprit: str
    began: datetime


def make_shop(
    fault: Fault, seed: int, *, step_s: int = 30, services: int = 10, hours: float = 2.0, drift: float = 0.0
) -> Shop:
    """A shop of `services` whose culprit lies one to three calls below the alerting entry; noise differs by seed.

    `drift` is by how much demand (and cpu and pools with it) grows over the window, as on any morning.
    """
    rng = np.random.default_rng(seed)
    names = [f"svc-{chr(97 + i)}{seed % 7}" for i in range(services)]
    parent = {names[i]: names[int(rng.integers(max(0, i - 3), i))] for i in range(1, services)}
    depth = {names[0]: 0}
    for name in names[1:]:
        depth[name] = depth[parent[name]] + 1
    culprit = str(rng.choice([n for n in names if 1 <= depth[n] <= 3]))
    path = [culprit]
    while path[-1] != names[0]:
        path.append(parent[path[-1]])

    began = NOW - FAULT_LENGTH
    times = np.arange(NOW.timestamp() - hours * 3600, NOW.timestamp() + 1, step_s)
    ramp = np.clip((times - began.timestamp()) / 60.0, 0.0, 1.0)
    morning = 1.0 + drift * (times - times[0]) / (times[-1] - times[0])
    leak = np.clip((times - (NOW.timestamp() - hours * 1800)) / (hours * 1800), 0.0, 1.0)
    base = {n: float(rng.uniform(0.01, 0.08)) for n in names}
    children: dict[str, list[str]] = {n: [c for c, p in parent.items() if p == n] for n in names}
    out: list[Series] = []
    latency: dict[str, np.ndarray] = {}
    for name in reversed(names):
        hurt = fault if name == culprit else None
        extra = ramp * {"slow": 0.8, "pool": 1.2, "cpu": 0.5, "crash": 0.05, "leak": 0.3}.get(hurt or "", 0.0)
        own = base[name] * rng.lognormal(0.0, 0.1, times.size) + extra
        latency[name] = own + sum((latency[c] for c in children[name]), np.zeros_like(times))
        share = {"errors": 0.4, "pool": 0.3, "crash": 0.9, "leak": 0.3, "slow": 0.1, "cpu": 0.08}[fault]
        hops = path.index(name) if name in path else None
        errors = np.abs(rng.normal(0.002, 0.001, times.size))
        if hops is not None:
            errors = errors + share * 0.8**hops * ramp * rng.uniform(0.9, 1.1, times.size)
        load = float(rng.uniform(20, 200))
        traffic = load * morning * rng.normal(1.0, 0.05, times.size)
        if hurt == "crash":
            traffic = traffic * (1 - 0.95 * ramp)
        cpu = 0.3 * morning * rng.normal(1.0, 0.08, times.size) + (0.65 * ramp if hurt == "cpu" else 0.0)
        memory = 4e8 * rng.normal(1.0, 0.02, times.size) * (1 + (1.5 * leak if hurt == "leak" else 0.0))
        pool = np.clip(morning * rng.normal(0.2, 0.02, times.size) + (0.7 * ramp if hurt == "pool" else 0.0), 0, 1)
        for kind, unit, values in (
            (SignalKind.LATENCY, "s", latency[name] * rng.lognormal(0.0, 0.03, times.size)),
            (SignalKind.ERRORS, "ratio", np.clip(errors, 0, 1)),
            (SignalKind.TRAFFIC, "rps", traffic),
            (SignalKind.CPU, "cores", cpu),
            (SignalKind.MEMORY, "bytes", memory),
            (SignalKind.SATURATION, "ratio", pool),
        ):
            out.append(Series(service=name, name=kind.value, times=times, values=values, kind=kind, unit=unit))
    alert = Alert(
        name="EntryErrors",
        started_at=began + ALERT_DELAY,
        service=names[0],
        severity="critical",
        annotations={"summary": "requests at the edge fail"},
    )
    edges = tuple((p, c) for c, p in parent.items())
    return Shop(NOW, tuple(out), (alert,), Catalogue(edges=edges), culprit, began)
