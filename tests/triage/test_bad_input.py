"""Whatever is read, triage answers, and never ranks with confidence from nothing."""

from __future__ import annotations

import math
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sre_advisor.model import Alert, AlertState, Catalogue, Change, LogLine, Series, SignalKind
from sre_advisor.triage import Triage, triage
from tests.triage.shop import make_shop

NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
EMPTY = Catalogue()

_NAMES = st.sampled_from(["a", "b", "checkout", "", "ünïcode", "x" * 300])
_TIMES = st.integers(-3 * 86400, 3 * 86400).map(lambda s: NOW + timedelta(seconds=s))
_FLOATS = st.floats(allow_nan=True, allow_infinity=True, width=64)


@st.composite
def _series(draw: st.DrawFn) -> Series:
    values = draw(st.lists(_FLOATS, max_size=60))
    times = draw(st.lists(st.integers(-7200, 600), min_size=len(values), max_size=len(values)))
    return Series(
        service=draw(_NAMES),
        name=draw(st.sampled_from(["latency", "errors_total", "cpu", "m1", "", "a_to_checkout_seconds"])),
        times=np.array([NOW.timestamp() + t for t in times], dtype=np.float64),
        values=np.array(values, dtype=np.float64),
        kind=draw(st.sampled_from(SignalKind)),
        offset=draw(st.sampled_from([timedelta(0), timedelta(days=7)])),
    )


_ALERTS = st.builds(
    Alert,
    name=_NAMES,
    started_at=_TIMES,
    service=st.none() | _NAMES,
    state=st.sampled_from(AlertState),
    labels=st.dictionaries(st.sampled_from(["metric", "x"]), _NAMES, max_size=2),
)
_CHANGES = st.builds(
    Change,
    id=_NAMES,
    kind=st.sampled_from(["deploy", "commit", "flag"]),
    at=_TIMES,
    summary=st.text(max_size=30),
    service=st.none() | _NAMES,
    files=st.lists(st.text(max_size=10), max_size=3).map(tuple),
    diff=st.none() | st.text(alphabet="+-@ ab(1)=\n", max_size=80),
    commit=st.none() | _NAMES,
)
_LOGS = st.builds(
    LogLine, at=_TIMES, service=st.none() | _NAMES, level=st.sampled_from(["ERROR", None]), message=st.text()
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    series=st.lists(_series(), max_size=6),
    alerts=st.lists(_ALERTS, max_size=3),
    changes=st.lists(_CHANGES, max_size=4),
    edges=st.lists(st.tuples(_NAMES, _NAMES), max_size=5),
    logs=st.lists(_LOGS, max_size=4),
)
def test_no_input_makes_it_raise_or_score_beyond_numbers(
    series: list[Series],
    alerts: list[Alert],
    changes: list[Change],
    edges: list[tuple[str, str]],
    logs: list[LogLine],
) -> None:
    found = triage(
        now=NOW, series=series, alerts=alerts, changes=changes, catalogue=Catalogue(edges=tuple(edges)), logs=logs
    )
    assert all(math.isfinite(s.score) and s.score > 0 for s in found.services)
    assert all(math.isfinite(c.score) for c in found.changes)
    assert len({s.name for s in found.services}) == len(found.services)
    assert found.change in {None, "none", *(c.id for c in found.changes)}


def ask(*series: Series, alerts: tuple[Alert, ...] = (), changes: tuple[Change, ...] = ()) -> Triage:
    return triage(now=NOW, series=series, alerts=alerts, changes=changes, catalogue=EMPTY)


def steady(value: float = 5.0, *, samples: int = 120, name: str = "latency_seconds", noise: float = 0.0) -> Series:
    times = np.float64(NOW.timestamp()) - 60.0 * np.arange(samples, dtype=np.float64)[::-1]
    values = value + noise * np.random.default_rng(7).normal(size=samples)
    return Series(service="a", name=name, times=times, values=values)


def altered(series: Series, values: np.ndarray) -> Series:
    return Series(service=series.service, name=series.name, times=series.times, values=values, kind=series.kind)


def test_nothing_read_is_nothing_said() -> None:
    found = ask()
    assert (found.services, found.moved, found.change, found.onset) == ((), (), None, None)
    assert "no metrics were read" in found.unseen
    assert found.confidence_note


def test_a_constant_series_ranks_nobody() -> None:
    assert ask(steady()).services == ()


def test_quiet_noise_moves_nothing() -> None:
    found = ask(steady(noise=0.3))
    assert found.moved == ()
    assert found.confidence_note


def test_a_single_sample_is_reported_as_too_little() -> None:
    found = ask(steady(samples=1))
    assert found.services == ()
    assert any("too little history" in line for line in found.unseen)


