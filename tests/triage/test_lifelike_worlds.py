"""Worlds of a second maker, at every sampling from a second to five minutes: calm is calm, and the broken is found."""

import pytest

from sre_advisor.model import Catalogue, Service
from sre_advisor.triage import Triage, triage
from tests.triage.lifelike import FAULTS, HEALTHY, NOW, SERVICES, STEPS_S, Fault, mixed, one_sort, troubled

WORLDS = 4
ALLOWED = 1 / 20
KNOWN = Catalogue(tuple(Service(name=f"svc{i}") for i in range(SERVICES)))


def alarmed(found: Triage) -> bool:
    return bool(found.services or found.moved)


def test_at_most_one_in_twenty_healthy_worlds_is_called_troubled_at_any_sampling() -> None:
    found = [
        triage(now=NOW, series=made, alerts=(), changes=(), catalogue=KNOWN)
        for step in STEPS_S
        for seed in range(WORLDS)
        for made in (mixed(step, seed), *(one_sort(sort, step, seed) for sort in HEALTHY))
        if step >= 15 or seed == 0  # a second's samples take long to make up, not to look at
    ]
    assert sum(map(alarmed, found)) <= ALLOWED * len(found)
    assert all(f.judged for f in found)


@pytest.mark.parametrize("sort", ["day", "morning", "walk"])
def test_what_people_do_every_day_is_no_trouble_although_it_hardly_wobbles(sort: str) -> None:
    found = [
        triage(now=NOW, series=one_sort(sort, 300, seed), alerts=(), changes=(), catalogue=KNOWN) for seed in range(10)
    ]
    assert sum(map(alarmed, found)) <= 1


@pytest.mark.parametrize("step", STEPS_S)
@pytest.mark.parametrize("fault", FAULTS)
def test_the_broken_service_leads_when_an_alert_fires(fault: Fault, step: int) -> None:
    seeds = range(3 if step < 15 else 5)
    hits = 0
    for seed in seeds:
        world = troubled(fault, step, seed)
        found = triage(now=NOW, series=world.series, alerts=world.alerts, changes=(), catalogue=world.catalogue)
        assert found.plainly(found.services[0].name)
        assert world.culprit in [s.name for s in found.services[:3]]
        hits += found.services[0].name == world.culprit
    assert hits >= len(seeds) - 1


@pytest.mark.parametrize("fault", FAULTS)
def test_the_broken_service_is_among_three_without_any_alert(fault: Fault) -> None:
    for step in (15, 60, 300):
        for seed in range(3):
            world = troubled(fault, step, seed, alerted=False)
            found = triage(now=NOW, series=world.series, alerts=(), changes=(), catalogue=world.catalogue)
            assert world.culprit in [s.name for s in found.services[:3]]
