"""A recording answers the metrics and alert tools with the clock stopped."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from sre_advisor.connectors.alertmanager.backend import AlertsBackend
from sre_advisor.connectors.contract import BadRequest
from sre_advisor.connectors.prometheus.backend import MetricsBackend
from sre_advisor.model import Window
from sre_advisor.replay.alerts import RecordedAlerts
from sre_advisor.replay.metrics import RecordedMetrics
from sre_advisor.replay.world import load_world
from tests.replay.small_world import NOW, write_world

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def metrics(tmp_path: Path) -> MetricsBackend:
    return RecordedMetrics(load_world(write_world(tmp_path)))


async def test_signals_are_clipped_to_the_window(metrics: MetricsBackend) -> None:
    found = await metrics.signals(Window(NOW - 10 * MINUTE, NOW - 5 * MINUTE), timedelta(0))
    assert {(s.service, s.name) for s in found} == {
        ("db", "cpu_pct"),
        ("db", "latency_p99_ms"),
        ("web", "latency_p99_ms"),
    }
    for series in found:
        assert series.times[0] == (NOW - 10 * MINUTE).timestamp()
        assert series.times[-1] == (NOW - 5 * MINUTE).timestamp()
        assert series.offset == timedelta(0)


async def test_signals_of_an_earlier_hour_lie_over_the_window(metrics: MetricsBackend) -> None:
    window = Window(NOW - 10 * MINUTE, NOW)
    found = await metrics.signals(window, 20 * MINUTE)
    latency = next(s for s in found if s.name == "latency_p99_ms" and s.service == "db")
    assert latency.times[0] == window.start.timestamp()
    assert latency.times[-1] == window.end.timestamp()
    assert latency.values.tolist() == list(range(30, 41))
    assert latency.offset == 20 * MINUTE


async def test_what_was_not_recorded_at_an_offset_is_empty(metrics: MetricsBackend) -> None:
    assert await metrics.signals(Window(NOW - HOUR, NOW), timedelta(days=1)) == ()


async def test_no_sample_after_now_is_served_even_when_asked_for(metrics: MetricsBackend) -> None:
    window = Window(NOW - MINUTE, NOW + HOUR)
    assert all(s.times[-1] == NOW.timestamp() for s in await metrics.signals(window, timedelta(0)))
    assert all(s.times[-1] <= NOW.timestamp() for s in await metrics.query_range("latency_p99_ms", window, 30))
    assert await metrics.query_range("latency_p99_ms", Window(NOW + MINUTE, NOW + HOUR), 30) == ()


@pytest.mark.parametrize(
    ("promql", "services"),
    [
        ("latency_p99_ms", {"db", "web"}),
        ('latency_p99_ms{service="db"}', {"db"}),
        ('latency_p99_ms{service!="db"}', {"web"}),
        ('latency_p99_ms{service=~"d.*|x"}', {"db"}),
        ('latency_p99_ms{service=~"d"}', set[str]()),
        ('latency_p99_ms{service!~"d.*"}', {"web"}),
        ('({__name__="latency_p99_ms", service="web"})', {"web"}),
        ("no_such_metric", set[str]()),
    ],
)
async def test_a_plain_selector_picks_as_prometheus_would(
    metrics: MetricsBackend, promql: str, services: set[str]
) -> None:
    found = await metrics.query_range(promql, Window(NOW - 10 * MINUTE, NOW), 60)
    assert {s.labels["service"] for s in found} == services
    assert all(s.times.size == 11 for s in found)


async def test_a_step_between_samples_takes_the_newest_one_before_it(metrics: MetricsBackend) -> None:
    start = NOW - 2 * MINUTE + timedelta(seconds=30)
    (series,) = await metrics.query_range('latency_p99_ms{service="db"}', Window(start, NOW), 60)
    assert series.times.tolist() == [start.timestamp(), start.timestamp() + 60]
    assert series.values.tolist() == [58, 59]


async def test_a_sample_counts_for_five_minutes_at_most(tmp_path: Path) -> None:
    write_world(tmp_path)
    old = int((NOW - 10 * MINUTE).timestamp())
    (tmp_path / "metrics.csv").write_text(f"timestamp,service,metric,value\n{old},a,m,1\n")
    (series,) = await RecordedMetrics(load_world(tmp_path)).query_range("m", Window(NOW - 10 * MINUTE, NOW), 60)
    assert series.times.tolist() == [old + 60 * minute for minute in range(6)]


@pytest.mark.parametrize(
    "promql",
    ["rate(latency_p99_ms[5m])", "latency_p99_ms[5m]", "latency_p99_ms offset 5m", "latency_p99_ms @ 0", "1", "a + b",
     'latency_p99_ms{pod="x"}', 'latency_p99_ms{service="a" or service="b"}', "sum by (", "", "x" * 5_000],
)  # fmt: skip
async def test_other_promql_is_refused_with_what_can_be_asked(metrics: MetricsBackend, promql: str) -> None:
    with pytest.raises(BadRequest, match=r"plain selectors only, such as metric_name\{service=\"name\"\}"):
        await metrics.query_range(promql, Window(NOW - HOUR, NOW), 60)


async def test_a_pattern_that_backtracks_elsewhere_ends_at_once(metrics: MetricsBackend) -> None:
    assert await metrics.query_range('{service=~"(a+)+b"}', Window(NOW - HOUR, NOW), 60) == ()


async def test_a_pattern_that_is_too_large_for_prometheus_is_refused(metrics: MetricsBackend) -> None:
    with pytest.raises(BadRequest, match="label 'service' is not a valid RE2"):
        await metrics.query_range('{service=~"a{2000}"}', Window(NOW - HOUR, NOW), 60)


@pytest.mark.parametrize("step_s", [0.0, -1.0, float("nan"), float("inf"), 0.001])
async def test_a_step_that_cannot_be_answered_is_refused(metrics: MetricsBackend, step_s: float) -> None:
    with pytest.raises(BadRequest):
        await metrics.query_range("latency_p99_ms", Window(NOW - HOUR, NOW), step_s)


async def test_search_puts_the_metric_with_most_of_the_words_first(metrics: MetricsBackend) -> None:
    assert [m.name for m in await metrics.search("latency of web", 10)] == ["latency_p99_ms"]
    assert [m.name for m in await metrics.search("CPU db", 10)] == ["cpu_pct", "latency_p99_ms"]
    assert [m.name for m in await metrics.search("", 1)] == ["cpu_pct"]
    assert await metrics.search("nothing like it", 10) == ()
    (found,) = await metrics.search("cpu", 10)
    assert (found.help, found.labels) == ("cpu, percent; of db", ("service",))


async def test_alerts_are_those_that_fired_by_now(tmp_path: Path) -> None:
    world = load_world(write_world(tmp_path))
    alerts: AlertsBackend = RecordedAlerts(world)
    (alert,) = await alerts.alerts()
    assert (alert.name, alert.service, alert.severity, alert.labels) == ("Slow", "web", "critical", {"a": "b"})
    history = RecordedMetrics(world)
    assert [a.name for a in await history.alert_history(Window(NOW - HOUR, NOW))] == ["Slow"]
    assert await history.alert_history(Window(NOW - HOUR, NOW - 30 * MINUTE)) == ()


async def test_pings_name_the_recording(tmp_path: Path) -> None:
    world = load_world(write_world(tmp_path))
    for backend in (RecordedMetrics(world), RecordedAlerts(world)):
        health = await backend.ping()
        assert health.state == "ok"
        assert "recorded world small" in health.detail
        await backend.close()
    assert RecordedMetrics(world).link("m", Window(NOW - HOUR, NOW)) is None
