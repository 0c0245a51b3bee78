"""The figures' uncertainty is what it is said to be."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.evals import interval_coverage
from sre_advisor.evals.statistics.intervals import difference, rate
from sre_advisor.evals.statistics.sequential import evidence, lower_bound, watch
from sre_advisor.evals.statistics.tests import kappa, mcnemar, pass_hat


def test_mcnemar_is_the_exact_binomial() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 5) == 1.0
    assert mcnemar(0, 6) == pytest.approx(2 / 64)
    assert mcnemar(6, 0) == mcnemar(0, 6)
    assert mcnemar(1, 9) == pytest.approx(2 * 11 / 1024)


def test_pass_hat_is_the_chance_that_all_k_pass() -> None:
    assert pass_hat(3, 4, 1) == pytest.approx(0.75)
    assert pass_hat(3, 4, 2) == pytest.approx(0.5)
    assert pass_hat(3, 4, 4) == 0.0
    assert pass_hat(3, 4, 5) is None


def test_kappa_takes_chance_out() -> None:
    assert kappa([("r", "r")] * 10 + [("w", "w")] * 10) == pytest.approx(1.0)
    assert kappa([("r", "r"), ("r", "w"), ("w", "r"), ("w", "w")]) == pytest.approx(0.0)
    assert kappa([("r", "r")] * 5) is None
    assert kappa([]) is None


def test_the_interval_of_a_difference_holds_it_about_as_often_as_it_says() -> None:
    state, held = np.random.default_rng(11), 0
    for _ in range(300):
        a, b = (state.binomial(4, p, 35) / 4 for p in (0.9, 0.7))
        found = difference(list(b - a))
        assert found is not None
        held += found.low <= -0.2 <= found.high
    assert 0.92 <= held / 300 <= 0.985


def test_trials_of_one_case_are_no_new_cases() -> None:
    few = rate([[1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]])
    many = rate([[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 0.0, 1.0]])
    assert few is not None
    assert many is not None
    assert few.estimate == many.estimate == 0.5
    assert few.high - few.low > many.high - many.low


def test_where_no_case_differs_the_interval_still_allows_for_the_next_case() -> None:
    found = difference([0.0] * 30)
    assert found is not None
    assert found.low < 0 < found.high
    assert found.high == pytest.approx(1 - 0.02 ** (1 / 30))
    assert difference([]) is None


@pytest.mark.parametrize("seed", range(4))
def test_each_hundred_repetitions_hold_the_true_difference_at_least_93_times(seed: int) -> None:
    held, _ = interval_coverage(cases=35, trials=5, repetitions=100, seed=100 + seed)
    assert held >= 93


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=30))
def test_an_interval_holds_its_estimate_and_stays_in_range(pairs: list[float]) -> None:
    found = difference(pairs)
    assert found is not None
    assert -1 <= found.low <= found.estimate + 1e-9
    assert found.estimate - 1e-9 <= found.high <= 1
    assert difference(pairs) == found


@given(st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=5), min_size=1, max_size=20))
def test_a_rate_lies_in_its_interval(cases: list[list[float]]) -> None:
    found = rate(cases)
    assert found is not None
    assert 0 <= found.low <= found.estimate + 1e-9
    assert found.estimate - 1e-9 <= found.high <= 1


def test_the_lower_bound_is_clopper_and_pearsons() -> None:
    assert lower_bound(10, 10, 0.05) == pytest.approx(0.05 ** (1 / 10), abs=1e-6)
    assert lower_bound(0, 10, 0.05) == 0.0
    assert lower_bound(90, 100, 0.025) == pytest.approx(0.8238, abs=1e-3)


def _ever(shares: list[float], floor: float, limit: float) -> int | None:
    return next((n for n in range(1, len(shares) + 1) if evidence(shares[:n], floor) >= limit), None)


def test_a_rate_that_never_falls_is_seldom_called_fallen_however_often_one_looks() -> None:
    state, alpha = np.random.default_rng(3), 0.1
    alarms = sum(_ever((state.binomial(12, 0.8, 60) / 12).tolist(), 0.8, 1 / alpha) is not None for _ in range(300))
    assert alarms <= 300 * alpha


def test_a_drop_is_found_also_after_a_long_good_time() -> None:
    state = np.random.default_rng(4)
    shares = [*(state.binomial(12, 0.9, 100) / 12), *(state.binomial(12, 0.5, 40) / 12)]
    at = next(n for n in range(1, 141) if watch(shares[:n], 216, 240, 0.01).alarms)
    assert 100 < at <= 120


def test_more_bad_rounds_are_more_evidence() -> None:
    grown = [evidence([0.4] * n, 0.8) for n in range(1, 20)]
    assert all(a < b for a, b in pairwise(grown))
    assert evidence([], 0.8) == 1.0
    assert evidence([0.0] * 5, 0.0) == 1.0
