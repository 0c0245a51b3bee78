"""When it began: late alerts, slow leaks, steps on top of a drift, spikes before."""

import numpy as np
import pytest

from sre_advisor.model import SignalKind
from sre_advisor.triage.clean import Floats, Samples
from sre_advisor.triage.onset import departure

STEP, SIZE = 30.0, 360
TIMES = STEP * np.arange(SIZE, dtype=np.float64)


def noisy(shape: Floats, seed: int, noise: float = 1.0) -> Samples:
    values = 20.0 + shape + np.random.default_rng(seed).normal(0.0, noise, SIZE)
    return Samples(TIMES, np.asarray(values, dtype=np.float64), STEP)


def step_at(index: int, height: float) -> Floats:
    return np.where(np.arange(SIZE) >= index, height, 0.0)


def ramp_from(index: int, height: float) -> Floats:
    return height * np.clip((np.arange(SIZE, dtype=np.float64) - index) / (SIZE - index), 0.0, 1.0)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("late_by", [0, 3, 10, 40, 120])
def test_a_step_is_dated_however_late_the_alert(late_by: int, seed: int) -> None:
    found = departure(noisy(step_at(200, 30.0), seed), SignalKind.LATENCY, TIMES[200 + late_by])
    assert found is not None
    assert abs(found.onset - TIMES[200]) <= 2 * STEP
    assert found.usual.middle == pytest.approx(20.0, abs=1.0)


@pytest.mark.parametrize("seed", range(5))
def test_a_slow_leak_is_dated_near_its_start(seed: int) -> None:
    found = departure(noisy(ramp_from(120, 60.0), seed), SignalKind.MEMORY, TIMES[350])
    assert found is not None
    assert TIMES[120] <= found.onset <= TIMES[160]


@pytest.mark.parametrize("seed", range(5))
def test_a_step_on_top_of_a_daily_drift_is_dated_by_the_step(seed: int) -> None:
    found = departure(noisy(ramp_from(0, 25.0) + step_at(330, 80.0), seed), SignalKind.SATURATION, TIMES[345])
    assert found is not None
    assert abs(found.onset - TIMES[330]) <= 2 * STEP


def test_a_spike_an_hour_before_is_not_taken_for_the_start() -> None:
    shape = step_at(330, 30.0)
    shape[180:183] += 60.0
    found = departure(noisy(shape, 3), SignalKind.LATENCY, TIMES[335])
    assert found is not None
    assert abs(found.onset - TIMES[330]) <= 2 * STEP


def test_a_drop_has_a_negative_deviation() -> None:
    found = departure(noisy(step_at(330, -15.0), 1), SignalKind.TRAFFIC, TIMES[340])
    assert found is not None
    assert found.z < -3
