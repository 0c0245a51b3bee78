"""The plain microservice case: the alert is on a victim, the question names nothing, the culprit is calls below."""

from datetime import timedelta

import pytest

from sre_advisor.model import Catalogue
from sre_advisor.triage import triage
from tests.triage.shop import FAULTS, Fault, Shop, make_shop

SEEDS = range(10)


def first_service(shop: Shop, *, graph: bool = True, alerts: bool = True) -> str:
    found = triage(
        now=shop.now,
        series=shop.series,
        alerts=shop.alerts if alerts else (),
        changes=(),
        catalogue=shop.catalogue if graph else Catalogue(),
    )
    return found.services[0].name if found.services else ""


@pytest.mark.parametrize("fault", FAULTS)
def test_the_culprit_below_a_victim_is_found_with_the_graph(fault: Fault) -> None:
    shops = [make_shop(fault, seed) for seed in SEEDS]
    assert sum(first_service(s) == s.culprit for s in shops) >= 9


@pytest.mark.parametrize("fault", FAULTS)
def test_the_culprit_below_a_victim_is_found_without_a_graph(fault: Fault) -> None:
    shops = [make_shop(fault, seed) for seed in SEEDS]
    assert sum(first_service(s, graph=False) == s.culprit for s in shops) >= 7


@pytest.mark.parametrize("fault", FAULTS)
def test_the_culprit_is_found_when_nothing_has_rung_yet(fault: Fault) -> None:
    shops = [make_shop(fault, seed) for seed in SEEDS]
    assert sum(first_service(s, alerts=False) == s.culprit for s in shops) >= 8


@pytest.mark.parametrize("step_s", [5, 15, 60, 300])
def test_the_sampling_rate_does_not_decide(step_s: int) -> None:
    shops = [make_shop(fault, 3, step_s=step_s, hours=4.0) for fault in FAULTS]
    assert sum(first_service(s) == s.culprit for s in shops) >= 5


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "leak"])
def test_the_onset_is_dated_before_the_late_alert(fault: Fault) -> None:
    shop = make_shop(fault, 1)
    found = triage(now=shop.now, series=shop.series, alerts=shop.alerts, changes=(), catalogue=shop.catalogue)
    assert found.onset is not None
    assert abs(found.onset - shop.began) <= timedelta(minutes=2)


@pytest.mark.parametrize("fault", [f for f in FAULTS if f != "leak"])
def test_a_morning_of_growing_demand_neither_dates_nor_causes_it(fault: Fault) -> None:
    shops = [make_shop(fault, seed, drift=1.0) for seed in SEEDS]
    found = [triage(now=s.now, series=s.series, alerts=s.alerts, changes=(), catalogue=s.catalogue) for s in shops]
    assert sum(f.services[0].name == s.culprit for f, s in zip(found, shops, strict=True)) >= 9
    late = [abs(f.onset - s.began) for f, s in zip(found, shops, strict=True) if f.onset is not None]
    assert sum(gap <= timedelta(minutes=2) for gap in late) >= 9
