"""Figures, names and times are written as a person would say them, and a claim made of them stands in its evidence."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.advisors.words import clock, figure, signal_words, span
from sre_advisor.investigate.checking.words.quantities import numbers

AT = datetime(2026, 3, 12, 13, 50, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (1.432, "seconds", "1.43 s"),
        (0.003991, "seconds", "3.99 ms"),
        (0.6587, "ratio", "65.9 %"),
        (0.001187, "ratio", "0.119 %"),
        (91.95, "requests/s", "92 requests/s"),
        (935.0, None, "935"),
        (1234567.0, None, "1234567"),
        (0.0, "seconds", "0 s"),
        (3 * 1024.0**2, "bytes", "3 MiB"),
        (float("nan"), "ratio", "no number"),
        (0.00001234, "1", "0.0000123"),
    ],
)
def test_a_figure_has_three_digits_and_the_unit_a_person_would_say(value: float, unit: str | None, words: str) -> None:
    assert figure(value, unit) == words


def test_a_unit_is_said_once_only_where_the_bare_figure_is_the_one_in_the_evidence() -> None:
    assert span(31.64, 91.95, "requests/s") == "from 31.6 to 92 requests/s"
    assert span(0.1644, 0.994, "ratio") == "from 16.4 % to 99.4 %"
    assert span(0.003991, 2.086, "seconds") == "from 3.99 ms to 2.09 s"
    assert span(0.1, 0.2) == "from 0.1 to 0.2"


def test_a_metrics_name_loses_only_what_the_figure_says() -> None:
    assert signal_words("db_pool_wait_p99_seconds", "seconds") == "db pool wait p99"
    assert signal_words("http_error_ratio", "ratio") == "http error ratio"
    assert signal_words("db_pool_wait_p99_seconds") == "db pool wait p99 seconds"
    assert signal_words("svc:latency:p99") == "svc:latency:p99"
    assert signal_words("front-end_latency-90", "seconds") == "front-end_latency-90"


def test_a_time_tells_its_seconds_only_where_they_matter_and_its_day_when_it_is_another() -> None:
    assert clock(AT, AT) == "13:50:15 UTC"
    assert clock(AT, AT, exact=False) == "13:50 UTC"
    assert clock(AT, datetime(2026, 3, 13, tzinfo=UTC)) == "2026-03-12 13:50:15 UTC"


@given(st.floats(1e-6, 1e9), st.sampled_from(["seconds", "ratio", "requests/s", None]))
def test_a_rounded_figure_is_still_found_in_the_evidence_it_came_from(value: float, unit: str | None) -> None:
    (written,) = numbers(figure(value, unit))
    (held,) = numbers(f"{value:.12f}")
    assert written.could_be(held)
