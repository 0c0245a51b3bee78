"""Which golden signal a series is when nobody said, read from the ordinary words of metric names."""

from __future__ import annotations

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.words import split_identifier, squash

# The first kind with a word in the name wins: "request_errors" is errors, not traffic. What callers gave up on
# (cancelled, aborted) is theirs to explain, like any other demand, so it counts as traffic.
_WORDS: tuple[tuple[SignalKind, str], ...] = (
    (SignalKind.AVAILABILITY, "availability available success successful up uptime ready healthy alive"),
    (SignalKind.LATENCY, "latency duration delay rtt elapsed ttfb p50 p75 p90 p95 p99 p999"),
    (
        SignalKind.ERRORS,
        "error errors err fail failed failure failures timeout timeouts rejected refused dropped drops panic panics "
        "exception exceptions unauthorized denied oom exhausted servfail restarts crash 4xx 5xx 500 503 retransmit",
    ),
    (SignalKind.CPU, "cpu throttled throttling"),
    (SignalKind.MEMORY, "memory mem heap rss"),
    (
        SignalKind.SATURATION,
        "saturation utilization utilisation pool queue backlog lag depth pending waiting inflight connections conns "
        "threads goroutines disk iops load full limit gc pause lock",
    ),
    (
        SignalKind.TRAFFIC,
        "traffic requests request rps qps tps ops throughput hits calls queries operations transactions messages "
        "transmit receive cancelled canceled aborted rate",
    ),
)
_VOCABULARY = tuple((kind, frozenset(words.split())) for kind, words in _WORDS)


def kind_of(series: Series) -> SignalKind:
    """The kind the series was given, else the one its name speaks of, else OTHER."""
    return series.kind if series.kind is not SignalKind.OTHER else kind_of_name(series.name)


def kind_of_name(name: str) -> SignalKind:
    """The kind a metric's name speaks of, OTHER when it speaks of none."""
    lowered = name.lower()
    words = {w for part in (split_identifier(name), lowered.replace("-", "_").split("_")) for w in part}
    for kind, vocabulary in _VOCABULARY:
        if words & vocabulary:
            return kind
    return SignalKind.OTHER


def peer_of(series: Series, services: dict[str, str]) -> str | None:
    """The other service an edge series speaks of: named whole in its name or a label; None when it names none.

    `services` maps squashed names to names. The longest name wins, so that "cart" does not shadow "cart-cache".
    """
    texts = [squash(series.name)] + [squash(v) for k, v in series.labels.items() if k not in {"service", "job", "app"}]
    own = squash(series.service)
    hits = [s for s in services if len(s) >= 4 and s != own and any(s in t for t in texts)]
    return services[max(hits, key=len)] if hits else None
