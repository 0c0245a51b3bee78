"""The metrics connector: the same four tools over any store of series."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.connectors.contract import Health, Tool, Warms
from sre_advisor.connectors.prometheus.backend import MetricsBackend
from sre_advisor.connectors.prometheus.golden_signals import golden_signals_tool
from sre_advisor.connectors.prometheus.history_tool import alert_history_tool
from sre_advisor.connectors.prometheus.query_tool import query_tool
from sre_advisor.connectors.prometheus.search_tool import search_tool


class PrometheusConnector:
    """Tools over a backend: Prometheus itself or a recorded world."""

    def __init__(self, backend: MetricsBackend, name: str = "prometheus") -> None:
        self._backend, self._name = backend, name
        self._tools = tuple(
            build(backend) for build in (golden_signals_tool, query_tool, search_tool, alert_history_tool)
        )

    @property
    def name(self) -> str:
        """The short name evidence carries as its source."""
        return self._name

    def tools(self) -> tuple[Tool, ...]:
        """The tools, in a stable order."""
        return self._tools

    async def ping(self) -> Health:
        """Whether the backend can be read; never raises."""
        return replace(await self._backend.ping(), connector=self._name)

    async def warm(self) -> None:
        """Let the backend find out what it holds."""
        if isinstance(self._backend, Warms):
            await self._backend.warm()

    async def close(self) -> None:
        """Let go of the backend's connections."""
        await self._backend.close()
