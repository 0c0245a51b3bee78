"""What the same hours of other days say."""

from datetime import UTC, datetime, timedelta

import numpy as np

from sre_advisor.model import Alert, Catalogue, Series, SignalKind
from sre_advisor.triage import Triage, triage

NOW = datetime(2031, 3, 4, 9, 0, tzinfo=UTC)
TIMES = np.float64(NOW.timestamp()) - 60.0 * np.arange(180, dtype=np.float64)[::-1]
MORNING = np.clip((np.arange(180) - 150) / 10.0, 0.0, 1.0)
DAY, WEEK = timedelta(days=1), timedelta(days=7)
ALERT = Alert(name="Busy", started_at=NOW - timedelta(minutes=15), service="web")


def traffic(rise: float, offset: timedelta = timedelta(0), samples: int = 180) -> Series:
    noise = np.random.default_rng(offset.days).normal(0, 2, 180)
    values = 100 + rise * MORNING + noise
    return Series("web", "rps", TIMES[-samples:], values[-samples:], SignalKind.TRAFFIC, offset=offset)


def ask(*series: Series) -> Triage:
    return triage(now=NOW, series=series, alerts=(ALERT,), changes=(), catalogue=Catalogue())


def test_a_rise_that_comes_every_morning_is_no_movement() -> None:
    assert [m.signal for m in ask(traffic(80)).moved] == ["rps"]
    assert ask(traffic(80), traffic(78, DAY), traffic(82, WEEK)).moved == ()


def test_a_rise_on_top_of_the_morning_is_still_seen() -> None:
    assert ask(traffic(300), traffic(80, DAY)).moved


def test_one_day_that_lacked_the_rise_does_not_make_it_a_surprise() -> None:
    assert ask(traffic(80), traffic(0, DAY), traffic(80, WEEK)).moved == ()


def test_other_days_stand_in_for_a_missing_baseline() -> None:
    short = traffic(80, samples=4)
    assert ask(short).moved == ()
    assert [m.direction for m in ask(short, traffic(0, DAY)).moved] == ["up"]


def test_a_past_series_alone_is_not_taken_for_the_present() -> None:
    assert ask(traffic(80, DAY)).services == ()


def test_failures_that_came_yesterday_as_well_are_still_failures() -> None:
    def errors(offset: timedelta = timedelta(0)) -> Series:
        return Series("web", "errors", TIMES, 0.001 + 0.4 * MORNING, SignalKind.ERRORS, offset=offset)

    assert ask(errors(), errors(DAY)).moved
