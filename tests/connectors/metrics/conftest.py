from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass

import httpx
import pytest_asyncio

from tests.servers.alertmanager import running_alertmanager
from tests.servers.prometheus import running_prometheus
from tests.servers.recording_http import RecordingServer, recording_server
from tests.servers.shop import SHOP_RULES, shop_metrics

INHIBIT = {
    "source_matchers": ['alertname="HighErrorRatio"'],
    "target_matchers": ['alertname="PoolBusy"'],
    "equal": ["service"],
}


@dataclass(frozen=True)
class Shop:
    """Real servers holding the shop, its alert firing."""

    prometheus: str
    alertmanager: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shop() -> AsyncGenerator[Shop]:
    async with (
        running_alertmanager([INHIBIT]) as alertmanager,
        running_prometheus(shop_metrics(), SHOP_RULES, alertmanager.url) as prometheus,
    ):
        async with httpx.AsyncClient(trust_env=False) as client:
            until = time.monotonic() + 30
            while len((await client.get(f"{alertmanager.url}/api/v2/alerts")).json()) < 2:
                assert time.monotonic() < until, "the rules did not fire within 30 s"
                await asyncio.sleep(0.1)
        yield Shop(prometheus.url, alertmanager.url)


@pytest_asyncio.fixture
async def recorder() -> AsyncGenerator[RecordingServer]:
    async with recording_server() as server:
        yield server
