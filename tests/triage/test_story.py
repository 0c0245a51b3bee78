"""Alerts into stories, log lines into templates, and who is a victim of whom."""

from datetime import UTC, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.model import Alert, AlertState, Catalogue, LogLine, Series, SignalKind
from sre_advisor.triage import triage
from sre_advisor.triage.alerts import group_alerts
from sre_advisor.triage.kinds import kind_of_name
from sre_advisor.triage.logs import group_logs, template_of
from sre_advisor.triage.propagation import callees, reach

T0 = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
GRAPH = callees([("web", "cart"), ("cart", "db"), ("blog", "cms")])


def alert(name: str, minute: float, service: str | None, severity: str = "warning") -> Alert:
    return Alert(name, T0 + timedelta(minutes=minute), service, severity)


def test_alerts_along_the_calls_make_one_story_and_strangers_another() -> None:
    groups = group_alerts([alert("A", 0, "web"), alert("B", 3, "db"), alert("C", 4, "blog")], GRAPH)
    assert [{a.name for a in g.alerts} for g in sorted(groups, key=lambda g: -len(g.alerts))] == [{"A", "B"}, {"C"}]


def test_the_story_that_wakes_people_comes_first() -> None:
    groups = group_alerts([alert("Noise", 9, "blog"), alert("Page", 0, "web", "critical")], GRAPH)
    assert groups[0].alerts[0].name == "Page"


def test_alerts_hours_apart_are_two_stories() -> None:
    assert len(group_alerts([alert("A", 0, "web"), alert("A", 300, "web")], GRAPH)) == 2


def test_an_old_noisy_alert_does_not_date_the_incident() -> None:
    times = np.float64(T0.timestamp()) - 30.0 * np.arange(240, dtype=np.float64)[::-1]
    values = 0.001 + 0.3 * (times > T0.timestamp() - 600).astype(np.float64)
    found = triage(
        now=T0,
        series=[Series("web", "errors", times, values, SignalKind.ERRORS)],
        alerts=[alert("DiskFilling", -100, "backup"), alert("Errors", -5, "web", "critical")],
        changes=[],
        catalogue=Catalogue(),
    )
    assert found.onset is not None
    assert timedelta(minutes=9) <= T0 - found.onset <= timedelta(minutes=11)


def test_the_alert_on_what_the_question_names_goes_first() -> None:
    alerts = [alert("Paged", -90, "blog", "critical"), alert("Mine", -5, "cart")]
    edges = Catalogue(edges=(("web", "cart"), ("blog", "cms")))
    asked = triage(now=T0, series=[], alerts=alerts, changes=[], catalogue=edges, asked_about=["web"])
    assert asked.onset == T0 - timedelta(minutes=5)
    assert triage(now=T0, series=[], alerts=alerts, changes=[], catalogue=edges).onset == T0 - timedelta(minutes=90)


def test_a_pending_or_resolved_alert_is_told_but_does_not_date_the_incident() -> None:
    resolved = Alert("Old", T0 - timedelta(minutes=50), "web", "critical", AlertState.RESOLVED)
    found = triage(now=T0, series=[], alerts=[resolved, alert("New", -5, "web")], changes=[], catalogue=Catalogue())
    assert found.onset == T0 - timedelta(minutes=5)
    assert {a.name for g in found.alert_story for a in g.alerts} == {"Old", "New"}


def test_lines_that_differ_in_numbers_and_ids_share_a_template() -> None:
    one = "order 8123 of user 5f0c9e1a-0b7d-4c57-9d3e-3c1f2a7b9e10 failed after 30.5ms at 10.0.0.7:5432"
    two = "order 9 of user 0b1c2d3e-0b7d-4c57-9d3e-3c1f2a7b9e11 failed after 7ms at 10.9.0.1:5432"
    assert template_of(one) == template_of(two)
    assert template_of(one) != template_of("order 9 paid")


