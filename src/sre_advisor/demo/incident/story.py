"""`case.json` of the bundled incident: what is firing and what was altered."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from sre_advisor.demo.incident.repository import Commit
from sre_advisor.demo.incident.timeline import (
    CHECKOUT_ALERT,
    CHECKOUT_DEPLOY,
    DISK_ALERT,
    FLAG_FLIP,
    FRONTEND_DEPLOY,
    LATENCY_ALERT,
    LOGGING_DEPLOY,
    NOW,
    POOL_DEPLOY,
    STEP_S,
)

Json = dict[str, JsonValue]
CHANGES_FROM = datetime.fromisoformat("2026-03-11T00:00:00+00:00")
_DOCS = "https://docs.shop.example"


def case(commits: tuple[Commit, ...]) -> Json:
    """The whole of `case.json`."""
    changes: list[Json] = [*(_commit(c) for c in commits if c.at >= CHANGES_FROM), *_deploys(commits), _flag()]
    return {
        "format_version": 1,
        "id": "shop-checkout",
        "question": "why is checkout failing?",
        "source": "sre-advisor, generated",
        "licence": "Apache-2.0",
        "now": _iso(NOW),
        "step_s": STEP_S,
        "alerts": [_disk_alert(), _latency_alert(), _checkout_alert()],
        "changes": [*sorted(changes, key=_by_time)],
        "graph": [],
        "logs": "logs.jsonl",
    }


def _alert(name: str, service: str, at: datetime, severity: str, annotations: dict[str, JsonValue]) -> Json:
    labels: Json = {"alertname": name, "service": service, "severity": severity, "namespace": "shop"}
    return {
        "name": name, "service": service, "started_at": _iso(at), "severity": severity, "labels": labels,
        "annotations": annotations,
    }  # fmt: skip


def _checkout_alert() -> Json:
    return _alert("CheckoutHighErrorRate", "checkout", CHECKOUT_ALERT, "critical", {
        "summary": "checkout answers more than 2 % of its requests with a 5xx",
        "description": "Share of 5xx over 5 minutes above 0.02 for 3 minutes. Customers cannot place orders.",
        "runbook_url": f"{_DOCS}/runbooks/checkout.md",
    })  # fmt: skip


def _latency_alert() -> Json:
    return _alert("PaymentsLatencyHigh", "payments", LATENCY_ALERT, "warning", {
        "summary": "payments: slowest hundredth of requests above 1.5 s",
        "description": "p99 of request durations above 1.5 s for 5 minutes.",
        "runbook_url": f"{_DOCS}/runbooks/payments.md",
    })  # fmt: skip


def _disk_alert() -> Json:
    return _alert("DiskSpaceLow", "search", DISK_ALERT, "warning", {
        "summary": "search: disk more than 85 % full within the last hour",
        "description": "Highest disk use of the last hour above 0.85.",
        "runbook_url": f"{_DOCS}/runbooks/search.md",
    })  # fmt: skip


def _commit(commit: Commit) -> Json:
    folders = {path.split("/")[1] for path in commit.files if path.startswith("services/")}
    return {
        "id": commit.sha, "kind": "commit", "service": folders.pop() if len(folders) == 1 else None,
        "at": _iso(commit.at), "summary": commit.message.splitlines()[0], "author": commit.author,
        "diff": commit.diff, "files": list(commit.files),
    }  # fmt: skip


def _deploys(commits: tuple[Commit, ...]) -> list[Json]:
    shas = {commit.key: commit.sha for commit in commits if commit.key}
    told = (
        ("payments", 240, LOGGING_DEPLOY, "payments-logging", "Cleo Specimen"),
        ("frontend", 1173, FRONTEND_DEPLOY, "frontend-banner", "Ada Example"),
        ("payments", 241, POOL_DEPLOY, "payments-pool", "Dan Fixture"),
        ("checkout", 388, CHECKOUT_DEPLOY, "checkout-wording", "Bo Sample"),
    )
    return [
        {
            "id": f"deploy-{service}-{release}", "kind": "deploy", "service": service, "at": _iso(at),
            "summary": f"deploy {service} release {release} ({shas[key][:10]})", "author": author, "diff": None,
            "commit": shas[key],
        }
        for service, release, at, key, author in told
    ]  # fmt: skip


def _flag() -> Json:
    return {
        "id": "flag-carousel-v2-50", "kind": "flag", "service": "recommendations", "at": _iso(FLAG_FLIP),
        "summary": "flag recommendations.carousel-v2: 0 % -> 50 % of visitors", "author": "Eva Placeholder",
        "diff": None,
    }  # fmt: skip


def _by_time(change: Json) -> tuple[str, str]:
    return str(change["at"]), str(change["id"])


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
