"""Nobody knows who calls whom, or only part of it: who broke first and most, and who only looks as bad."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from sre_advisor.model import Alert, Catalogue, Change, Series, SignalKind
from sre_advisor.triage import triage
from sre_advisor.triage.words import as_written

NOW = datetime(2031, 3, 4, 12, 0, tzinfo=UTC)
ONSET = NOW - timedelta(minutes=12, seconds=20)
TIMES = np.arange(NOW.timestamp() - 3 * 3600, NOW.timestamp() + 1, 60.0)
CHAIN = ("edge", "middle", "origin")
EDGES = (("edge", "middle"), ("middle", "origin"))


def smeared(start: float, level: float, usual: float, seed: int) -> np.ndarray:
    """A step at `start` as a rate over two minutes shows it, with a little noise."""
    share = np.clip((TIMES - start) / 120.0, 0.0, 1.0)
    return (usual + level * share) * np.random.default_rng(seed).normal(1.0, 0.02, TIMES.size)


def slow_chain(seed: int, spread: float, errors: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> list[Series]:
    """The callee is slow; each caller half a minute later, by `spread` of it a call; errors for each of CHAIN."""
    out: list[Series] = []
    for hops, name in enumerate(reversed(CHAIN)):
        start = ONSET.timestamp() + 30 * hops
        slow = smeared(start, 4.0 * spread**hops, 0.1, seed + hops)
        failing = np.abs(smeared(start, errors[2 - hops], 0.002, 50 + seed + hops))
        traffic = np.random.default_rng(99 + hops).normal(40.0 / (1 + hops), 1.0, TIMES.size)
        out += [
            Series(name, "latency_p95", TIMES, slow, SignalKind.LATENCY, "s"),
            Series(name, "error_ratio", TIMES, failing, SignalKind.ERRORS, "ratio"),
            Series(name, "requests", TIMES, traffic, SignalKind.TRAFFIC, "rps"),
        ]
    return out


ALERT = Alert("TooSlow", ONSET + timedelta(minutes=4), "edge", "critical")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("spread", [0.65, 1.0, 1.3])
def test_the_first_of_several_alike_comes_first_although_the_caller_rings(seed: int, spread: float) -> None:
    found = triage(now=NOW, series=slow_chain(seed, spread), alerts=[ALERT], changes=(), catalogue=Catalogue())
    assert found.services[0].name == "origin"


def test_without_a_graph_nothing_is_said_about_who_calls_whom() -> None:
    found = triage(now=NOW, series=slow_chain(1, 0.65), alerts=[ALERT], changes=(), catalogue=Catalogue())
    assert not any("calls" in reason for service in found.services for reason in service.reasons)


@pytest.mark.parametrize("seed", range(5))
def test_a_few_more_errors_do_not_make_a_victim_an_origin_when_its_slowness_is_explained(seed: int) -> None:
    series = slow_chain(seed, 1.3, errors=(0.025, 0.012, 0.0))
    found = triage(now=NOW, series=series, alerts=[ALERT], changes=(), catalogue=Catalogue(edges=EDGES))
    reasons = {service.name: " ".join(service.reasons) for service in found.services}
    assert found.services[0].name == "origin"
    assert "victim" in reasons["edge"]
    assert "victim" in reasons["middle"]
    assert "victim" not in reasons["origin"]


def test_failures_are_a_slow_callees_only_while_nobody_says_that_the_caller_itself_is_fast() -> None:
    share = np.clip((TIMES - ONSET.timestamp()) / 60, 0, 1)
    noise = np.random.default_rng(3).normal(0.0, 0.0005, TIMES.size)
    failing = Series("edge", "error_ratio", TIMES, 0.002 + 0.3 * share + noise, SignalKind.ERRORS, "ratio")
    slow = Series("origin", "latency_p95", TIMES, 0.1 + 4 * share + noise, SignalKind.LATENCY, "s")
    fast = Series("edge", "latency_p95", TIMES, 0.1 + noise, SignalKind.LATENCY, "s")
    catalogue = Catalogue(edges=(("edge", "origin"),))

    def victims(*series: Series) -> set[str]:
        found = triage(now=NOW, series=series, alerts=[ALERT], changes=(), catalogue=catalogue)
        return {s.name for s in found.services if any("victim" in r for r in s.reasons)}

    assert victims(failing, slow) == {"edge"}
    assert victims(failing, slow, fast) == set()


def test_a_quiet_afternoon_has_no_suspects() -> None:
    dice = np.random.default_rng(5)
    series = [
        Series(f"svc-{n}", "latency_p95", TIMES, dice.normal(0.2, 0.01, TIMES.size), SignalKind.LATENCY, "s")
        for n in range(60)
    ]
    found = triage(now=NOW, series=series, alerts=(), changes=(), catalogue=Catalogue())
    assert found.services == ()
    assert found.moved == ()
    assert found.confidence_note == "nothing stands out"


def test_reasons_speak_in_words_that_stand_in_the_change() -> None:
    change = Change("c1", "commit", ONSET - timedelta(minutes=2), "does retries of latencies", service="origin")
    alert = Alert("Latencies", ONSET, "edge", "critical", annotations={"summary": "it does retrying of latency"})
    found = triage(now=NOW, series=slow_chain(1, 0.65), alerts=[alert], changes=[change], catalogue=Catalogue())
    said = next(r for r in found.changes[0].reasons if r.startswith("speaks of "))
    spoken = said.removeprefix("speaks of ").split(", as the")[0].split(", ")
    assert set(spoken) <= set(change.summary.split())
    assert as_written("does it", ["doe"]) == ["does"]
