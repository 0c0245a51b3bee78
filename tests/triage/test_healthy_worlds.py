"""Healthy worlds are called healthy, whatever their noise; what lasts and what falls silent is not noise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray

from sre_advisor.investigate.figures import movement_words
from sre_advisor.model import Alert, Catalogue, Series, Service, SignalKind
from sre_advisor.triage import Triage, triage

NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
SIGNALS = (SignalKind.ERRORS, SignalKind.LATENCY, SignalKind.TRAFFIC, SignalKind.CPU, SignalKind.MEMORY)
SERVICES = 12
WORLDS = 20
ALLOWED = 1
"""Of the worlds of one sort, those that may be called troubled: one in twenty."""

Floats = NDArray[np.float64]
Noise = Callable[[np.random.Generator, Floats], Floats]


def sine(rng: np.random.Generator, times: Floats) -> Floats:
    phase = rng.uniform(0, 2 * np.pi)
    return 100 + 40 * np.sin(2 * np.pi * times / 86400 + phase) + rng.normal(0, 1, times.size)


NOISES: dict[str, Noise] = {
    "normal": lambda rng, t: 50 + rng.normal(0, 1, t.size),
    "uniform": lambda rng, t: 50 + 2 * rng.random(t.size),
    "lognormal": lambda rng, t: 50 * rng.lognormal(0, 0.3, t.size),
    "wide lognormal": lambda rng, t: 50 * rng.lognormal(0, 0.6, t.size),
    "poisson": lambda rng, t: rng.poisson(3, t.size).astype(np.float64),
    "rare poisson": lambda rng, t: rng.poisson(0.03, t.size).astype(np.float64),
    "share": lambda rng, t: np.minimum(1.0, rng.poisson(0.5, t.size) / 20),
    "daily sine": sine,
}


def world(noise: Noise, seed: int, minutes: int = 180, step: int = 60) -> list[Series]:
    rng = np.random.default_rng(seed)
    times = np.arange(NOW.timestamp() - minutes * 60, NOW.timestamp() + 1, step)
    return [
        Series(f"s{i}", kind.value, times, noise(rng, times), kind, None) for i in range(SERVICES) for kind in SIGNALS
    ]


def looked(series: list[Series], *alerts: Alert, edges: tuple[tuple[str, str], ...] = ()) -> Triage:
    known = Catalogue(tuple(Service(name=f"s{i}") for i in range(SERVICES)), edges)
    return triage(now=NOW, series=series, alerts=alerts, changes=(), catalogue=known)


def altered(
    series: list[Series], service: str, kind: SignalKind, values: Callable[[Floats, Floats], Floats]
) -> list[Series]:
    return [
        replace(s, values=values(s.times, s.values)) if (s.service, s.kind) == (service, kind) else s for s in series
    ]


def alert(service: str | None) -> Alert:
    return Alert(name="HighErrorRate", started_at=NOW - timedelta(minutes=6), service=service)


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize(("minutes", "step"), [(180, 60), (360, 30)])
def test_a_healthy_world_has_no_suspect(noise: Noise, minutes: int, step: int) -> None:
    found = [looked(world(noise, seed, minutes, step)) for seed in range(WORLDS)]
    assert sum(bool(f.services or f.moved) for f in found) <= ALLOWED
    assert all(f.judged for f in found)


@pytest.mark.parametrize("noise", NOISES.values(), ids=NOISES)
@pytest.mark.parametrize("service", ["s3", None, "unmeasured"])
def test_an_alert_over_noise_gives_at_most_a_weak_lead(noise: Noise, service: str | None) -> None:
    found = [looked(world(noise, seed), alert(service)) for seed in range(WORLDS)]
    ranked = [f for f in found if f.services]
    assert sum(f.plainly(f.services[0].name) for f in ranked) <= ALLOWED
    assert all(f.confidence_note.startswith("weak") for f in ranked if not f.plainly(f.services[0].name))


def test_a_step_that_lasts_is_found_without_an_alert() -> None:
    calm = world(NOISES["lognormal"], 1)
    broken = altered(calm, "s4", SignalKind.LATENCY, lambda t, v: v * np.where(t > NOW.timestamp() - 600, 4, 1))
    found = looked(broken)
    assert [s.name for s in found.services] == ["s4"]
    assert found.plainly("s4")


def test_what_is_over_or_got_better_is_no_trouble_without_an_alert() -> None:
    calm = world(NOISES["normal"], 1)
    at = NOW.timestamp()
    over = altered(calm, "s4", SignalKind.LATENCY, lambda t, v: v * np.where((t > at - 1500) & (t < at - 900), 4, 1))
    better = altered(calm, "s4", SignalKind.ERRORS, lambda t, v: v * np.where(t > at - 600, 0.02, 1))
    assert looked(over).services == ()
    assert looked(better).services == ()


def test_a_recovery_is_told_with_the_movement() -> None:
    at = NOW.timestamp()
    calm = world(NOISES["normal"], 1)
    over = altered(calm, "s4", SignalKind.LATENCY, lambda t, v: v * np.where((t > at - 600) & (t < at - 290), 4, 1))
    first = next(m for m in looked(over, alert("s4")).moved if m.service == "s4")
    assert first.back == NOW - timedelta(minutes=4)
    assert "back to about 49.9 since 11:56" in movement_words(first, NOW)


def test_a_counter_says_over_how_long_its_increase_was_taken() -> None:
    times = np.arange(NOW.timestamp() - 10800, NOW.timestamp() + 1, 60)
    values = np.cumsum(np.where(times > NOW.timestamp() - 600, 90.0, 3.0))
    counter = Series("s4", "errors_total", times, values, SignalKind.ERRORS)
    (moved,) = looked([counter]).moved
    assert "(increase per minute) rose from 3 to 90" in movement_words(moved, NOW)


def silent(series: list[Series], service: str) -> list[Series]:
    until = NOW.timestamp() - 600
    return [
        replace(s, times=s.times[s.times < until], values=s.values[s.times < until]) if s.service == service else s
        for s in series
    ]


@pytest.mark.parametrize("service", ["s4", "s3", None])
def test_a_service_that_falls_silent_is_the_first_suspect(service: str | None) -> None:
    ringing = (alert(service),) if service else ()
    found = looked(silent(world(NOISES["normal"], 1), "s4"), *ringing, edges=(("s3", "s4"),))
    assert found.services[0].name == "s4"
    assert found.plainly("s4")
    assert movement_words(found.moved[0], NOW).startswith("s4 went dark at 11:50 UTC")


def test_silence_of_everything_is_a_gap_and_no_movement() -> None:
    whole = world(NOISES["normal"], 1)
    for i in range(SERVICES):
        whole = silent(whole, f"s{i}")
    found = looked(whole)
    assert found.services == ()
    assert not found.judged


def test_one_sample_is_nothing_to_compare() -> None:
    at = np.array([NOW.timestamp() - 60])
    found = looked([Series("s1", "errors", at, np.array([1.0]), SignalKind.ERRORS)])
    assert found.services == ()
    assert not found.judged


def test_alerts_and_changes_of_the_future_are_told() -> None:
    ahead = replace(alert("s1"), started_at=NOW + timedelta(hours=1))
    assert any("clock skew" in gap for gap in looked(world(NOISES["normal"], 1), ahead).unseen)
