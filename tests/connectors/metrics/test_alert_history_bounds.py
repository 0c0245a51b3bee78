"""The alert history of a Prometheus with very many alerts: bounded in time and size, and never silently partial."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.alert_history import HISTORY_BYTES, MOST_RUNS
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.model import Alert, Window
from tests.servers.processes import free_port
from tests.servers.recording_http import RecordingServer

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(hours=3), NOW)
AT_ONCE_S = 2.0
"""Of the processor: far below the half minute that reading it all takes, far above what refusing it does."""


def matrix(alerts: int, points: int, step_s: float) -> bytes:
    values = [[NOW.timestamp() - step_s * (points - 1 - i), "1"] for i in range(points)]
    labels = ({"alertname": f"A{i}", "alertstate": "firing", "service": f"s{i}"} for i in range(alerts))
    result = [{"metric": label, "values": values} for label in labels]
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}}).encode()


async def history(url: str) -> tuple[Alert, ...]:
    client = PrometheusClient(PrometheusConfig(url=url))
    try:
        return await client.alert_history(WINDOW)
    finally:
        await client.close()


@pytest.mark.parametrize(("alerts", "points"), [(1_000, 540), (100_000, 1), (2_000, 270)])
async def test_ten_megabytes_of_alerts_are_refused_at_once(recorder: RecordingServer, alerts: int, points: int) -> None:
    recorder.body = matrix(alerts, points, 40)
    assert len(recorder.body) > 10_000_000
    began = time.process_time()
    with pytest.raises(Unavailable, match="too_large"):
        await history(recorder.url)
    assert time.process_time() - began < AT_ONCE_S


async def test_where_very_many_alerts_fire_the_history_is_read_at_coarser_steps() -> None:
    asked: list[float] = []

    async def answer(request: web.Request) -> web.Response:
        step = float(parse_qs(request.query_string)["step"][0])
        asked.append(step)
        return web.Response(body=matrix(1_000, int(10_800 / step), step), content_type="application/json")

    app = web.Application()
    app.router.add_get("/api/v1/query_range", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        found = await history(f"http://127.0.0.1:{port}")
    finally:
        await runner.cleanup()
    assert len(asked) == 2
    assert asked[1] > 4 * asked[0]
    assert len(found) == 1_000


async def test_alerts_that_flap_by_the_thousand_are_cut_to_the_newest_and_that_is_said(
    recorder: RecordingServer,
) -> None:
    recorder.body = matrix(650, 270, 40)
    assert len(recorder.body) < HISTORY_BYTES
    connector = PrometheusConnector(PrometheusClient(PrometheusConfig(url=recorder.url)))
    tool = next(t for t in connector.tools() if t.name == "metrics_alert_history")
    began = time.process_time()
    reading: Any = await tool.run(tool.args(), NOW)
    seconds = time.process_time() - began
    await connector.close()
    assert len(reading.nouns) == MOST_RUNS
    assert "newest" in reading.summary
    assert min(a.started_at for a in reading.nouns) > NOW - timedelta(minutes=5)
    assert seconds < 2 * AT_ONCE_S
