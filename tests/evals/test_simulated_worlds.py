"""A simulated world is the same each time, and its truth is true in it."""

from __future__ import annotations

import re
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sre_advisor.evals.simulator.causes import CAUSES
from sre_advisor.evals.simulator.day import ERRORS, LATENCY
from sre_advisor.evals.simulator.spread import first_moved
from sre_advisor.evals.simulator.world import SimulatedWorld, expectation, files, simulate
from sre_advisor.evals.suites.bundled import bundled_suite, written
from sre_advisor.model import Verdict
from sre_advisor.replay.world import load_world

WORLDS = [simulate(cause, variant) for cause in CAUSES for variant in (1, 2, 3)]
WITH_CAUSE = [w for w in WORLDS if w.told.verdict is Verdict.LIKELY_CAUSE]
each = pytest.mark.parametrize("world", WORLDS, ids=lambda w: w.id)
each_with_cause = pytest.mark.parametrize("world", WITH_CAUSE, ids=lambda w: w.id)


def test_the_bundled_suite_has_thirty_worlds_of_every_cause(tmp_path: Path) -> None:
    suite = bundled_suite(tmp_path)
    assert len(suite.cases) >= 30
    assert {tag for c in suite.cases for tag in c.expected.tags} >= set(CAUSES)


@pytest.mark.parametrize("cause", ["bad_deploy", "dns", "not_enough_evidence"])
def test_a_world_comes_out_the_same_each_time(cause: str) -> None:
    assert files(simulate(cause, 1)) == files(simulate(cause, 1))


def test_variants_are_different_shops() -> None:
    one, other = simulate("bad_deploy", 1), simulate("bad_deploy", 2)
    assert one.day.shop.calls != other.day.shop.calls
    assert files(one)["metrics.csv"] != files(other)["metrics.csv"]


@pytest.mark.alone
def test_a_world_is_made_in_less_than_a_third_of_a_second() -> None:
    spent = []
    for cause in ("pool_exhaustion", "dns", "traffic_surge"):
        began = time.process_time()
        files(simulate(cause, 4))
        spent.append(time.process_time() - began)
    assert sorted(spent)[1] < 0.3


@each_with_cause
def test_the_trouble_shows_before_any_of_its_alerts(world: SimulatedWorld) -> None:
    own = [a for a in world.alerts if a not in world.decoys.alerts]
    assert own
    assert all(a.started_at >= world.day.onset for a in own)
    assert all(a.started_at <= world.day.now for a in world.alerts)


@each_with_cause
def test_the_guilty_change_comes_before_the_trouble(world: SimulatedWorld) -> None:
    guilty = [c for c in world.changes if c.id in world.told.culprit]
    assert len(guilty) == len(world.told.culprit)
    assert all(c.at < world.day.onset for c in guilty)


@each_with_cause
def test_victims_move_after_where_it_began(world: SimulatedWorld) -> None:
    began = world.day.onset_index
    for member in world.day.shop.members:
        moved = first_moved(world.day, member.name)
        assert moved is None or moved >= began, member.name
    victims = {v for s in world.told.services if s in world.day.shop.by_name for v in world.day.shop.upstream(s)}
    origins = [first_moved(world.day, s) for s in world.told.services]
    first = min((o for o in origins if o is not None), default=began)
    later = [first_moved(world.day, v) for v in victims - set(world.told.services)]
    assert all(m is None or m > first for m in later)


@each_with_cause
def test_where_it_began_shows_in_what_was_recorded(world: SimulatedWorld) -> None:
    """Of every guilty service something moves beyond its ordinary range after the onset."""
    at = world.day.onset_index
    for service in world.told.services:
        own = [v for (name, _metric), v in world.columns.items() if name == service]
        moved = [
            abs(np.median(v[at + 3 :]) - np.median(v[: at - 4])) > 3 * np.std(v[: at - 4]) + 1e-9
            or v[at + 3 :].max() > v[: at - 4].max() * 1.5
            for v in own
        ]
        assert any(moved), service


@each
def test_decoys_are_innocent_and_truth_is_not_forbidden(world: SimulatedWorld) -> None:
    expected = expectation(world)
    assert not set(expected.never.services) & set(expected.cause.service)
    assert not set(expected.never.changes) & set(expected.cause.change or ())
    assert not {c.id for c in world.decoys.changes} & set(world.told.culprit)


@pytest.mark.parametrize("world", [w for w in WORLDS if w.told.cause == "nothing"], ids=lambda w: w.id)
def test_nothing_fires_where_nothing_is_wrong(world: SimulatedWorld) -> None:
    assert world.alerts == ()
    assert all(first_moved(world.day, m.name) is None for m in world.day.shop.members)


@pytest.mark.parametrize("world", [w for w in WORLDS if w.told.cause == "not_enough_evidence"], ids=lambda w: w.id)
def test_where_evidence_is_missing_something_fires_and_its_origin_is_dark(world: SimulatedWorld) -> None:
    seen = {service for service, _ in world.columns}
    origin = next(n for n, b in world.day.bends.items() if b.errors.max() > 0 and world.day.shop.by_name[n].tier == 2)
    assert world.alerts
    assert origin not in seen
    assert not any(line.service == origin for line in world.logs)


@each
def test_runbooks_are_the_same_whatever_the_cause(world: SimulatedWorld) -> None:
    def runbooks(of: SimulatedWorld) -> dict[str, bytes]:
        return {path: data for path, data in files(of).items() if path.startswith("docs/runbooks")}

    assert runbooks(world) == runbooks(WORLDS[0])


def test_a_world_loads_as_a_recording(tmp_path: Path) -> None:
    made = simulate("cache_stampede", 1)
    world = load_world(written("cache_stampede", 1, tmp_path / made.id))
    assert world.now == made.day.now
    assert {s.service for s in world.series} == {service for service, _ in made.columns}
    assert world.changes == made.changes
    assert [a.name for a in world.alerts] == [a.name for a in made.alerts]
    names = {s.name for s in world.series}
    assert {ERRORS, LATENCY, "cache_hit_ratio"} <= names


def test_the_question_seldom_names_the_culprit() -> None:
    naming = [w.id for w in WITH_CAUSE if set(w.told.services) & set(re.findall(r"[\w-]+", w.question))]
    assert len(naming) <= len(WITH_CAUSE) / 3, naming


@each_with_cause
def test_a_change_that_could_have_done_it_stands_shortly_before_the_onset(world: SimulatedWorld) -> None:
    deploys = [c for c in world.decoys.changes if c.kind == "deploy"]
    assert any(timedelta(0) < world.day.onset - c.at < timedelta(minutes=10) for c in deploys)
