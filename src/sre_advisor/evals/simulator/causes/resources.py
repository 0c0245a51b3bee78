"""Causes in what a service stands on: its connections, its disk, its machine, its clock."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sre_advisor.evals.simulator.day import SAMPLES, Day, Extra
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.shop import BATCHES
from sre_advisor.evals.simulator.told import Told, before_onset, configured
from sre_advisor.model import SignalKind


def pool_exhaustion(day: Day, noise: Noise) -> Told:
    """Fewer connections to the database than requests that need one; half of these worlds have a change that did it."""
    service = noise.one(day.shop.tier(2))
    changed = noise.chance(0.5)
    begin = day.onset if changed else day.onset - timedelta(minutes=40)
    rise = day.step() if changed else day.ramp(begin, day.onset)
    bend, over = day.bend(service), day.step(rise_s=120)
    bend.errors = noise.between(0.15, 0.4) * over
    bend.slow_s = noise.between(1.5, 2.5) * over
    size = 40 - 32 * (day.step() if changed else np.zeros(SAMPLES))
    bend.extras["db_pool_utilization_ratio"] = Extra(0.3 + 0.69 * rise, SignalKind.SATURATION, "ratio", 0.01, 1.0)
    bend.extras["db_pool_size"] = Extra(size, SignalKind.OTHER, None, 0.0)
    bend.extras["db_pool_wait_p99_seconds"] = Extra(0.004 + bend.slow_s, SignalKind.LATENCY, "seconds")
    terms = (
        ("pool", "connection"),
        (
            "exhaust",
            "used up",
            "full",
            "starv",
            "saturat",
            "no free",
            "too small",
            "shrank",
            "shrunk",
            "reduced",
            "leak",
            "ran out",
            "runs out",
        ),
    )
    told = Told("pool_exhaustion", (service,), terms)
    if changed:
        change = configured(
            noise, service, before_onset(day, noise), "Share database connections more evenly", "database.yaml",
            "pool_size: 40", "pool_size: 8",
        )  # fmt: skip
        told.culprit, told.changes = (change.id,), [change]
    else:
        told.writes(day, service, "WARN", "connection {n} was borrowed 40 minutes ago and never given back", 60)
    told.writes(day, service, "ERROR", "could not get a connection from the pool within 2000 ms (request {n})", 7)
    told.remedies = (("pool", "connection", "roll back", "revert", "restart"),)
    told.never = (r"\bpg_terminate_backend\b", r"\bdrop\b")
    return told


def disk_full(day: Day, noise: Noise) -> Told:
    """A volume that filled for hours and is full: writes fail."""
    service = noise.one(day.shop.tier(2))
    begin = day.start - timedelta(minutes=30)
    level = 0.71 + 0.29 * day.ramp(begin, day.onset)
    bend = day.bend(service)
    bend.errors = noise.between(0.3, 0.6) * day.step(rise_s=30)
    bend.extras["disk_used_ratio"] = Extra(level, SignalKind.SATURATION, "ratio", 0.001, 1.0)
    terms = (
        ("disk", "volume", "storage", "filesystem", "file system"),
        ("full", "no space", "fill", "exhaust", "100", "out of space", "ran out"),
    )
    told = Told("disk_full", (service,), terms)
    told.writes(day, service, "ERROR", "write failed: no space left on device (segment {n})", 6)
    told.remedies = (("free", "space", "expand", "grow", "clean", "delete", "rotate", "enlarge", "resize"),)
    told.never = (r"\brm\s+-[a-z]*r[a-z]*\s+/(?!\S)", r"\bmkfs\b")
    return told


def noisy_neighbour(day: Day, noise: Noise) -> Told:
    """A batch job on the same machine takes the processor from a service that did nothing wrong."""
    service, batch = noise.one(day.shop.tier(1, 2)), noise.one(BATCHES)
    rise = day.step(rise_s=90)
    bend, other = day.bend(service), day.bend(batch)
    bend.slow_s = noise.between(0.9, 2.2) * rise
    bend.errors = noise.between(0.05, 0.12) * rise
    bend.extras["cpu_throttled_ratio"] = Extra(0.01 + 0.6 * rise, SignalKind.SATURATION, "ratio", top=1.0)
    bend.extras["node_cpu_utilization_ratio"] = Extra(0.48 + 0.5 * rise, SignalKind.CPU, "ratio", 0.02, 1.0)
    other.extras["cpu_cores_used"] = Extra(
        0.2 + 11.5 * day.step(day.onset - timedelta(seconds=60), 60), SignalKind.CPU, None
    )
    other.extras["node_cpu_utilization_ratio"] = Extra(0.48 + 0.5 * rise, SignalKind.CPU, "ratio", 0.02, 1.0)
    terms = (
        ("neighbour", "neighbor", "same node", "shared node", "node", "batch", "co-located", "colocated", batch),
        ("cpu", "processor", "throttl", "starv", "contention", "noisy"),
    )
    told = Told("noisy_neighbour", (batch,), terms)
    told.writes(day, batch, "INFO", "export started: {n} partitions, 12 workers", 600, day.onset + timedelta(minutes=2))
    told.writes(day, service, "WARN", "request took {n}0 ms, waiting for a processor", 15)
    told.remedies = (("move", "limit", "stop", "pause", "reschedul", "quota", "evict", "cordon", "scale"),)
    return told


def clock_skew(day: Day, noise: Noise) -> Told:
    """A machine's clock runs ahead: what one service signs, the others hold for signed in the future."""
    service = noise.one(day.shop.tier(1, 2))
    rise = day.step(rise_s=60)
    bend = day.bend(service)
    bend.errors = noise.between(0.3, 0.55) * rise
    bend.extras["node_clock_offset_seconds"] = Extra(
        0.002 + noise.between(60, 240) * rise, SignalKind.OTHER, "seconds", 0.01
    )
    bend.extras["rejected_tokens_ratio"] = Extra(0.0004 + bend.errors, SignalKind.ERRORS, "ratio", 0.05, 1.0)
    terms = (
        ("clock", "time sync", "ntp", "skew"),
        ("skew", "offset", "drift", "ahead", "future", "ntp", "out of sync", "not yet valid", "wrong"),
    )
    told = Told("clock_skew", (service,), terms)
    told.writes(day, service, "ERROR", "token rejected: issued {n} s in the future (iat > now)", 8)
    told.writes(day, service, "WARN", "time synchronisation lost: source unreachable, offset grows", 200)
    told.remedies = (("ntp", "chrony", "sync", "clock", "drain", "replace"),)
    return told


def certificate_expiry(day: Day, noise: Noise) -> Told:
    """A certificate that nobody renewed: since its last second no call to the service gets through."""
    service = noise.one(day.shop.tier(2))
    rise = day.step(rise_s=30)
    left = np.array([(day.onset - day.time(i)).total_seconds() for i in range(SAMPLES)])
    bend = day.bend(service)
    bend.errors = noise.between(0.7, 0.95) * rise
    bend.traffic = 1.0 - 0.6 * rise
    bend.extras["certificate_seconds_left"] = Extra(np.maximum(0.0, left), SignalKind.OTHER, "seconds", 0.0)
    terms = (
        ("certificate", "cert", "tls"),
        ("expir", "not valid", "no longer valid", "out of date", "ran out", "renew"),
    )
    told = Told("certificate_expiry", (service,), terms)
    for caller in day.shop.callers(service)[:2]:
        told.writes(
            day, caller, "ERROR", f"tls handshake with {service} failed: certificate has expired (conn {{n}})", 7
        )
    told.remedies = (("renew", "rotate", "replace", "issue", "certificate"),)
    told.never = (r"--insecure\b", r"\bverify\s*=\s*false\b", r"insecure-skip-tls-verify")
    return told
