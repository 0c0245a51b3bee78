"""What a metric's name says by the common naming conventions: pure, without a look at any server."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sre_advisor.connectors.prometheus.capacity import limits_of
from sre_advisor.model import SignalKind


class Shape(StrEnum):
    """How a metric has to be asked so that it becomes a signal."""

    COUNTER = "counter"
    HISTOGRAM = "histogram"
    MEAN = "mean"
    GAUGE_SUM = "gauge_sum"
    GAUGE_MAX = "gauge_max"
    GAUGE_MEAN = "gauge_mean"
    GAUGE_MIN = "gauge_min"
    EDGES_ONLY = "edges_only"


GAUGES = frozenset({Shape.GAUGE_SUM, Shape.GAUGE_MAX, Shape.GAUGE_MEAN, Shape.GAUGE_MIN})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A metric that may be a golden signal; `probe` is the series whose labels tell how to group it.

    `stem` is its name without suffixes; `rank` orders candidates of a kind, well-known ones first; `limit` is the gauge
    that says how far this one can rise.
    """

    name: str
    stem: str
    probe: str
    shape: Shape
    kind: SignalKind
    unit: str | None
    rank: int
    limit: str | None = None


PLAIN_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
"""Recorded rules (with colons) repeat what raw series say, other characters need quoting: both left out."""

MACHINERY = re.compile(
    r"(go|promhttp|prometheus|alertmanager|scrape|net_conntrack|python|node|kube|kubelet|kubeproxy|apiserver|etcd|rest_client"
    r"|workqueue|coredns|machine|cadvisor|container|aggregator|authentication|storage_operation|volume|ALERTS|process)(_|$)"
)
"""Exporters and platforms that are not the services asked about; the few of their metrics that matter are in KNOWN."""

KNOWN: Mapping[str, tuple[Shape, SignalKind, str]] = {
    "up": (Shape.GAUGE_MEAN, SignalKind.AVAILABILITY, "ratio"),
    "probe_success": (Shape.GAUGE_MEAN, SignalKind.AVAILABILITY, "ratio"),
    "container_cpu_usage_seconds_total": (Shape.COUNTER, SignalKind.CPU, "cores"),
    "container_memory_working_set_bytes": (Shape.GAUGE_SUM, SignalKind.MEMORY, "bytes"),
    "container_cpu_cfs_throttled_periods_total": (Shape.COUNTER, SignalKind.SATURATION, "periods/s"),
    "kube_pod_container_status_restarts_total": (Shape.COUNTER, SignalKind.OTHER, "restarts/s"),
    "process_cpu_seconds_total": (Shape.COUNTER, SignalKind.CPU, "cores"),
    "process_resident_memory_bytes": (Shape.GAUGE_SUM, SignalKind.MEMORY, "bytes"),
    "process_open_fds": (Shape.GAUGE_MAX, SignalKind.SATURATION, "file descriptors"),
}

_REQUEST_NAMES = re.compile(
    r"(http|grpc|istio|traces|rpc|requests?|calls|handled|server)(_|$)|(^|_)(http|grpc|rpc|requests?|server)_"
)
_EVENTS = re.compile(
    r"(^|_)(requests?|calls?|handled|operations|ops|rpcs?|queries|messages|jobs|tasks|transactions|invocations|commands"
    r"|events|processed|served|consumed|published|received|sent|logins?|orders?|payments?)(_|$)"
)
_FAILED = re.compile(
    r"(^|_)(errors?|failures?|failed|exceptions?|timeouts?|rejected|rejections?|dropped|aborted|panics?|retries|oom)(_|$)"
)
_DURATION = re.compile(r"(^|_)(duration|latency|time|elapsed|wait|seconds|milliseconds|millis|ms)(_|$)")
_CLIENT_SIDE = re.compile(r"(^|_)client(_|$)|^dependency_")
_GAUGES: tuple[tuple[re.Pattern[str], Shape, SignalKind], ...] = (
    (re.compile(r"(error|failure)s?_(rate|ratio|percent)"), Shape.GAUGE_MAX, SignalKind.ERRORS),
    (re.compile(r"availability|success_(rate|ratio)|(^|_)healthy(_|$)"), Shape.GAUGE_MIN, SignalKind.AVAILABILITY),
    (re.compile(r"(latency|duration|response_time)"), Shape.GAUGE_MAX, SignalKind.LATENCY),
    (re.compile(r"(^|_)(rps|qps|throughput|requests?_(per_second|rate))(_|$)"), Shape.GAUGE_SUM, SignalKind.TRAFFIC),
    (re.compile(r"(utili[sz]ation|saturation|ratio|percent)"), Shape.GAUGE_MAX, SignalKind.SATURATION),
    (re.compile(r"(^|_)cpu(_|$)"), Shape.GAUGE_SUM, SignalKind.CPU),
    (re.compile(r"(^|_)(memory|mem|rss|heap)(_|$)"), Shape.GAUGE_SUM, SignalKind.MEMORY),
    (
        re.compile(
            r"(^|_)(pool|connections?|conns?|queued?|depth|in_?flight|pending|backlog|lag|threads|workers|waiting|waiters"
            r"|active|busy|idle|slots|semaphore|fds|sessions|buffered)(_|$)"
        ),
        Shape.GAUGE_SUM,
        SignalKind.SATURATION,
    ),
)
_UNITS = ((r"_milliseconds|_millis|_ms", "ms"), (r"_seconds", "s"), (r"_bytes", "bytes"), (r"_ratio", "ratio"))
_SUFFIX = re.compile(r"_(total|bucket|count|sum)$")


