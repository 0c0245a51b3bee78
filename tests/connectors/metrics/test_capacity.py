"""Pools are read as how full they are, never as how large."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from sre_advisor.connectors.prometheus.capacity import limits_of, states_of
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.discovery import discover
from sre_advisor.connectors.prometheus.schemes import classify
from tests.servers.prometheus import openmetrics, running_prometheus


def test_states_are_told_apart_only_where_both_what_is_used_and_what_is_free_are_counted() -> None:
    found = states_of("state", ["idle", "in_use", "waiting"])
    assert found is not None
    assert (found.busy, found.free) == (("in_use",), ("idle",))
    assert states_of("state", ["used", "wanted"]) is None
    assert states_of("type", ["active_user", "idle_user"]) is None


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (["pool_connections_max", "pool_connections_active"], {"pool_connections_active": "pool_connections_max"}),
        (["worker_threads_limit", "worker_threads"], {"worker_threads": "worker_threads_limit"}),
        (["db_pool_size", "db_pool_in_use"], {"db_pool_in_use": "db_pool_size"}),
        (["queue_size"], {}),
    ],
)  # fmt: skip
def test_a_limit_is_paired_with_what_it_limits(names: list[str], pairs: dict[str, str]) -> None:
    assert limits_of(names) == pairs


def test_a_queue_whose_size_nothing_is_held_against_stays_a_signal() -> None:
    assert [c.name for c in classify(["queue_size_pending"], {})] == ["queue_size_pending"]


async def test_a_pool_that_runs_dry_rises_although_its_connections_are_as_many_as_ever() -> None:
    end = int(time.time()) // 15 * 15
    times = [float(t) for t in range(end - 3600, end + 1, 15)]
    used = [(t, 17.0 if t > end - 600 else 4.0) for t in times]
    idle = [(t, 18.0 - v) for t, v in used]
    threads = [(t, v / 2) for t, v in used]
    text = openmetrics(
        {
            ("db_pool_connections", "gauge"): [
                ({"service": "shop", "state": "in_use"}, used),
                ({"service": "shop", "state": "idle"}, idle),
            ],
            ("worker_threads_busy", "gauge"): [({"service": "shop"}, threads)],
            ("worker_threads_max", "gauge"): [({"service": "shop"}, [(t, 10.0) for t in times])],
        }
    )
    async with running_prometheus(text) as server:
        client = PrometheusClient(PrometheusConfig(url=server.url))
        found = {signal.name: signal for signal in (await discover(client)).signals}
        last = {
            name: (await client.instant(signal.query, datetime.fromtimestamp(end, UTC)))[0][1]
            for name, signal in found.items()
        }
        await client.close()
    assert last == pytest.approx({"db_pool_connections_utilisation": 17 / 18, "worker_threads_busy_utilisation": 0.85})
    assert {signal.unit for signal in found.values()} == {"ratio"}
