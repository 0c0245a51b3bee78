"""A small recorded world, quick to read, for tests that are not about it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def small_world(folder: Path) -> Path:
    """Three services; the database's saturation rises first, ten minutes before now, after its config was changed."""
    onset = NOW - timedelta(minutes=10)
    case = {
        "id": "small",
        "source": "test",
        "licence": "Apache-2.0",
        "format_version": 1,
        "question": "why is shop failing?",
        "now": iso(NOW),
        "step_s": 60,
        "alerts": [
            {
                "name": "ShopErrors", "service": "shop", "started_at": iso(onset + timedelta(minutes=3)),
                "severity": "critical", "labels": {}, "annotations": {"summary": "shop fails"},
            }
        ],
        "changes": [
            {
                "id": "config-7", "kind": "config", "service": "store", "at": iso(onset - timedelta(minutes=2)),
                "summary": "store: fewer connections", "author": "Ada Example", "diff": "-pool: 20\n+pool: 2",
            }
        ],
        "graph": [["shop", "basket"], ["basket", "store"]],
        "logs": None,
    }  # fmt: skip
    rows = ["timestamp,service,metric,value"]
    for minute in range(120):
        at = NOW - timedelta(minutes=119 - minute)
        wobble = (minute * 7919 % 13) / 1000
        bad = at >= onset
        late = at >= onset + timedelta(minutes=2)
        for service, metric, value in (
            ("store", "pool_saturation_ratio", 1.0 if bad else 0.3 + wobble),
            ("store", "latency_p99_s", 2.5 + wobble if bad else 0.05 + wobble),
            ("basket", "latency_p99_s", 2.6 + wobble if late else 0.1 + wobble),
            ("shop", "error_ratio", 0.3 + wobble if late else 0.001 + wobble / 10),
        ):
            rows.append(f"{at.timestamp():.0f},{service},{metric},{value:.5g}")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.json").write_text(json.dumps(case))
    (folder / "metrics.csv").write_text("\n".join(rows) + "\n")
    return folder
