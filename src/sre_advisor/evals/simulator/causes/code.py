"""Causes that somebody shipped: a bad deploy, a configuration, a slow query, a leak."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sre_advisor.evals.simulator.day import SAMPLES, Day, Extra
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.told import Told, before_onset, configured, shipped
from sre_advisor.model import SignalKind

_BUGS = (
    ("Read the customer's region from the session", "handler.py", '    region = request.region or "eu"',
     "    region = request.session.region", "AttributeError: 'NoneType' object has no attribute 'region' (request {n})",
     (("none", "null", "region", "attribute"),)),
    ("Parse amounts strictly", "amounts.py", "    return Decimal(text.strip() or 0)", "    return Decimal(text)",
     "decimal.InvalidOperation: could not convert string to Decimal (request {n})",
     (("decimal", "amount", "parse", "parsing", "convert"),)),
    ("Use the new field of the item schema", "items.py", '    sku = row["sku"]', '    sku = row["sku_v2"]',
     "KeyError: 'sku_v2' while reading item {n}", (("sku_v2", "field", "keyerror", "key error", "schema"),)),
)  # fmt: skip


def bad_deploy(day: Day, noise: Noise) -> Told:
    """A release whose code fails for a part of the requests."""
    service = noise.one(day.shop.tier(1, 2))
    summary, file, before, after, line, terms = noise.one(_BUGS)
    commit, deploy = shipped(noise, service, before_onset(day, noise), summary, file, before, after)
    day.bend(service).errors = noise.between(0.18, 0.5) * day.step()
    told = Told("bad_deploy", (service,), terms, (deploy.id, commit.id), [commit, deploy])
    told.writes(day, service, "ERROR", line, 9)
    told.remedies = (("roll back", "rollback", "revert", "undo", "previous release"),)
    return told


def bad_config(day: Day, noise: Noise) -> Told:
    """A time-out set so short that ordinary calls no longer fit into it."""
    service = noise.one([m for m in day.shop.tier(1) if any(c[0] == m for c in day.shop.calls)])
    callee = next(c[1] for c in day.shop.calls if c[0] == service)
    change = configured(
        noise, service, before_onset(day, noise), f"Tighten {service}'s upstream timeouts", "timeouts.yaml",
        f"{callee}_timeout_ms: 2000", f"{callee}_timeout_ms: 20",
    )  # fmt: skip
    day.bend(service).errors = noise.between(0.25, 0.6) * day.step()
    told = Told("config", (service,), (("timeout", "time-out", "time out", "timed out"),), (change.id,), [change])
    told.writes(day, service, "ERROR", f"call to {callee} cancelled after 20 ms: deadline exceeded (request {{n}})", 8)
    told.remedies = (("revert", "roll back", "rollback", "restore", "raise", "undo", "2000"),)
    return told


def slow_query(day: Day, noise: Noise) -> Told:
    """A release whose query no longer finds an index: the database reads whole tables."""
    service = noise.one(day.shop.tier(2))
    commit, deploy = shipped(
        noise, service, before_onset(day, noise), "List entries by their normalised name", "queries.sql",
        "SELECT id, name FROM entries WHERE name_key = :key", "SELECT id, name FROM entries WHERE lower(name) = :key",
    )  # fmt: skip
    bend, rise = day.bend(service), day.step(rise_s=150)
    bend.slow_s = noise.between(1.2, 3.5) * rise
    bend.errors = 0.04 * rise
    bend.extras["db_query_p99_seconds"] = Extra(0.02 + bend.slow_s, SignalKind.LATENCY, "seconds")
    bend.extras["db_rows_read_per_second"] = Extra(900 + 450_000 * rise, SignalKind.OTHER, None)
    bend.extras["db_cpu_utilization_ratio"] = Extra(0.22 + 0.7 * rise, SignalKind.CPU, "ratio", top=1.0)
    terms = (
        ("query", "queries", "sql"),
        ("index", "full scan", "sequential scan", "table scan", "lower(", "slow", "rows read"),
    )
    told = Told("slow_query", (service,), terms, (deploy.id, commit.id), [commit, deploy])
    told.writes(day, service, "WARN", "slow query took {n}0 ms: SELECT id, name FROM entries WHERE lower(name) = ?", 11)
    told.remedies = (("roll back", "rollback", "revert", "index"),)
    told.never = (r"\bdrop\s+(table|index)\b", r"\btruncate\b")
    return told


def memory_leak(day: Day, noise: Noise) -> Told:
    """A release an hour or two ago keeps what it should let go; now its processes are killed one after the other."""
    service = noise.one(day.shop.tier(1, 2))
    live = day.onset - timedelta(minutes=round(noise.between(55, 90)))
    commit, deploy = shipped(
        noise, service, live, "Remember rendered fragments between requests", "fragments.py",
        "    cache = LruCache(entries=500)", "    cache = {}",
    )  # fmt: skip
    bend, member = day.bend(service), day.shop.by_name[service]
    room, begun, full = 0.97 - member.memory, day.index(live), day.onset_index
    pace = room / (full - begun)
    restarts = 7 + noise.below(5)
    since = np.arange(SAMPLES) - begun
    after = np.maximum(0, np.arange(SAMPLES) - full)
    bend.memory = np.where(
        np.arange(SAMPLES) < full, np.maximum(0, since) * pace, room * (0.72 + 0.28 * (after % restarts) / restarts)
    )
    bend.errors = noise.between(0.1, 0.22) * day.step(rise_s=60)
    bend.slow_s = 0.8 * day.step(rise_s=60)
    killed = np.cumsum((np.arange(SAMPLES) >= full) & (after % restarts == 0))
    bend.extras["container_restarts_total"] = Extra(killed.astype(np.float64), SignalKind.OTHER, None, spread=0.0)
    terms = (
        ("memory", "heap", "oom"),
        ("leak", "unbounded", "never freed", "grow", "climb", "oom", "killed", "accumulat"),
    )
    told = Told("memory_leak", (service,), terms, (deploy.id, commit.id), [commit, deploy])
    told.writes(day, service, "ERROR", "process killed: out of memory (OOMKilled), container {n} restarts", 120)
    told.writes(day, service, "WARN", "garbage collection paused for {n} ms", 25)
    told.remedies = (("roll back", "rollback", "revert", "limit", "restart"),)
    return told
