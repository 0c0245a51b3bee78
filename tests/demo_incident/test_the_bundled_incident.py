"""The bundled incident is what its generator writes, hangs together, and tells its cause only to those who read."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.incident.build import build
from sre_advisor.demo.incident.timeline import CHECKOUT_ALERT, CHECKOUT_DEPLOY, FLAG_FLIP, LATENCY_ALERT, POOL_DEPLOY
from sre_advisor.model import Change, Series, SignalKind
from sre_advisor.replay.world import World, load_world

TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "incident_truth.json").read_text())


@pytest.fixture(scope="module")
def world() -> World:
    return load_world(WORLD)


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rebuilt")
    build(folder)
    return folder


def column(world: World, service: str, metric: str) -> Series:
    return next(s for s in world.series if (s.service, s.name) == (service, metric))


def onset(world: World, service: str, metric: str, above: float) -> datetime:
    """When the series first went above the value for three samples in a row, in the last half hour."""
    series = column(world, service, metric)
    recent = series.times > series.times[-1] - 1_800
    times, high = series.times[recent], series.values[recent] > above
    first = next(i for i in range(len(high) - 2) if high[i : i + 3].all())
    return datetime.fromtimestamp(times[first], world.now.tzinfo)


def commits(bundle: Path, into: Path) -> list[str]:
    subprocess.run(["git", "clone", "-q", "--mirror", str(bundle), str(into)], check=True)
    done = subprocess.run(
        ["git", "-C", str(into), "log", "--format=%H %an %ae", "--reverse", "main"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.splitlines()


@pytest.mark.parametrize("name", ["case.json", "metrics.csv", "logs.jsonl"])
def test_building_again_gives_the_committed_bytes(rebuilt: Path, name: str) -> None:
    assert (rebuilt / name).read_bytes() == (WORLD / name).read_bytes()


def test_building_again_gives_the_committed_shas(rebuilt: Path, tmp_path: Path) -> None:
    committed = commits(WORLD / "repo.bundle", tmp_path / "committed.git")
    assert committed == commits(rebuilt / "repo.bundle", tmp_path / "rebuilt.git")
    assert len(committed) >= 40
    assert all(line.endswith("@shop.example") for line in committed)


def test_every_change_names_a_commit_of_the_bundle(world: World, tmp_path: Path) -> None:
    shas = {line.split()[0] for line in commits(WORLD / "repo.bundle", tmp_path / "r.git")}
    assert {c.id for c in world.changes if c.kind == "commit"} <= shas
    deploys = [c for c in world.changes if c.kind == "deploy"]
    assert len(deploys) == 4
    assert all(c.commit in shas for c in deploys)
    assert len(world.changes) == TRUTH["n_changes"]


def test_the_world_has_twelve_services_with_their_golden_signals(world: World) -> None:
    names = {service.name for service in world.catalogue.services}
    assert len(names) == TRUTH["n_services"] == 12
    assert {s.service for s in world.series} == names
    assert all(callee in names for _, callee in world.catalogue.graph)
    assert ("checkout", "payments") in world.catalogue.graph
    for name in names:
        kinds = {s.kind for s in world.series if s.service == name}
        assert {SignalKind.TRAFFIC, SignalKind.ERRORS, SignalKind.LATENCY, SignalKind.CPU, SignalKind.MEMORY} <= kinds
    assert not any(s.kind is SignalKind.OTHER for s in world.series)
    assert all(s.times.size == 721 for s in world.series)


def test_the_cause_is_a_smaller_pool_whose_message_gives_nothing_away(world: World) -> None:
    cause = change(world, TRUTH["change"])
    assert cause.diff is not None
    assert "-  pool_size: 20\n+  pool_size: 4\n" in cause.diff
    assert not re.search("pool|connection|break|checkout", cause.summary)
    deploy = change(world, "deploy-payments-241")
    assert deploy.commit == cause.id
    assert timedelta(0) < onset(world, "payments", "db_pool_utilization_ratio", 0.6) - deploy.at < timedelta(minutes=3)


def change(world: World, wanted: str) -> Change:
    return next(c for c in world.changes if c.id == wanted)


def test_the_symptoms_appear_in_the_order_of_their_causes(world: World) -> None:
    chain = [
        POOL_DEPLOY,
        onset(world, "payments", "db_pool_utilization_ratio", 0.5),
        onset(world, "payments", "db_pool_wait_p99_seconds", 0.2),
        onset(world, "payments", "http_error_ratio", 0.02),
        onset(world, "checkout", "http_error_ratio", 0.01),
        onset(world, "frontend", "http_error_ratio", 0.0025),
    ]
    assert chain == sorted(chain)
    assert chain[4] - chain[1] >= timedelta(minutes=2), "payments must be clearly before checkout"
    assert onset(world, "payments", "http_request_p99_seconds", 1.0) <= onset(
        world, "checkout", "http_request_p99_seconds", 2.5
    )


def test_checkout_repeats_charges_and_orders_lose_what_is_given_up(world: World) -> None:
    def change_of(service: str) -> float:
        values = column(world, service, "http_requests_per_second").values
        return float(np.mean(values[-40:]) / np.mean(values[-120:-70]))

    assert change_of("payments") > 1.4
    assert change_of("orders") < 0.97
    assert 0.95 < change_of("checkout") < 1.1
    provider = column(world, "payments", "card_provider_p99_seconds").values
    assert np.mean(provider[-40:]) < 1.1 * np.mean(provider[:-60])


def test_the_alerts_tell_the_truth_about_the_metrics(world: World) -> None:
    by_name = {alert.name: alert for alert in world.alerts}
    assert {a.name: a.severity for a in world.alerts} == {
        "CheckoutHighErrorRate": "critical", "PaymentsLatencyHigh": "warning", "DiskSpaceLow": "warning",
    }  # fmt: skip
    assert min(world.alerts, key=lambda a: a.started_at).name == "DiskSpaceLow"
    errors, latency = (
        column(world, "checkout", "http_error_ratio"),
        column(world, "payments", "http_request_p99_seconds"),
    )
    assert before(errors, CHECKOUT_ALERT, minutes=5).mean() > 0.02
    assert before(latency, LATENCY_ALERT, minutes=5).min() > 1.5
    disk = column(world, "search", "disk_used_ratio")
    assert before(disk, by_name["DiskSpaceLow"].started_at, minutes=60).max() > 0.85
    for minutes in range(0, 100, 5):
        assert before(disk, world.now - timedelta(minutes=minutes), minutes=60).max() > 0.85
    assert disk.values[-40:].max() < 0.85, "it has nothing to do with the incident"


def before(series: Series, at: datetime, minutes: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    end = at.timestamp()
    return series.values[(series.times > end - 60 * minutes) & (series.times <= end)]


def test_three_decoys_lie_nearer_to_the_alert_than_the_cause_or_look_worse(world: World) -> None:
    assert POOL_DEPLOY < FLAG_FLIP < CHECKOUT_DEPLOY < CHECKOUT_ALERT
    assert onset(world, "checkout", "http_error_ratio", 0.01) < CHECKOUT_DEPLOY
    assert onset(world, "payments", "db_pool_utilization_ratio", 0.5) < FLAG_FLIP
    assert {c.id for c in world.changes} >= set(TRUTH["decoys"])
    innocent = [c for c in world.changes if c.service == "payments" and c.kind == "commit" and c.id != TRUTH["change"]]
    assert len(innocent) >= 2


def test_the_logs_hold_pool_timeouts_only_after_the_deploy(world: World) -> None:
    assert world.logs is not None
    timeouts = [line for line in world.logs if "no database connection" in line.message]
    assert len(timeouts) > 100
    assert min(line.at for line in timeouts) > POOL_DEPLOY
    assert {line.service for line in timeouts} == {"payments"}
    assert any(line.level == "ERROR" and line.at < POOL_DEPLOY for line in world.logs), "ordinary days have errors too"


def test_documents_help_and_give_nothing_away(world: World) -> None:
    assert world.docs is not None
    pages = {str(path.relative_to(world.docs)): path.read_text() for path in world.docs.rglob("*.md")}
    named = {doc for service in world.catalogue.services for doc in service.docs}
    assert named <= set(pages)
    for alert in world.alerts:
        page = alert.annotations["runbook_url"].removeprefix("https://docs.shop.example/")
        assert f"## {alert.name}" in pages[page]
    everything = "\n".join(pages.values())
    for answer in ("pool_size", "2026-03-12", "release 241", TRUTH["change"][:7]):
        assert answer not in everything


def test_the_answer_is_nowhere_in_the_world() -> None:
    assert not [path for path in WORLD.rglob("*") if "truth" in path.name]
    assert sum(path.stat().st_size for path in WORLD.rglob("*") if path.is_file()) < 6_000_000