def classify(names: Collection[str], types: Mapping[str, str]) -> tuple[Candidate, ...]:
    """The metrics that may be golden signals, one a family; `types` is what the server's metadata says, if anything."""
    held = {name for name in names if PLAIN_NAME.fullmatch(name)}
    found = (_classify_one(name, held, types.get(name, "")) for name in sorted(held))
    return _with_limits([candidate for candidate in found if candidate is not None], held)


def _with_limits(candidates: Sequence[Candidate], held: Collection[str]) -> tuple[Candidate, ...]:
    """Gauges of one pair as one candidate: a limit alone is flat by nature."""
    limits = limits_of(held)
    paired = {c.name: limits[c.name] for c in candidates if c.name in limits and c.shape in GAUGES}
    flat = set(paired.values())
    return tuple(
        replace(c, limit=paired[c.name], kind=SignalKind.SATURATION) if c.name in paired else c
        for c in candidates
        if c.name not in flat
    )


def _classify_one(name: str, held: Collection[str], told: str) -> Candidate | None:
    if name in KNOWN:
        shape, kind, unit = KNOWN[name]
        return Candidate(name, _SUFFIX.sub("", name), name, shape, kind, unit, 0)
    if MACHINERY.match(name) or name.endswith(("_created", "_info")):
        return None
    stem = _SUFFIX.sub("", name)
    if name.endswith("_bucket"):
        return _distribution(name, stem, Shape.HISTOGRAM) if f"{stem}_count" in held else None
    if name.endswith("_sum") and f"{stem}_count" in held:
        return None if f"{stem}_bucket" in held else _distribution(name, stem, Shape.MEAN)
    if told in {"counter", "histogram"} or name.endswith("_total") or f"{stem}_sum" in held:
        return _counter(name, stem, held)
    return None if told == "summary" else _gauge(name)


def _distribution(name: str, stem: str, shape: Shape) -> Candidate | None:
    if not _DURATION.search(stem):
        return None
    rank = _rank(stem) + (3 if _CLIENT_SIDE.search(stem) else 0)
    return Candidate(name, stem, f"{stem}_count", shape, SignalKind.LATENCY, unit_of(stem), rank)


def _counter(name: str, stem: str, held: Collection[str]) -> Candidate | None:
    if _FAILED.search(stem):
        return Candidate(name, stem, name, Shape.COUNTER, SignalKind.ERRORS, "errors/s", _rank(stem))
    if not _EVENTS.search(stem) and not (name.endswith("_count") and _DURATION.search(stem)):
        return None
    # A histogram's _count repeats the request counter beside it.
    repeats = name.endswith("_count") and any(f"{_family(stem)}{end}" in held for end in ("s_total", "_total"))
    shape = Shape.EDGES_ONLY if repeats or _CLIENT_SIDE.search(stem) else Shape.COUNTER
    return Candidate(name, stem, name, shape, SignalKind.TRAFFIC, "requests/s", _rank(stem))


def _gauge(name: str) -> Candidate | None:
    for pattern, shape, kind in _GAUGES:
        if pattern.search(name):
            return Candidate(name, name, name, shape, kind, unit_of(name), _rank(name))
    return None


def _family(stem: str) -> str:
    return re.sub(r"(_(duration|latency|time))?(_(seconds|milliseconds|ms))?$", "", stem)


def _rank(stem: str) -> int:
    return 1 if _REQUEST_NAMES.search(stem) else 2


def unit_of(name: str) -> str | None:
    """The unit in a metric's name, None when it names none."""
    return next((unit for pattern, unit in _UNITS if re.search(f"({pattern})(_|$)", name)), None)
