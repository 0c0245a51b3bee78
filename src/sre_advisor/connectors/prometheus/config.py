"""What can be set for Prometheus: where it is, how to read it, which queries are the golden signals."""

from __future__ import annotations

from typing import ClassVar

from pydantic import BaseModel, ConfigDict, Field

from sre_advisor.connectors.access import HttpAccess
from sre_advisor.connectors.service_labels import SERVICE_LABELS
from sre_advisor.model import SignalKind

WINDOW_PLACEHOLDER = "$window"


class SignalQuery(BaseModel):
    """One golden signal of all services: a PromQL query whose result carries the service in `service_label`.

    `$window` in the query stands for the rate window, which adapts to the scrape interval and the step.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    kind: SignalKind
    query: str = Field(min_length=1, max_length=4000)
    service_label: str = Field(default="service", pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")
    unit: str | None = None


class PrometheusConfig(HttpAccess):
    """The `prometheus` part of the configuration; without `signals` they are found by looking at what it holds."""

    signals: tuple[SignalQuery, ...] = ()
    service_labels: tuple[str, ...] = SERVICE_LABELS
    scrape_interval_s: float | None = Field(default=None, gt=0, le=3600)
    """None: measured from the data."""
