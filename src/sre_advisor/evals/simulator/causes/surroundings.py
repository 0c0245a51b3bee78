"""Causes outside of a service: another company, names, repeated calls, an empty cache, many visitors."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from sre_advisor.evals.simulator.day import SAMPLES, Day, Extra
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.shop import RESOLVER
from sre_advisor.evals.simulator.told import Told, before_onset, configured
from sre_advisor.model import Change, SignalKind


def dependency_down(day: Day, noise: Noise) -> Told:
    """Another company's service fails; nothing was changed in the shop."""
    service = noise.one(day.shop.tier(3))
    rise = day.step(rise_s=60)
    day.bend(service).errors = noise.between(0.6, 0.95) * rise
    day.bend(service).slow_s = noise.between(1.0, 4.0) * rise
    terms = (
        ("provider", "third party", "third-party", "external", "upstream", "outside", "dependency", service),
        ("down", "fail", "outage", "unavailable", "503", "unreachable", "error", "degraded"),
    )
    told = Told("dependency_down", (service,), terms)
    for caller in day.shop.callers(service):
        told.writes(day, caller, "ERROR", f"{service} answered 503 Service Unavailable (attempt {{n}})", 6)
    told.remedies = (
        ("provider", "status page", "fail over", "failover", "fallback", "contact", "disable", "queue", "wait"),
    )
    return told


def dns_failure(day: Day, noise: Noise) -> Told:
    """The cluster's resolver was rolled out with a broken forward: names outside and in are found only now and then."""
    at = before_onset(day, noise)
    change = Change(
        f"rollout-{RESOLVER}-{noise.below(90) + 10}", "rollout", at, f"roll out {RESOLVER} with new forwarders",
        RESOLVER,
        "Eva Placeholder", (f"platform/{RESOLVER}/corefile",),
        f"--- a/platform/{RESOLVER}/corefile\n+++ b/platform/{RESOLVER}/corefile\n@@ -4,1 +4,1 @@\n"
        "-    forward . /etc/resolv.conf\n+    forward . 192.0.2.53\n",
    )  # fmt: skip
    rise, extras = day.step(rise_s=30), day.bend(RESOLVER).extras
    extras["dns_failed_responses_ratio"] = Extra(0.002 + 0.55 * rise, SignalKind.ERRORS, "ratio", 0.08, 1.0)
    extras["dns_request_p99_seconds"] = Extra(0.004 + 4.8 * rise, SignalKind.LATENCY, "seconds")
    extras["dns_requests_per_second"] = Extra(800 * (1 + 0.9 * rise), SignalKind.TRAFFIC, "requests/s")
    hit = noise.some(day.shop.tier(1, 2), 5)
    later = day.step(day.onset + timedelta(seconds=30), 60)
    terms = (
        ("dns", "resolver", "name resolution", "resolv", "lookup"),
        ("fail", "forward", "broken", "timeout", "not found", "no such host", "servfail", "error", "cannot"),
    )
    told = Told("dns", (RESOLVER,), terms, (change.id,), [change])
    for service in hit:
        day.bend(service).errors = noise.between(0.2, 0.45) * later
        callee = next((c[1] for c in day.shop.calls if c[0] == service), "its database")
        told.writes(day, service, "ERROR", f"lookup {callee}: no such host (request {{n}})", 12)
    told.writes(day, RESOLVER, "ERROR", "forward to 192.0.2.53: i/o timeout (query {n})", 9)
    told.remedies = (("roll back", "rollback", "revert", "forward", "undo"),)
    return told


