"""A small recorded world on disk for the tests to read, and to break."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)


def case(**changed: Any) -> dict[str, Any]:
    """A valid `case.json` in which each named field is replaced; `...` takes the field out."""
    whole: dict[str, Any] = {
        "id": "small", "now": "2026-01-05T12:00:00Z", "step_s": 60,
        "alerts": [
            {"name": "Slow", "service": "web", "started_at": "2026-01-05T11:50:00Z", "severity": "critical",
             "labels": {"a": "b"}, "annotations": {"summary": "slow"}},
            {"name": "Later", "service": "web", "started_at": "2026-01-05T12:00:01Z", "severity": "warning",
             "labels": {}, "annotations": {}},
        ],
        "changes": [
            {"id": "c1", "kind": "commit", "service": None, "at": "2026-01-05T11:30:00Z", "summary": "smaller pool",
             "author": "Ada Example", "diff": "-size: 20\n+size: 4\n" + "x" * 900, "files": ["services/db/a.yaml"]},
            {"id": "d1", "kind": "deploy", "service": "db", "at": "2026-01-05T11:40:00Z", "summary": "deploy",
             "author": None, "diff": None, "commit": "c1"},
            {"id": "d2", "kind": "deploy", "service": "web", "at": "2026-01-05T11:45:00Z", "summary": "deploy",
             "author": None, "diff": None},
            {"id": "d3", "kind": "deploy", "service": "web", "at": "2026-01-05T12:30:00Z", "summary": "not yet",
             "author": None, "diff": None},
        ],
        "graph": [["web", "db"]],
        "logs": "logs.jsonl",
    }  # fmt: skip
    whole.update(changed)
    return {key: value for key, value in whole.items() if value is not ...}


def metrics(minutes: int = 60) -> str:
    """Two services, two metrics, a sample a minute up to now and one after it; the value counts minutes."""
    rows = ["timestamp,service,metric,value"]
    for minute in range(minutes, -2, -1):
        at = int((NOW - timedelta(minutes=minute)).timestamp())
        rows += [f"{at},{service},latency_p99_ms,{minutes - minute}" for service in ("web", "db")]
        rows.append(f"{at},db,cpu_pct,{50 + minute}")
    return "\n".join(rows) + "\n"


def log_text() -> str:
    """Three failures of db with different numbers, one line of web, one after now."""
    lines = [
        {"at": f"2026-01-05T11:5{n}:00Z", "service": "db", "level": "ERROR", "message": f"no connection after {n} ms"}
        for n in (1, 2, 3)
    ]
    lines.append({"at": "2026-01-05T11:49:00Z", "service": "web", "level": "INFO", "message": "hello"})
    lines.append({"at": "2026-01-05T12:00:02Z", "service": "web", "level": "INFO", "message": "from the future"})
    return "".join(json.dumps(line) + "\n" for line in lines)


def write_world(folder: Path, **changed: Any) -> Path:
    """Write the whole world; keyword arguments change `case.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "case.json").write_text(json.dumps(case(**changed)), encoding="utf-8")
    (folder / "metrics.csv").write_text(metrics(), encoding="utf-8")
    (folder / "logs.jsonl").write_text(log_text(), encoding="utf-8")
    return folder


SERVICES = """
services:
  - name: db
    aliases: [database]
    repositories: [{name: shop, paths: ["services/db/"]}]
  - name: web
    depends_on: [db]
signals:
  - {metric: cpu_pct, kind: saturation, unit: percent}
"""