def test_new_troubled_lines_come_before_old_and_quiet_ones() -> None:
    lines = [LogLine(T0 - timedelta(minutes=m), "web", "INFO", f"served {m}") for m in range(60)]
    lines += [LogLine(T0 - timedelta(minutes=m), "web", "WARN", f"slow {m}") for m in range(60)]
    lines += [LogLine(T0 - timedelta(minutes=m), "web", "ERROR", f"pool exhausted {m}") for m in range(5)]
    found = group_logs(lines, T0 - timedelta(minutes=10))
    assert found[0].template.startswith("pool exhausted")
    assert (found[0].before, found[0].since, found[0].is_new) == (0, 5, True)
    assert sum(t.before + t.since for t in found) == len(lines)


@given(st.text(max_size=2000))
def test_a_template_of_a_template_is_itself_or_shorter(text: str) -> None:
    assert len(template_of(template_of(text))) <= max(len(template_of(text)), 1) * 2


def test_reach_counts_calls_and_survives_cycles() -> None:
    graph = callees([("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])
    assert reach(graph, ["a"]) == {"a": 0, "b": 1, "c": 2}


def test_names_of_metrics_tell_their_kind() -> None:
    told = {
        "http_request_duration_seconds": SignalKind.LATENCY,
        "http_request_duration_seconds_count": SignalKind.TRAFFIC,
        "request_errors_total": SignalKind.ERRORS,
        "container_cpu_usage_seconds_total": SignalKind.CPU,
        "jvm_heap_used_bytes": SignalKind.MEMORY,
        "db_pool_in_use": SignalKind.SATURATION,
        "responseTime": SignalKind.LATENCY,
        "up": SignalKind.AVAILABILITY,
        "requests_per_second": SignalKind.TRAFFIC,
        "flux": SignalKind.OTHER,
    }
    assert {name: kind_of_name(name) for name in told} == told


def test_a_callers_view_of_a_callee_speaks_against_the_callee() -> None:
    times = np.float64(T0.timestamp()) - 30.0 * np.arange(240, dtype=np.float64)[::-1]
    late = (times > T0.timestamp() - 600).astype(np.float64)
    rng = np.random.default_rng(4)

    def series(service: str, name: str, rise: float) -> Series:
        return Series(service, name, times, 0.05 + rng.normal(0, 0.003, 240) + rise * late, SignalKind.LATENCY)

    found = triage(
        now=T0,
        series=[
            series("web", "latency_p99", 0.5),
            series("web", "client_latency_to_basket", 0.5),
            series("web", "client_latency_to_search", 0.0),
            series("basket", "latency_p99", 0.0),
            series("search", "latency_p99", 0.0),
        ],
        alerts=[alert("Slow", -6, "web")],
        changes=[],
        catalogue=Catalogue(edges=(("web", "basket"), ("web", "search"))),
    )
    assert found.services[0].name == "basket"
    assert any("web's view of basket" in r for r in found.services[0].reasons)


def test_what_could_not_be_seen_is_said() -> None:
    found = triage(
        now=T0, series=[], alerts=[alert("Slow", -6, "web")], changes=[], catalogue=Catalogue(edges=(("web", "db"),))
    )
    assert found.unseen[0] == "no metrics were read"
    assert any("no deploys" in line for line in found.unseen)


def test_failures_above_a_slow_callee_are_timeouts_where_nobody_measures_how_slow_the_caller_is() -> None:
    times = np.float64(T0.timestamp()) - 30.0 * np.arange(240, dtype=np.float64)[::-1]
    late = (times > T0.timestamp() - 600).astype(np.float64)
    noise = np.random.default_rng(9).uniform(0.0, 0.002, 240)

    def series(service: str, kind: SignalKind, before: float, rise: float) -> Series:
        values = np.asarray(before + noise + rise * late, dtype=np.float64)
        return Series(service, kind.value, times, values, kind)

    found = triage(
        now=T0,
        series=[
            series("web", SignalKind.ERRORS, 0.001, 0.4),
            series("cart", SignalKind.LATENCY, 0.10, 2.0),
            series("db", SignalKind.LATENCY, 0.05, 1.9),
        ],
        alerts=[alert("Errors", -6, "web", "critical")],
        changes=[],
        catalogue=Catalogue(edges=(("web", "cart"), ("cart", "db"))),
    )
    assert [s.name for s in found.services] == ["db", "web", "cart"]
    assert any("victim" in r for r in found.services[1].reasons)
