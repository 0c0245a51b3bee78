"""The raw reads of Prometheus, each through prometheus-api-client in a thread, with a deadline and a bound."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.backend import MetricInfo, RangeSeries
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.model import Window

if TYPE_CHECKING:
    from prometheus_api_client.prometheus_connect import PrometheusConnect

T = TypeVar("T")

GRACE_S = 1.0
"""The thread notices the deadline itself; only one that hangs beyond it by this much is abandoned."""

Vector = tuple[tuple[dict[str, str], float], ...]


class PrometheusReads:
    """What can be read from one Prometheus; every method raises only the failures of the contract."""

    def __init__(self, config: PrometheusConfig) -> None:
        self.config = config
        # Its own few threads: a backend that hangs must not starve everybody else's asyncio.to_thread.
        self._threads = ThreadPoolExecutor(config.max_concurrent, thread_name_prefix="prometheus")
        self._slots = asyncio.Semaphore(config.max_concurrent)
        self._opening = Lock()
        self._connections: dict[int, PrometheusConnect] = {}

    async def query_range(
        self, promql: str, window: Window, step_s: float, most_bytes: int | None = None
    ) -> tuple[RangeSeries, ...]:
        """A range query; sample times are whole seconds apart from the window's rounded start.

        An answer of more than `most_bytes` (or what is configured, if less) is given up while it is being received.
        """

        def read(connection: PrometheusConnect) -> tuple[RangeSeries, ...]:
            from sre_advisor.connectors.prometheus.results import read_matrix

            # Cut to whole seconds, as the library would round them: no sample may lie after the window's end.
            start, end = window.start.replace(microsecond=0), window.end.replace(microsecond=0)
            return read_matrix(connection.custom_query_range(promql, start, end, f"{step_s:g}"))

        return await self._call(read, most_bytes)

    async def raw(self, selector: str, window: Window) -> tuple[RangeSeries, ...]:
        """Every sample of the window as it was scraped, at its own time, of the series a plain selector picks."""

        def read(connection: PrometheusConnect) -> tuple[RangeSeries, ...]:
            from sre_advisor.connectors.prometheus.results import read_matrix

            seconds = max(1, math.ceil(window.length.total_seconds()))
            at = {"time": f"{window.end.timestamp():.3f}"}
            return read_matrix(connection.custom_query(f"{selector}[{seconds}s]", at))

        return await self._call(read)

    async def instant(self, promql: str, at: datetime) -> Vector:
        """An instant query's labels and values at this time."""

        def read(connection: PrometheusConnect) -> Vector:
            from sre_advisor.connectors.prometheus.results import read_vector

            return read_vector(connection.custom_query(promql, {"time": f"{at.timestamp():.3f}"}))

        return await self._call(read)

    async def server_time(self) -> float:
        """Prometheus' own clock in unix seconds."""

        def read(connection: PrometheusConnect) -> float:
            stamp: Any = connection.custom_query("time()")
            return float(stamp[1])

        return await self._call(read)

    async def metric_names(self, window: Window) -> tuple[str, ...]:
        """Names of the metrics that have samples in (or near) the window."""

        def read(connection: PrometheusConnect) -> tuple[str, ...]:
            from sre_advisor.connectors.prometheus.results import read_names

            return read_names(connection.all_metrics(_span(window)))

        return await self._call(read)

    async def label_names(self, window: Window, match: Sequence[str] = ()) -> tuple[str, ...]:
        """Names of the labels of the series that match, or of all."""

        def read(connection: PrometheusConnect) -> tuple[str, ...]:
            from sre_advisor.connectors.prometheus.results import read_names

            params: dict[str, Any] = _span(window) | ({"match[]": list(match)} if match else {})
            return read_names(connection.get_label_names(params))

        return await self._call(read)

    async def metadata(self) -> dict[str, MetricInfo]:
        """Type and help of the metrics that are being scraped, by name."""

        def read(connection: PrometheusConnect) -> dict[str, MetricInfo]:
            rows: list[dict[str, str]] = connection.get_metric_metadata("")
            return {
                row["metric_name"]: MetricInfo(row["metric_name"], str(row["type"])[:32], str(row["help"])[:300])
                for row in rows
            }

        return await self._call(read)

    async def close(self) -> None:
        """Let go of the connections; threads still reading end at their own deadline."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for connection in self._connections.values():
            connection.close()

    async def _call(self, read: Callable[[PrometheusConnect], T], most_bytes: int | None = None) -> T:
        if self.config.url is None:
            raise Unavailable("unreachable", "no Prometheus is configured; set prometheus.url")
        async with self._slots:
            running = asyncio.get_running_loop().run_in_executor(self._threads, self._run, read, most_bytes)
            try:
                return await asyncio.wait_for(running, self.config.timeout_s + GRACE_S)
            except TimeoutError:
                raise Unavailable("timeout", f"Prometheus did not answer within {self.config.timeout_s:g} s") from None

    def _run(self, read: Callable[[PrometheusConnect], T], most_bytes: int | None) -> T:
        try:
            return read(self._open(min(most_bytes or self.config.max_response_bytes, self.config.max_response_bytes)))
        except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
            # What the library and our reading of it raise on JSON that is no Prometheus answer.
            raise Unavailable(
                "garbled", "the answer is not what the Prometheus API gives; is the address right?"
            ) from None

    def _open(self, most_bytes: int) -> PrometheusConnect:
        """The connection on which no answer may be larger than this; there are as many as there are bounds."""
        with self._opening:
            if most_bytes not in self._connections:
                # Imported here, in a thread: it costs a tenth of a second that nobody should wait for at start.
                from sre_advisor.connectors.prometheus.wire import open_connection

                config = self.config.model_copy(update={"max_response_bytes": most_bytes})
                self._connections[most_bytes] = open_connection(config)
            return self._connections[most_bytes]


def _span(window: Window) -> dict[str, Any]:
    return {"start": f"{window.start.timestamp():.3f}", "end": f"{window.end.timestamp():.3f}"}
