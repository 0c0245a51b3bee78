"""What reaches the wire, and what a backend that misbehaves becomes."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import re
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from requests.adapters import HTTPAdapter

from sre_advisor.connectors.alertmanager.client import AlertmanagerClient
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.alertmanager.wire import ReadOnlyTransport
from sre_advisor.connectors.contract import BadRequest, Denied, ToolFailure, Unavailable
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig, SignalQuery
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.connectors.prometheus.wire import open_session
from sre_advisor.model import SignalKind, Window
from tests.servers.processes import free_port
from tests.servers.recording_http import RecordingServer, recording_server

DECLARED = re.compile(
    r"/api/v1/(query|query_range|labels|metadata|series|label/\w+/values)|/api/v2/(alerts|silences|status)"
)
NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR = Window(NOW - timedelta(hours=1), NOW)
HOSTILE = [
    "../../admin/tsdb/delete_series",
    "up\r\nX-Evil: 1",
    "http://evil.example/",
    "%2e%2e/-/quit",
    "{__name__=~'.+'}",
]


async def failure_of(url: str, **config: Any) -> ToolFailure:
    client = PrometheusClient(PrometheusConfig(url=url, **config))
    try:
        await client.query_range("up", HOUR, 60)
    except ToolFailure as failure:
        return failure
    finally:
        await client.close()
    raise AssertionError("it did not fail")


async def test_only_declared_reads_reach_the_wire_whatever_the_arguments(recorder: RecordingServer) -> None:
    prometheus = PrometheusConnector(PrometheusClient(PrometheusConfig(url=recorder.url)))
    alerts = AlertmanagerConnector(AlertmanagerClient(AlertmanagerConfig(url=recorder.url)))
    for word in HOSTILE:
        arguments: dict[str, dict[str, Any]] = {
            "metrics_golden_signals": {"services": [word]},
            "metrics_query": {"query": word},
            "metrics_search": {"text": word},
            "alerts_active": {"service": word},
        }
        for tool in (*prometheus.tools(), *alerts.tools()):
            with contextlib.suppress(ToolFailure):  # what matters here is the wire
                await tool.run(tool.args.model_validate(arguments.get(tool.name, {})), NOW)
    await prometheus.close()
    await alerts.close()
    assert recorder.requests
    for method, path, headers in recorder.requests:
        assert method == "GET"
        assert DECLARED.fullmatch(path), path
        assert "X-Evil" not in headers


@pytest.mark.parametrize(
    "path", ["/api/v1/admin/tsdb/snapshot", "/-/quit", "/api/v1/label/a%2Fb/values", "/api/v1/query/x"]
)
async def test_an_undeclared_path_is_refused_before_it_leaves(recorder: RecordingServer, path: str) -> None:
    session = open_session(PrometheusConfig(url=recorder.url))
    with pytest.raises(Denied):
        await asyncio.to_thread(session.get, recorder.url + path)
    assert not recorder.requests


async def test_post_another_host_and_another_adapter_are_refused(recorder: RecordingServer) -> None:
    session = open_session(PrometheusConfig(url=recorder.url))
    session.mount("http://", HTTPAdapter())
    with pytest.raises(Denied):
        await asyncio.to_thread(session.post, recorder.url + "/api/v1/query", data={"query": "up"})
    with pytest.raises(Denied):
        await asyncio.to_thread(session.get, "http://localhost:1/api/v1/query")
    assert not recorder.requests


async def test_alertmanager_writes_are_refused_before_they_leave(recorder: RecordingServer) -> None:
    transport = ReadOnlyTransport(recorder.url, httpx.AsyncHTTPTransport())
    async with httpx.AsyncClient(transport=transport) as client:
        for method, path in (("POST", "/api/v2/silences"), ("GET", "/api/v2/receivers"), ("DELETE", "/api/v2/alerts")):
            with pytest.raises(Denied):
                await client.request(method, recorder.url + path)
        with pytest.raises(Denied):
            await client.get("http://localhost:1/api/v2/alerts")
    assert not recorder.requests


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"", "unauthorised"),
        (403, b"", "unauthorised"),
        (404, b"404 page not found", "garbled"),
        (500, b"oops", "server_error"),
        (503, b'{"status":"error","errorType":"timeout","error":"query timed out"}', "timeout"),
        (200, b"<html>Login</html>", "garbled"),
        (200, b'{"status":"success","data":{"resul', "garbled"),
        (200, b"[]", "garbled"),
        (200, b'{"data":{"result":[{"metric":{},"values":[["x"]]}]}}', "garbled"),
        (200, b'{"data":{"result":"none"}}', "garbled"),
        (200, b"[" * 200_000, "garbled"),
        (302, b"", "garbled"),
    ],
)
async def test_each_bad_answer_has_its_kind(recorder: RecordingServer, status: int, body: bytes, kind: str) -> None:
    recorder.status, recorder.body = status, body
    recorder.headers = {"Location": "http://evil.example/api/v1/query_range"} if status == 302 else {}
    failure = await failure_of(recorder.url)
    assert isinstance(failure, Unavailable)
    assert failure.kind == kind
    assert len(recorder.requests) == 1


async def test_prometheus_parse_error_is_a_bad_request_with_its_words(recorder: RecordingServer) -> None:
    recorder.status, recorder.body = 400, b'{"status":"error","errorType":"bad_data","error":"parse error at char 3"}'
    failure = await failure_of(recorder.url)
    assert isinstance(failure, BadRequest)
    assert "parse error at char 3" in failure.hint


async def test_an_answer_of_ten_megabytes_stops_at_the_limit_even_when_compressed(recorder: RecordingServer) -> None:
    recorder.body = gzip.compress(b" " * 10_000_000)
    recorder.headers = {"Content-Encoding": "gzip"}
    failure = await failure_of(recorder.url, max_response_bytes=100_000)
    assert isinstance(failure, Unavailable)
    assert failure.kind == "too_large"


@pytest.mark.alone
async def test_a_server_that_hangs_is_given_up_at_the_deadline(recorder: RecordingServer) -> None:
    recorder.delay_s = 3
    started = time.monotonic()
    failure = await failure_of(recorder.url, timeout_s=0.3)
    assert isinstance(failure, Unavailable)
    assert failure.kind == "timeout"
    assert time.monotonic() - started < 2


async def test_nobody_listening_is_unreachable_for_both(recorder: RecordingServer) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    failure = await failure_of(url)
    assert isinstance(failure, Unavailable)
    assert failure.kind == "unreachable"
    client = AlertmanagerClient(AlertmanagerConfig(url=url))
    health = await client.ping()
    assert (health.state, health.seconds < 5) == ("unreachable", True)
    with pytest.raises(Unavailable):
        await client.alerts()
    assert not recorder.requests


@pytest.mark.parametrize(("status", "state"), [(401, "unauthorised"), (404, "misconfigured"), (500, "unreachable")])
async def test_ping_names_the_state_and_gives_advice(recorder: RecordingServer, status: int, state: str) -> None:
    recorder.status = status
    for client in (
        PrometheusClient(PrometheusConfig(url=recorder.url)),
        AlertmanagerClient(AlertmanagerConfig(url=recorder.url)),
    ):
        health = await client.ping()
        await client.close()
        assert health.state == state
        assert health.advice


@pytest.mark.parametrize(
    "body", [b"<html>", b"[1]", b'{"a": 1}', b"[" * 200_000, b'[{"status": {}, "startsAt": "soon"}]']
)
async def test_an_answer_that_is_no_list_of_alerts_is_garbled(recorder: RecordingServer, body: bytes) -> None:
    recorder.body = body
    client = AlertmanagerClient(AlertmanagerConfig(url=recorder.url))
    with pytest.raises(Unavailable) as caught:
        await client.alerts()
    await client.close()
    assert caught.value.kind == "garbled"


async def test_alertmanager_answers_are_bounded_and_redirects_not_followed(recorder: RecordingServer) -> None:
    recorder.body = b" " * 5_000
    client = AlertmanagerClient(AlertmanagerConfig(url=recorder.url, max_response_bytes=1024))
    with pytest.raises(Unavailable, match="too_large"):
        await client.alerts()
    recorder.status, recorder.headers = 307, {"Location": "http://evil.example/"}
    recorder.body = b""
    with pytest.raises(Unavailable, match=r"redirects to evil\.example"):
        await client.alerts()
    await client.close()


async def test_a_rotated_token_is_read_anew_and_never_told(recorder: RecordingServer, tmp_path: Path) -> None:
    file = tmp_path / "token"
    secret = "s3" + "cret" * 4
    client = PrometheusClient(PrometheusConfig(url=recorder.url, token_file=file))
    for token in (secret, secret + "2"):
        file.write_text(token + "\n")
        await client.query_range("up", HOUR, 60)
    file.write_text(secret + "\u0007")
    with pytest.raises(Unavailable) as caught:
        await client.query_range("up", HOUR, 60)
    await client.close()
    sent = [headers["Authorization"] for _, _, headers in recorder.requests]
    assert sent == [f"Bearer {secret}", f"Bearer {secret}2"]
    assert secret not in str(caught.value)
    assert caught.value.kind == "unauthorised"


def test_credentials_in_the_address_are_refused_without_repeating_them() -> None:
    password = "hunter" + "2" * 3
    with pytest.raises(ValueError, match="take them out") as caught:
        PrometheusConfig(url=f"http://me:{password}@prometheus:9090")
    assert password not in str(caught.value)


async def test_not_configured_is_said() -> None:
    client = PrometheusClient(PrometheusConfig())
    assert (await client.ping()).state == "misconfigured"
    with pytest.raises(Unavailable):
        await client.query_range("up", HOUR, 60)
    await client.close()


async def test_infinite_and_missing_samples_are_no_trouble(recorder: RecordingServer) -> None:
    t = NOW.timestamp()
    values = ",".join(f'[{t - 60 * i},"{v}"]' for i, v in reversed(list(enumerate(["+Inf", "NaN", "1", "-Inf", "2"]))))
    recorder.body = f'{{"data":{{"result":[{{"metric":{{"a":"b"}},"values":[{values}]}}]}}}}'.encode()
    connector = PrometheusConnector(PrometheusClient(PrometheusConfig(url=recorder.url)))
    tool = connector.tools()[1]
    body: Any = (await tool.run(tool.args.model_validate({"query": "up"}), NOW)).body
    await connector.close()
    shown = body["series"][0]
    assert (shown["samples"], shown["max"], shown["min"], shown["mean"]) == (4, "infinite", "-infinite", 1.5)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.one_of(st.binary(max_size=200), st.text(max_size=60).map(lambda t: f'{{"data":{{"result":{t}'.encode())))
def test_no_answer_raises_anything_but_the_contracts_failures(body: bytes) -> None:
    async def check() -> None:
        async with recording_server() as server:
            server.body = body
            client = PrometheusClient(PrometheusConfig(url=server.url))
            with pytest.raises(ToolFailure):
                await client.query_range("up", HOUR, 60)
            await client.close()

    asyncio.run(check())


async def test_signals_of_a_window_that_was_just_read_are_not_asked_for_again(recorder: RecordingServer) -> None:
    signal = SignalQuery(name="traffic", kind=SignalKind.TRAFFIC, query="sum by (service) (rate(x_total[$window]))")
    config = PrometheusConfig(url=recorder.url, signals=(signal,), scrape_interval_s=15)
    client = PrometheusClient(config)
    for window in (HOUR, HOUR, Window(HOUR.start - timedelta(hours=1), HOUR.end)):
        await client.signals(window, timedelta(0))
    await client.close()
    assert [path for _, path, _ in recorder.requests].count("/api/v1/query_range") == 2
