"""The pure parts: which queries may be sent, what names say, how a signal is held against its past."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from sre_advisor.connectors.contract import BadRequest
from sre_advisor.connectors.prometheus.alert_history import read_alert_history
from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.prometheus.comparison import compare
from sre_advisor.connectors.prometheus.edges import read_edges
from sre_advisor.connectors.prometheus.figures import rounded
from sre_advisor.connectors.prometheus.label_choice import choose_label
from sre_advisor.connectors.prometheus.promql import check_query
from sre_advisor.connectors.prometheus.resolution import nice_step, points_for, rate_window
from sre_advisor.connectors.prometheus.schemes import classify
from sre_advisor.connectors.prometheus.signal_queries import signals_of
from sre_advisor.connectors.prometheus.windows import read_window
from sre_advisor.connectors.service_labels import SERVICE_LABELS
from sre_advisor.model import AlertState, Series, SignalKind, Window

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(hours=3), NOW)


@pytest.mark.parametrize(
    "query",
    [
        '{__name__=~".+"}', '{__name__=~".*",job!=""}', 'sum({job=~".+"})', '{__name__!="up"}', "", "up{",
        "(" * 100 + "1" + ")" * 100,
        "rate(up[30d])", "max_over_time(rate(up[5m])[8d:1s])", "up" + " + up" * 40,
        '{job="a" or __name__=~".+"}', "x" * 5000,
        '{__name__=~"http_.+|.+"}',
    ],
)  # fmt: skip
def test_unbounded_or_broken_queries_are_refused_with_a_hint(query: str) -> None:
    with pytest.raises(BadRequest) as caught:
        check_query(query, 180)
    assert caught.value.hint


@pytest.mark.parametrize(
    "query",
    [
        "up",
        '{job="shop"}',
        '{__name__=~"http_.+"}',
        "sum by (a) (rate(x_total[5m] offset 1d))",
        "1",
        "topk(5, up)",
        "up @ end()",
    ],
)
def test_bounded_queries_pass(query: str) -> None:
    check_query(query, 180)


def test_too_many_points_are_refused() -> None:
    with pytest.raises(BadRequest, match="step_s"):
        check_query("up", 11_001)


@given(st.text(max_size=200))
def test_checking_a_query_raises_nothing_but_bad_request(query: str) -> None:
    with contextlib.suppress(BadRequest):
        check_query(query, 10)


@given(st.floats(1, 31 * 86400), st.integers(2, 11_000))
def test_a_step_never_gives_more_points_than_wanted(length: float, points: int) -> None:
    assert length // nice_step(length, points) + 1 <= points


def test_rates_span_four_scrapes_and_a_thousand_services_stay_bounded() -> None:
    assert rate_window(60, 30) == 240
    assert rate_window(None, 30) == 120
    assert points_for(1000) * 1000 <= 60_000


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["http_requests_total"], SignalKind.TRAFFIC),
        (["http_server_requests_seconds_count", "http_server_requests_seconds_sum"], SignalKind.TRAFFIC),
        (["grpc_server_handled_total"], SignalKind.TRAFFIC),
        (["istio_requests_total"], SignalKind.TRAFFIC),
        (["mail_failures_total"], SignalKind.ERRORS),
        (["x_duration_seconds_bucket", "x_duration_seconds_count", "x_duration_seconds_sum"], SignalKind.LATENCY),
        (["x_latency_seconds_sum", "x_latency_seconds_count"], SignalKind.LATENCY),
        (["db_pool_in_use"], SignalKind.SATURATION),
        (["jobs_queue_depth"], SignalKind.SATURATION),
        (["container_memory_working_set_bytes"], SignalKind.MEMORY),
        (["process_cpu_seconds_total"], SignalKind.CPU),
        (["up"], SignalKind.AVAILABILITY),
    ],
)
def test_common_names_are_recognised(names: list[str], kind: SignalKind) -> None:
    found = classify(names, {})
    signals = [signal for candidate in found for signal in signals_of(candidate, "service", "code")]
    assert kind in {signal.kind for signal in signals}
    for signal in signals:
        check_query(signal.query.replace("$window", "2m"), 180)


def test_machinery_is_no_service_signal() -> None:
    assert (
        classify(["go_threads", "prometheus_http_requests_total", "node_memory_MemFree_bytes", "a:b:rate5m"], {}) == ()
    )


def test_the_exporters_own_name_is_passed_over_for_the_label_that_tells_services_apart() -> None:
    held = {"service": {"m_total": 1}, "job": {"m_total": 1}, "app": {"m_total": 9}, "namespace": {"m_total": 30}}
    assert choose_label("m_total", held, SERVICE_LABELS) == "app"
    assert choose_label("m_total", {"namespace": {"m_total": 3}}, SERVICE_LABELS) == "namespace"
    assert choose_label("m_total", {}, SERVICE_LABELS) is None


def test_edges_run_from_caller_to_callee_and_know_addresses() -> None:
    services = ("cart", "web")
    assert read_edges([{"job": "web", "server_address": "cart.shop.svc:8080"}], "job", "server_address", services) == (
        ("web", "cart"),
    )
    assert read_edges([{"job": "cart", "client": "WEB"}], "job", "client", services) == (("web", "cart"),)
    assert read_edges([{"job": "cart", "client": "who"}], "job", "client", services) == ()


def _series(values: list[float], unit: str | None = None) -> Series:
    times = np.linspace(WINDOW.start.timestamp(), WINDOW.end.timestamp(), len(values))
    return Series("s", "n", times, np.array(values, dtype=np.float64), unit=unit)


def test_a_drop_is_as_telling_as_a_rise_and_its_start_is_found() -> None:
    row = compare(_series([100.0, 101.0, 99.0, 100.0] * 20 + [20.0] * 20), (), WINDOW)
    assert row.moved is not None
    assert row.moved < -10
    assert row.left_band_at == pytest.approx(WINDOW.start.timestamp() + 10800 * 80 / 99)


def test_a_steady_series_has_not_moved_and_a_short_one_cannot_be_compared() -> None:
    assert compare(_series([5.0] * 100), (), WINDOW).moved == 0
    assert compare(_series([5.0]), (), WINDOW).moved is None


@given(hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(allow_nan=False)))
def test_no_values_break_the_comparison(values: np.ndarray) -> None:  # type: ignore[type-arg]  # hypothesis' arrays
    row = compare(_series([float(v) for v in values]), (), WINDOW)
    assert row.moved is None or abs(row.moved) <= 999
    assert row.samples == values.size


@given(st.floats(-1e300, 1e300))
def test_figures_keep_four_significant_digits(value: float) -> None:
    short = rounded(value)
    assert isinstance(short, int | float)
    assert short == pytest.approx(value, rel=6e-4, abs=1e-300)


def test_a_window_defaults_to_three_hours_and_never_ends_in_the_future() -> None:
    assert read_window(None, None, NOW) == WINDOW
    assert read_window(None, NOW + timedelta(days=1), NOW) == WINDOW
    with pytest.raises(BadRequest):
        read_window(NOW + timedelta(hours=1), None, NOW)
    with pytest.raises(BadRequest):
        read_window(NOW - timedelta(days=40), None, NOW)


def test_alert_runs_become_alerts_and_pending_merges_into_firing() -> None:
    start = WINDOW.start.timestamp()

    def alerts(state: str, *minutes: int) -> RangeSeries:
        times = np.array([start + 60 * m for m in minutes], dtype=np.float64)
        return RangeSeries({"alertname": "A", "alertstate": state, "job": "j"}, times, np.ones(len(minutes)))

    found = read_alert_history(
        [alerts("pending", 1, 2, 100), alerts("firing", 3, 4, 5, 179, 180)], WINDOW, 60, SERVICE_LABELS
    )
    assert [(a.state, a.started_at.timestamp() - start) for a in found] == [
        (AlertState.RESOLVED, 180), (AlertState.RESOLVED, 6000), (AlertState.FIRING, 179 * 60),
    ]  # fmt: skip
    assert found[0].ended_at == WINDOW.start + timedelta(minutes=5)


def test_naming_the_tools_imports_neither_the_client_library_nor_numpy() -> None:
    code = (
        "import sys, sre_advisor.connectors.prometheus.tools, sre_advisor.connectors.prometheus.client;"
        "print(sorted({'numpy','requests','prometheus_api_client','pandas','matplotlib'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "src"}
    )
    assert said.stdout.strip() == "[]"
