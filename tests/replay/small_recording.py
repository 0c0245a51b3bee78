"""A small recording of version 2 for the tests to read, and to break."""

from __future__ import annotations

import hashlib
import json
import tarfile
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from sre_advisor.broker.redaction import Redactor
from sre_advisor.model import Alert, Change, DocSection, Outcome, Series, Service, SignalKind
from sre_advisor.replay.nouns import alert_part, written
from sre_advisor.replay.openmetrics import RawSeries
from sre_advisor.replay.parts import (
    AnswerPart,
    DocsPart,
    EraPart,
    MadePart,
    Manifest,
    MetricPart,
    MetricsPart,
)
from sre_advisor.replay.writer import Captured, write_recording

NOW = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
START = NOW - timedelta(hours=3)
ALERT = Alert("Slow", NOW - timedelta(minutes=9), "web", "critical", labels={"service": "web"})
_FIRING = {
    "counts": {"firing": 1},
    "groups": [{"alert": "Slow", "service": "web", "severity": "critical", "state": "firing", "count": 1,
                "since": ALERT.started_at.isoformat()}],
}  # fmt: skip
CHANGE = Change("c1", "release", NOW - timedelta(minutes=20), "smaller pool", "web", repository="shop")


def captured(**changed: Any) -> Captured:
    """Everything but code; keyword arguments change the manifest."""
    signals = {"start": START.isoformat(), "end": NOW.isoformat()}
    times = np.arange(START.timestamp(), NOW.timestamp() + 1, 60)
    series = Series("web", "requests_rate", times, times * 0 + 4, SignalKind.TRAFFIC, "requests/s")
    answers = (
        _answer("E1", "alertmanager", "alerts_active", {}, _FIRING, nouns=(written(ALERT),)),
        _answer("E2", "prometheus", "metrics_golden_signals", signals, {"rows": []}, nouns=(written(series),)),
        _answer("E3", "github", "github_changes", signals, {"changes": ["c1"]}, nouns=(written(CHANGE),)),
        _answer("E4", "thread", "thread_read", {"limit": 40}, None, Outcome.NO_DATA, "nobody wrote"),
    )
    raw = [
        RawSeries(
            {"__name__": "requests_total", "service": name}, times, 4 * (times - times[0]) * (1 + (name == "web"))
        )
        for name in ("web", "db")
    ]
    told: dict[str, Any] = {
        "id": "small-2", "question": "what is going on?", "asked_at": NOW, "now": NOW, "step_s": 60,
        "services": (Service(name="web", depends_on=("db",)), Service(name="db")), "alerts": (alert_part(ALERT),),
        "docs": (DocsPart(name="runbooks"),), "made": MadePart(recorded_at=NOW),
        "tools": {"metrics_query": None, "metrics_golden_signals": "signals", "alerts_active": "alerts",
                  "github_changes": "changes", "thread_read": None, "docs_search": None},
    }  # fmt: skip
    era = EraPart(name="now", start=START, end=NOW)
    metrics = MetricsPart(
        metrics=(MetricPart(name="requests_total", type="counter", held=("now",)), MetricPart(name="unheld")),
        services=("web", "db"), scrape_interval_s=60,
    )  # fmt: skip
    docs = [DocSection("runbooks/web.md", "", "# web\n\nRestart it, or ask its owner.\n")]
    return Captured(Manifest.model_validate({**told, **changed}), answers, metrics, {"now": (era, raw)}, docs)


def _answer(
    name: str, source: str, tool: str, request: Any, body: Any, outcome: Outcome = Outcome.OK,
    summary: str = "as it was", nouns: Any = (),
) -> AnswerPart:  # fmt: skip
    return AnswerPart(
        id=name, source=source, tool=tool, request=request, outcome=outcome, summary=summary, body=body, nouns=nouns
    )


def write(out: Path, **changed: Any) -> Path:
    """A whole recording, as a folder or in one file."""
    return write_recording(captured(**changed), out, Redactor().numbering())


def resealed(folder: Path, name: str, data: bytes) -> Path:
    """Put other content into a file and make the manifest agree: as somebody would who means harm."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)

    def change(told: dict[str, Any]) -> None:
        told["files"][name] = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}

    return edited(folder, change)


def edited(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Change the manifest."""
    told = json.loads((folder / "recording.json").read_text())
    change(told)
    (folder / "recording.json").write_text(json.dumps(told))
    return folder


def tarred(out: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    """A .tar.gz of exactly these entries."""
    import io

    with tarfile.open(out, "w:gz") as tar:
        for info, data in entries:
            tar.addfile(info, io.BytesIO(data))
    return out


def entry(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> tuple[tarfile.TarInfo, bytes]:
    """One entry of a tar file."""
    info = tarfile.TarInfo(name)
    info.size, info.type, info.linkname = len(data), kind, link
    return info, data


def zipped(out: Path, *entries: tuple[str | zipfile.ZipInfo, bytes]) -> Path:
    """A .zip of exactly these entries."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return out
