"""What the advisor reads while it is measured: about 1,000 series of twelve services, a firing alert, a repository.

`orders` began to fail forty minutes before the start and `web`, which calls it, with it. The samples reach 40 minutes
into the future, so that the last question of a long run sees the same picture as the first.
"""

from __future__ import annotations

import math
import os
import subprocess
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.servers.prometheus import openmetrics

SERVICES = (
    "web", "orders", "billing", "cart", "catalog", "search", "login", "mail", "stock", "prices", "reviews", "shipping",
)  # fmt: skip
CALLS = (("web", "orders"), ("web", "catalog"), ("orders", "billing"), ("orders", "stock"), ("catalog", "prices"))
ROUTES = ("/list", "/show", "/change", "/health", "/count", "/login")
BOUNDS = ("0.01", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf")
STEP_S = 30
HOURS = 4
AHEAD_S = 2400
FAULT_AGO_S = 2400
COMMITS = 40

RULES: Mapping[str, object] = {
    "groups": [
        {
            "name": "shop",
            "rules": [
                {
                    "alert": "HighErrorRatio",
                    "expr": 'sum by (service) (rate(http_requests_total{code="503"}[5m]))'
                    " / sum by (service) (rate(http_requests_total[5m])) > 0.05",
                    "labels": {"severity": "page"},
                    "annotations": {"summary": "{{ $labels.service }} answers with errors"},
                }
            ],
        }
    ]
}

RUNBOOK = """# HighErrorRatio

The service answers with errors. Look at its dependencies and at its connection pool first.

```sh
kubectl -n shop get pods
kubectl -n shop logs deployment/orders --since=15m
```
"""

Samples = list[tuple[float, float]]
Family = list[tuple[Mapping[str, str], Samples]]


def metrics() -> tuple[str, int]:
    """OpenMetrics text around the present, and how many series it holds."""
    end = math.floor((time.time() + AHEAD_S) / STEP_S) * STEP_S
    times = [float(t) for t in range(end - HOURS * 3600, end + STEP_S, STEP_S)]
    fault = end - AHEAD_S - FAULT_AGO_S

    def failing(service: str, at: float) -> bool:
        return service in {"orders", "web"} and at >= fault

    def counter(service: str, good: float, bad: float) -> Samples:
        total, found = 0.0, Samples()
        for at in times:
            wave = 1 + 0.05 * math.sin(at / 700 + len(service))
            total += STEP_S * wave * (bad if failing(service, at) else good)
            found.append((at, total))
        return found

    def gauge(service: str, good: float, bad: float) -> Samples:
        return [(at, bad if failing(service, at) else good * (1 + 0.02 * math.sin(at / 300))) for at in times]

    requests, buckets, counts, sums = Family(), Family(), Family(), Family()
    for service in SERVICES:
        for route in ROUTES:
            labels = {"service": service, "route": route}
            requests.append((labels | {"code": "200"}, counter(service, 4, 3)))
            requests.append((labels | {"code": "503"}, counter(service, 0.002, 1)))
            for n, bound in enumerate(BOUNDS, 1):
                part = n / len(BOUNDS)
                buckets.append((labels | {"le": bound}, counter(service, 4 * part**0.2, 4 * part**2)))
            counts.append((labels, counter(service, 4, 4)))
            sums.append((labels, counter(service, 0.4, 3)))
    pods = [{"service": s, "pod": f"{s}-{n}"} for s in SERVICES for n in range(3)]
    families: dict[tuple[str, str], Family] = {
        ("http_requests_total", "counter"): requests,
        ("http_request_duration_seconds_bucket", "unknown"): buckets,
        ("http_request_duration_seconds_count", "unknown"): counts,
        ("http_request_duration_seconds_sum", "unknown"): sums,
        ("http_client_requests_total", "counter"): [
            ({"service": a, "peer_service": b}, counter(a, 4, 3)) for a, b in CALLS
        ],
        ("db_pool_connections_in_use", "gauge"): [({"service": s}, gauge(s, 8, 20)) for s in SERVICES],
        ("process_cpu_seconds_total", "counter"): [(p, counter(p["service"], 0.2, 0.25)) for p in pods],
        ("process_resident_memory_bytes", "gauge"): [(p, gauge(p["service"], 2e8, 2.1e8)) for p in pods],
        ("up", "gauge"): [(p, [(at, 1.0) for at in times]) for p in pods],
    }
    return openmetrics(families), sum(len(family) for family in families.values())


def repository(folder: Path) -> Path:
    """A repository of so many commits, the newest but one of which shrinks the pool of `orders`."""
    folder.mkdir(parents=True)
    _git(folder, ["init", "-q", "-b", "main"])
    for number in range(COMMITS):
        service = SERVICES[number % len(SERVICES)]
        text, words = f"limit: {number}\n", f"{service}: tune the limit"
        if number == COMMITS - 2:
            service, text, words = "orders", "limit: 4\npool: 2\n", "orders: use fewer connections"
        (folder / service).mkdir(exist_ok=True)
        (folder / service / "settings.yaml").write_text(text)
        ago = {COMMITS - 2: 2500, COMMITS - 1: 2200}.get(number, 86_400 + 3_600 * (COMMITS - number))
        _commit(folder, words, time.time() - ago)
    (folder / "docs").mkdir()
    (folder / "docs" / "HighErrorRatio.md").write_text(RUNBOOK)
    _commit(folder, "docs: say what to look at first", time.time() - 2000)
    return folder


def catalogue() -> list[dict[str, object]]:
    """The services as advisor.yaml names them."""
    calls: dict[str, list[str]] = {}
    for caller, callee in CALLS:
        calls.setdefault(caller, []).append(callee)
    return [
        {
            "name": name,
            "owners": [f"team-{name}"],
            "depends_on": calls.get(name, []),
            "repositories": [{"name": "shop", "paths": [f"{name}/"]}],
        }
        for name in SERVICES
    ]


def _commit(folder: Path, words: str, at: float) -> None:
    _git(folder, ["add", "-A"])
    _git(folder, ["commit", "-q", "-m", words], f"{at:.0f} +0000")


def _git(folder: Path, words: Iterable[str], date: str | None = None) -> None:
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
           for what, value in (("NAME", "Ada Example"), ("EMAIL", "ada@shop.example"))}  # fmt: skip
    when = {"GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date} if date else {}
    quiet = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    subprocess.run(["git", *words], cwd=folder, check=True, env=os.environ | who | when | quiet, capture_output=True)
