"""Looking things up before the first question: in the background, and never in the way of a start."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from sre_advisor.app.warming import kept_warm, warm_up
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from tests.servers.processes import free_port
from tests.servers.recording_http import recording_server


def connector(url: str) -> PrometheusConnector:
    return PrometheusConnector(PrometheusClient(PrometheusConfig(url=url)))


async def until(done: Callable[[], bool]) -> None:
    """Wait for what another program does, ten seconds at most."""
    for _ in range(1_000):
        if done():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come about within 10 s")


async def test_a_source_that_is_down_is_told_apart_and_fails_nothing() -> None:
    down = connector(f"http://127.0.0.1:{free_port()}")
    assert not await warm_up([down])
    async with kept_warm([down]):
        await asyncio.sleep(0.1)
    await down.close()


@pytest.mark.alone
async def test_a_source_that_hangs_delays_neither_the_start_nor_the_stop() -> None:
    async with recording_server() as server:
        server.delay_s = 30
        slow = connector(server.url)
        began = time.monotonic()
        async with kept_warm([slow]):
            await until(lambda: bool(server.requests))
        seconds = time.monotonic() - began
        await slow.close()
    assert seconds < 10


async def test_what_a_source_holds_is_asked_for_at_the_start() -> None:
    async with recording_server() as server:
        one = connector(server.url)
        async with kept_warm([one]):
            await until(lambda: any(path == "/api/v1/metadata" for _, path, _ in server.requests))
        await one.close()
