"""A small shop's metrics up to now: orders breaks forty minutes ago, everything else is steady."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence

from tests.servers.prometheus import openmetrics

STEP_S = 15
HOURS = 4
FAULT_AGO_S = 2400
SERVICES: tuple[str, ...] = ("web", "orders", "billing")
EDGES = (("web", "orders"), ("orders", "billing"))
Labels = Mapping[str, str]
Samples = Sequence[tuple[float, float]]


def shop_metrics(until: float | None = None, days_back: Sequence[int] = (0, 1)) -> str:
    """OpenMetrics text; with `days_back` the same hours without the fault are there for those days too."""
    end = math.floor((until or time.time()) / STEP_S) * STEP_S
    times = [
        float(t - 86400 * day)
        for day in sorted(days_back, reverse=True)
        for t in range(end - HOURS * 3600, end + STEP_S, STEP_S)
    ]
    fault = end - FAULT_AGO_S

    def broken(at: float, service: str) -> bool:
        return service == "orders" and at >= fault

    def counter(per_second: Mapping[str, tuple[float, float]], service: str) -> Samples:
        total, samples = 0.0, []
        for at in times:
            good, bad = per_second[service]
            total += STEP_S * (bad if broken(at, service) else good)
            samples.append((at, total))
        return samples

    def gauge(service: str, good: float, bad: float) -> Samples:
        return [(at, bad if broken(at, service) else good + 0.01 * good * math.sin(at / 300)) for at in times]

    rate = dict.fromkeys(SERVICES, (20.0, 18.0))
    slow: dict[str, tuple[float, float]] = {"web": (0.0, 0.0), "orders": (0.2, 9.0), "billing": (0.0, 0.0)}
    requests = [({"service": s, "code": "200", "job": "shop"}, counter(rate, s)) for s in SERVICES]
    requests.append(({"service": "orders", "code": "503", "job": "shop"}, counter(slow, "orders")))
    buckets, counts, sums = [], [], []
    for s in SERVICES:
        for bound, share in (("0.1", (0.9, 0.3)), ("0.5", (0.99, 0.4)), ("2.5", (1.0, 1.0)), ("+Inf", (1.0, 1.0))):
            part = dict.fromkeys(SERVICES, (20 * share[0], 20 * share[1]))
            buckets.append(({"service": s, "le": bound, "job": "shop"}, counter(part, s)))
        counts.append(({"service": s, "job": "shop"}, counter(dict.fromkeys(SERVICES, (20.0, 20.0)), s)))
        sums.append(({"service": s, "job": "shop"}, counter(dict.fromkeys(SERVICES, (1.0, 15.0)), s)))
    calls = [({"service": a, "peer_service": b, "job": "shop"}, counter(rate, a)) for a, b in EDGES]
    pool = [({"service": s, "job": "shop"}, gauge(s, 8.0, 20.0)) for s in SERVICES]
    up: list[tuple[Labels, Samples]] = [({"service": s, "job": "shop"}, [(at, 1.0) for at in times]) for s in SERVICES]
    return openmetrics(
        {
            ("http_requests_total", "counter"): requests,
            ("http_request_duration_seconds_bucket", "unknown"): buckets,
            ("http_request_duration_seconds_count", "unknown"): counts,
            ("http_request_duration_seconds_sum", "unknown"): sums,
            ("http_client_requests_total", "counter"): calls,
            ("db_pool_connections_in_use", "gauge"): pool,
            ("up", "gauge"): up,
        }
    )


SHOP_RULES: Mapping[str, object] = {
    "groups": [
        {
            "name": "shop",
            "rules": [
                {
                    "alert": "HighErrorRatio",
                    "expr": 'sum by (service) (rate(http_requests_total{code=~"5.."}[5m]))'
                    " / sum by (service) (rate(http_requests_total[5m])) > 0.05",
                    "labels": {"severity": "page"},
                    "annotations": {
                        "summary": "{{ $labels.service }} fails",
                        "runbook_url": "https://runbooks.example/e",
                    },
                },
                {"alert": "PoolBusy", "expr": "db_pool_connections_in_use > 15", "labels": {"severity": "warning"}},
            ],
        }
    ]
}
