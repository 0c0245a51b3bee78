"""What the metrics tools need of a store of series; Prometheus is one, a recorded world another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from sre_advisor.connectors.contract import Health
from sre_advisor.model import Alert, Series, Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class RangeSeries:
    """One series of a range query; `times` in unix seconds, ascending, NaN samples left out."""

    labels: Mapping[str, str]
    times: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MetricInfo:
    """A metric's name, type ("counter", "gauge", …, "" if unknown), help text and label names."""

    name: str
    type: str = ""
    help: str = ""
    labels: tuple[str, ...] = ()


class MetricsBackend(Protocol):
    """A store of series that can be asked; every method raises only the failures of the contract."""

    async def signals(self, window: Window, offset: timedelta) -> tuple[Series, ...]:
        """Golden signals of all services over the window moved back by `offset` (one query a signal)."""
        ...

    async def query_range(self, promql: str, window: Window, step_s: float) -> tuple[RangeSeries, ...]:
        """A PromQL range query."""
        ...

    async def search(self, text: str, limit: int) -> tuple[MetricInfo, ...]:
        """Metrics whose name or help holds the words of `text`, best first."""
        ...

    async def alert_history(self, window: Window) -> tuple[Alert, ...]:
        """Alerts that were pending or firing at any time in the window."""
        ...

    def link(self, promql: str, window: Window) -> str | None:
        """A page on which a person sees this query, if there is one."""
        ...

    async def ping(self) -> Health:
        """Whether it can be read; never raises."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
