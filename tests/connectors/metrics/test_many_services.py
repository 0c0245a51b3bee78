"""What a Prometheus is asked for when it holds hundreds of services, and what is known before the first question."""

from __future__ import annotations

import random
import time
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.connectors.contract import ToolFailure
from sre_advisor.connectors.prometheus.backend import RangeSeries
from sre_advisor.connectors.prometheus.client import PASTS, PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig, SignalQuery
from sre_advisor.connectors.prometheus.shares import part_of, share_query, shares
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.model import SignalKind, Window
from tests.servers.processes import free_port
from tests.servers.prometheus import openmetrics, running_prometheus

SERVICES, STEP_S, HOURS, DAY = PASTS + 50, 300, 3, timedelta(days=1)
FAILING, QUIET = "svc-007", "svc-011"
TOTAL = 'sum by (service) (rate(http_requests_total{service!=""}[$window]))'
FAILED = 'sum by (service) (rate(http_requests_total{service!="",code=~"5.."}[$window]))'


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def url() -> AsyncGenerator[str]:
    end = int(time.time()) // STEP_S * STEP_S
    dice = random.Random(4)
    series: list[tuple[dict[str, str], list[tuple[float, float]]]] = []
    for number in range(SERVICES):
        name = f"svc-{number:03}"
        for code in ("200", "500") if name != QUIET else ("200",):
            total, samples = 0.0, list[tuple[float, float]]()
            for ago in (86_400, 0):
                for at in range(end - ago - HOURS * 3600, end - ago + STEP_S, STEP_S):
                    bad = name == FAILING and code == "500" and at > end - 1800
                    total += (1_000 if code == "200" else 10) * (30 if bad else 1) * dice.uniform(0.95, 1.05)
                    samples.append((float(at), total))
            series.append(({"service": name, "code": code}, samples))
    async with running_prometheus(openmetrics({("http_requests_total", "counter"): series})) as server:
        yield server.url


def window() -> Window:
    now = datetime.now(UTC).replace(microsecond=0)
    return Window(now - timedelta(hours=HOURS), now)


def configured(url: str, *signals: SignalQuery) -> PrometheusClient:
    return PrometheusClient(PrometheusConfig(url=url, signals=signals, scrape_interval_s=STEP_S))


async def test_a_share_read_in_parts_is_the_share_that_prometheus_reckons(url: str) -> None:
    rate = SignalQuery(name="rate", kind=SignalKind.TRAFFIC, query=TOTAL)
    share = SignalQuery(name="share", kind=SignalKind.ERRORS, query=share_query(FAILED, TOTAL), unit="ratio")
    both, alone = configured(url, rate, share), configured(url, share)
    span = window()
    found = await both.signals(span, timedelta(0))
    wanted = await alone.signals(span, timedelta(0))
    await both.close()
    await alone.close()
    parted = {one.service: one for one in found if one.name == "share"}
    assert len(parted) == len(wanted) == SERVICES
    assert parted[QUIET].values.max() == 0  # looked at, and nothing failed: not the same as not looked at
    for one in wanted:
        np.testing.assert_array_equal(parted[one.service].times, one.times)
        np.testing.assert_allclose(parted[one.service].values, one.values)


async def test_of_hundreds_of_services_the_past_is_read_for_those_that_moved_and_that_is_said(url: str) -> None:
    connector = PrometheusConnector(PrometheusClient(PrometheusConfig(url=url)))
    tool = connector.tools()[0]
    reading: Any = await tool.run(tool.args(), datetime.now(UTC))
    await connector.close()
    past = {n.service for n in reading.nouns if n.offset == DAY}
    assert FAILING in past
    assert len(past) == PASTS
    assert f"known of {PASTS} services" in reading.body["note"]
    row = dict(zip(reading.body["columns"], reading.body["rows"][0], strict=True))
    assert row["service"] == FAILING
    assert row["day_ago"] is not None


async def test_configured_signals_of_many_services_are_read_no_finer_than_found_ones(url: str) -> None:
    client = configured(url, SignalQuery(name="rate", kind=SignalKind.TRAFFIC, query=TOTAL))
    span = Window(datetime.now(UTC) - timedelta(hours=24), datetime.now(UTC))
    found = await client.signals(span, timedelta(0))
    await client.close()
    assert sum(one.values.size for one in found) <= 60_000
    assert max((one.times[1] - one.times[0]) for one in found) > STEP_S


async def test_what_was_looked_up_beforehand_is_not_looked_up_at_the_first_question(url: str) -> None:
    client = PrometheusClient(PrometheusConfig(url=url))
    await client.warm()
    known = await client.discovered(datetime.now(UTC))
    again = await client.discovered(datetime.now(UTC))
    await client.warm()
    renewed = await client.discovered(datetime.now(UTC))
    await client.close()
    assert known is again
    assert len(known.services) == SERVICES
    assert renewed is not known


async def test_looking_up_beforehand_fails_as_reading_does_when_nobody_is_there() -> None:
    client = PrometheusClient(PrometheusConfig(url=f"http://127.0.0.1:{free_port()}"))
    with pytest.raises(ToolFailure):
        await client.warm()
    await client.close()


@given(part=st.text(min_size=1, max_size=40), whole=st.text(min_size=1, max_size=40), other=st.text(max_size=40))
def test_a_share_is_taken_apart_only_into_what_it_was_made_of(part: str, whole: str, other: str) -> None:
    assert part_of(share_query(part, whole), whole) == part
    assert part_of(other, whole) is None or share_query(part_of(other, whole) or "", whole) == other


@given(
    whole=st.lists(st.floats(0, 1e9, allow_subnormal=False), min_size=1, max_size=20),
    missing=st.sets(st.integers(0, 19)),
)
def test_shares_lie_where_the_whole_is_above_zero_and_are_none_where_no_part_is(
    whole: list[float], missing: set[int]
) -> None:
    times = np.arange(len(whole), dtype=np.float64)
    values = np.array(whole)
    there = np.array([i for i in range(len(whole)) if i not in missing], dtype=np.int64)
    part = RangeSeries({"service": "a"}, times[there], values[there] / 2)
    found = shares((part,), (RangeSeries({"service": "a"}, times, values),), "service")
    if not (values > 0).any():
        assert found == ()
        return
    expected = np.where(np.isin(times, times[there]), 0.5, 0.0)[values > 0]
    np.testing.assert_allclose(found[0].values, expected)
    np.testing.assert_array_equal(found[0].times, times[values > 0])