def retry_storm(day: Day, noise: Noise) -> Told:
    """A caller was told to try again at once and often: a small hiccup of its callee becomes a flood."""
    caller, callee = noise.one([(a, b) for a, b, _ in day.shop.calls if day.shop.by_name[b].tier == 2])
    change = configured(
        noise, caller, before_onset(day, noise), f"Be more patient with {callee}", "client.yaml",
        "retries: 1\\n backoff_ms: 500".replace("\\n", ","), "retries: 8, backoff_ms: 0",
    )  # fmt: skip
    rise = day.step(rise_s=120)
    bend = day.bend(callee)
    bend.traffic = 1.0 + noise.between(3.0, 6.0) * rise
    bend.errors = noise.between(0.3, 0.55) * day.step(day.onset + timedelta(seconds=60), 120)
    bend.cpu = 0.45 * rise
    sent = 1.0 + 500 * rise
    day.bend(caller).extras["client_retries_per_second"] = Extra(sent, SignalKind.TRAFFIC, "requests/s", 0.06)
    terms = (
        ("retry", "retries", "retried", "repeated", "try again"),
        ("storm", "flood", "amplif", "backoff", "multipl", "overload", "too many", "8"),
    )
    told = Told("retry_storm", (caller,), terms, (change.id,), [change])
    told.writes(day, caller, "WARN", f"{callee} failed, trying again at once (attempt 8 of 8, request {{n}})", 5)
    told.writes(day, callee, "ERROR", "shedding load: {n} requests in flight", 14)
    told.remedies = (("revert", "roll back", "rollback", "backoff", "retries", "limit", "shed"),)
    return told


def cache_stampede(day: Day, noise: Noise) -> Told:
    """Entries that all expire in the same second: everybody asks the database at once, again and again."""
    service = noise.one(day.shop.tier(1, 2))
    change = configured(
        noise, service, before_onset(day, noise), "Show fresh figures", "cache.yaml", "ttl_s: 900, jitter: 0.2",
        "ttl_s: 5, jitter: 0",
    )  # fmt: skip
    rise = day.step(rise_s=60)
    teeth = 0.75 + 0.25 * (np.arange(SAMPLES) % 2)
    bend = day.bend(service)
    bend.slow_s = noise.between(1.0, 2.6) * rise * teeth
    bend.errors = noise.between(0.08, 0.2) * rise * teeth
    bend.extras["cache_hit_ratio"] = Extra(0.94 - 0.78 * rise, SignalKind.OTHER, "ratio", 0.02, 1.0)
    bend.extras["db_queries_per_second"] = Extra(60 * (1 + 14 * rise * teeth), SignalKind.TRAFFIC, "requests/s")
    terms = (("cache",), ("stampede", "expire", "expir", "ttl", "miss", "hit ratio", "cold", "thundering", "invalidat"))
    told = Told("cache_stampede", (service,), terms, (change.id,), [change])
    told.writes(day, service, "WARN", "cache miss for key figures:{n}, {n} readers wait for the same entry", 6)
    told.remedies = (("revert", "roll back", "rollback", "ttl", "jitter", "warm", "coalesc"),)
    told.never = (r"\bflushall\b", r"\bflushdb\b")
    return told


def traffic_surge(day: Day, noise: Noise) -> Told:
    """Many more visitors than the shop has room for; the service with the least room fails."""
    edge, weakest = day.shop.tier(0)[0], noise.one(day.shop.tier(1, 2))
    factor = noise.between(2.4, 4.0)
    early = day.step(day.onset - timedelta(seconds=120), 180)
    for member in day.shop.members:
        # Who is asked by the crowded edge is crowded too.
        if member.name == edge or edge in day.shop.upstream(member.name):
            day.bend(member.name).traffic = 1.0 + (factor - 1.0) * early
            day.bend(member.name).cpu = 0.12 * early
    bend, rise = day.bend(weakest), day.step(rise_s=180)
    bend.errors = noise.between(0.15, 0.35) * rise
    bend.slow_s = noise.between(0.8, 2.0) * rise
    bend.cpu = 0.6 * early
    terms = (
        ("traffic", "load", "visitors", "requests", "demand"),
        ("surge", "spike", "rose", "times", "increase", "peak", "more than", "overload", "doubl", "tripl", "jump"),
    )
    told = Told("traffic_surge", (weakest, edge), terms)
    told.writes(day, weakest, "WARN", "queue full: {n} requests wait, new ones are refused", 8)
    told.remedies = (("scale", "capacity", "replica", "shed", "rate limit", "limit", "queue"),)
    return told
