"""Which golden signal a series is when nobody said, read from the ordinary words of metric names."""

from __future__ import annotations

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.words import split_identifier

# The first kind with a word in the name wins: "request_errors" is errors, not traffic. What callers gave up on
# (cancelled, aborted) is theirs to explain, like any other demand, so it counts as traffic.
_ERROR_WORDS = (
    "error errors err fail failed failure failures timeout timeouts rejected refused dropped drops panic panics loss "
    "exception exceptions unauthorized denied oom exhausted servfail restarts crash 4xx 5xx 500 503 retransmit"
)
_SATURATION_WORDS = (
    "saturation utilization utilisation pool queue backlog lag depth pending waiting inflight connections conns load "
    "threads goroutines disk diskio io iops fs filesystem socket sockets swap descriptors fds full limit gc pause lock"
)
_TRAFFIC_WORDS = (
    "traffic requests request rps qps tps ops throughput hits calls queries operations transactions messages workload "
    "network packets bandwidth transmit receive cancelled canceled aborted rate"
)
_VOCABULARY = tuple(
    (kind, frozenset(words.split()))
    for kind, words in (
        (SignalKind.AVAILABILITY, "availability available success successful up uptime ready healthy alive"),
        (SignalKind.LATENCY, "latency duration delay rtt mrt elapsed ttfb p50 p75 p90 p95 p99 p999"),
        (SignalKind.ERRORS, _ERROR_WORDS),
        (SignalKind.CPU, "cpu throttled throttling"),
        (SignalKind.MEMORY, "memory mem heap rss"),
        (SignalKind.SATURATION, _SATURATION_WORDS),
        (SignalKind.TRAFFIC, _TRAFFIC_WORDS),
    )
)
_TIME_UNITS = frozenset({"s", "ms", "us", "seconds", "milliseconds", "microseconds"})


def kind_of(series: Series) -> SignalKind:
    """The kind the series was given, else the one its name or unit speaks of, else OTHER."""
    if series.kind is not SignalKind.OTHER:
        return series.kind
    found = kind_of_name(series.name)
    if found is SignalKind.OTHER and (series.unit or "").lower() in _TIME_UNITS:
        return SignalKind.LATENCY
    return found


def kind_of_name(name: str) -> SignalKind:
    """The kind a metric's name speaks of, OTHER when it speaks of none."""
    parts = split_identifier(name)
    words = {*parts, *name.lower().replace("-", "_").split("_")}
    if "time" in words and words & {"response", "request", "processing", "service", "query"}:
        words.add("latency")
    for kind, vocabulary in _VOCABULARY:
        if words & vocabulary:
            # A histogram's count and buckets count requests, whatever was measured about them.
            counted = kind is SignalKind.LATENCY and parts[-1:] in (["count"], ["bucket"])
            return SignalKind.TRAFFIC if counted else kind
    return SignalKind.OTHER