def test_a_window_without_baseline_ranks_nobody() -> None:
    alert = Alert(name="x", started_at=NOW - timedelta(minutes=4), service="a")
    assert ask(steady(samples=4), alerts=(alert,)).moved == ()


def test_a_tiny_step_of_a_constant_series_does_not_count() -> None:
    values = np.full(120, 1000.0)
    values[-8:] = 1000.5
    assert ask(altered(steady(), values)).moved == ()


def test_nan_gaps_and_doubled_moments_do_not_hide_a_step() -> None:
    clean = steady(noise=0.1)
    values = clean.values.copy()
    values[-10:] += 20.0
    values[30:40] = np.nan
    dirty = Series("a", clean.name, np.append(clean.times, clean.times[-3:]), np.append(values, values[-3:]))
    found = ask(dirty)
    assert [m.direction for m in found.moved] == ["up"]


def test_a_counter_reset_is_no_movement() -> None:
    counted = np.cumsum(np.full(120, 50.0) + np.random.default_rng(3).normal(0, 2, 120))
    counted[110:] -= counted[110]
    assert ask(altered(steady(name="requests_total"), counted)).moved == ()


def test_a_drop_in_availability_moves_down() -> None:
    values = np.full(120, 100.0)
    values[-9:] = 92.0
    found = ask(altered(steady(name="availability"), values))
    assert [(m.direction, m.before) for m in found.moved] == [("down", 100.0)]


def test_no_changes_known_is_not_the_answer_none() -> None:
    values = steady(noise=0.1).values + np.where(np.arange(120) > 110, 20.0, 0.0)
    assert ask(altered(steady(), values)).change is None


@pytest.mark.parametrize("skew", [-90, 90])
def test_clock_skew_of_a_source_is_forgiven(skew: int) -> None:
    shop = make_shop("slow", 2)
    shifted = tuple(Series(s.service, s.name, s.times + skew, s.values, s.kind) for s in shop.series)
    found = triage(now=shop.now, series=shifted, alerts=shop.alerts, changes=(), catalogue=shop.catalogue)
    assert found.services[0].name == shop.culprit


def test_ten_thousand_series_are_read_in_seconds() -> None:
    rng = np.random.default_rng(1)
    times = np.float64(NOW.timestamp()) - 60.0 * np.arange(60, dtype=np.float64)[::-1]
    many = [Series(f"s{i // 10}", f"latency_{i % 10}", times, rng.normal(10, 1, 60)) for i in range(10_000)]
    many[4321] = Series("s432", "latency_1", times, many[4321].values + np.where(np.arange(60) > 52, 50.0, 0.0))
    start = time.process_time()
    found = triage(now=NOW, series=many, alerts=(), changes=(), catalogue=EMPTY)
    assert found.services[0].name == "s432"
    assert time.process_time() - start < 30


def test_a_signal_of_unknown_kind_and_unit_is_told_and_called_nothing_it_is_not() -> None:
    values = steady(noise=0.1).values + np.where(np.arange(120) > 110, 20.0, 0.0)
    (moved,) = ask(altered(steady(name="m1"), values)).moved
    assert (moved.signal, moved.kind, moved.unit, moved.direction) == ("m1", SignalKind.OTHER, None, "up")


def test_a_long_gap_before_the_present_is_told_and_ranks_nobody() -> None:
    old = steady(noise=0.1)
    found = ask(Series("a", old.name, old.times - 3600, old.values))
    assert found.services == ()
    assert not found.judged
    assert any("no recent samples of a" in line for line in found.unseen)


def test_a_lone_failure_of_a_quiet_counter_does_not_outrank_hundreds_elsewhere() -> None:
    rng = np.random.default_rng(3)
    times = np.float64(NOW.timestamp()) - 30.0 * np.arange(240, dtype=np.float64)[::-1]
    rare, flood = rng.poisson(0.05, 240).astype(np.float64), np.zeros(240)
    rare[-25:], rare[-20] = 0.0, 1.0
    flood[-40:] = rng.poisson(200, 40)
    many = [Series(n, "errors_total", times, np.cumsum(v), SignalKind.ERRORS) for n, v in (("a", rare), ("b", flood))]
    found = triage(
        now=NOW, series=many, alerts=[Alert("E", NOW - timedelta(minutes=15), "web")], changes=(), catalogue=EMPTY
    )
    assert found.services[0].name == "b"
    assert not [m for m in found.moved if m.service == "a"]


def test_traffic_that_breaks_off_dates_the_trouble() -> None:
    series = steady(name="requests_rps", noise=0.5)
    values = np.where(np.arange(120) > 100, 0.0, series.values + 100)
    found = ask(altered(series, values))
    assert found.onset is not None
    assert abs(found.onset.timestamp() - series.times[101]) <= 60
