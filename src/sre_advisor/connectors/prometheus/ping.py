"""Whether Prometheus can be read, in one request, told as a word and a piece of advice."""

from __future__ import annotations

import time
from typing import Literal

from sre_advisor.connectors.contract import Health, ToolFailure, Unavailable, UnavailableKind
from sre_advisor.connectors.prometheus.reads import PrometheusReads

SKEW_WORTH_SAYING_S = 30.0

State = Literal["ok", "unreachable", "unauthorised", "misconfigured"]
_STATES: dict[UnavailableKind, tuple[State, str]] = {
    "unreachable": ("unreachable", "check prometheus.url, that it runs, and the network in between"),
    "timeout": ("unreachable", "check that it is not overloaded; prometheus.timeout_s can be raised"),
    "unauthorised": ("unauthorised", "check the token or password that the configuration names"),
    "server_error": ("unreachable", "look at Prometheus' own log, or the proxy's in front of it"),
    "garbled": ("misconfigured", "prometheus.url must be Prometheus' base address, with its path prefix if it has one"),
    "too_large": (
        "misconfigured",
        "prometheus.url must be Prometheus' base address, with its path prefix if it has one",
    ),
    "internal": ("misconfigured", "look at the log"),
}


async def ping(reads: PrometheusReads, name: str) -> Health:
    """Health of this Prometheus; asks for its clock, so that skew shows too."""
    started = time.perf_counter()
    if reads.config.url is None:
        return Health(name, "misconfigured", "not configured", 0.0, "set prometheus.url")
    try:
        theirs = await reads.server_time()
    except Unavailable as failure:
        state, advice = _STATES[failure.kind]
        return Health(name, state, failure.detail, time.perf_counter() - started, advice)
    except ToolFailure as failure:
        return Health(name, "misconfigured", str(failure), time.perf_counter() - started, _STATES["garbled"][1])
    seconds = time.perf_counter() - started
    skew = theirs - time.time()
    if abs(skew) > SKEW_WORTH_SAYING_S:
        way = "ahead of" if skew > 0 else "behind"
        return Health(
            name, "ok", f"reachable; its clock is {abs(skew):.0f} s {way} ours", seconds, "synchronise clocks"
        )
    return Health(name, "ok", "reachable", seconds)
