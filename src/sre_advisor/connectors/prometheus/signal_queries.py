"""PromQL for the golden signals: one query a signal, grouped by service."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from sre_advisor.connectors.prometheus.capacity import States
from sre_advisor.connectors.prometheus.config import WINDOW_PLACEHOLDER, SignalQuery
from sre_advisor.connectors.prometheus.schemes import Candidate, Shape
from sre_advisor.connectors.prometheus.shares import share_query
from sre_advisor.model import SignalKind

FAILED_VALUES = (
    "(?i:5..|error|server_error|fail|failed|failure|exception|timeout|internal|unavailable|unknown|deadlineexceeded"
    "|dataloss|resourceexhausted|aborted|deadline_exceeded|data_loss|resource_exhausted)"
)
"""Values of a status label that mean the server failed: HTTP 5xx, gRPC codes that are its fault, plain words."""


def selector(name: str, service_label: str, *more: str) -> str:
    """The metric's series that carry the service label; a pod's pause container is nobody's service."""
    return f"{name}{{{','.join((_every(service_label), *more))}}}"


def narrowed(promql: str, service_label: str, services: Iterable[str]) -> str:
    """A query made here, or one that selects services alike, for these services alone; others stay as they are."""
    return promql.replace(_every(service_label), f'{service_label}=~"{_any(list(services))}"')


def _every(service_label: str) -> str:
    return f'{service_label}!~"|POD"' if service_label == "container" else f'{service_label}!=""'


def signals_of(
    candidate: Candidate, service_label: str, status_label: str | None, states: States | None = None
) -> tuple[SignalQuery, ...]:
    """The metric's signals: a rate and, where a status tells, the share of failures; or quantiles; or a level.

    A gauge of which states or a limit tell how full it is becomes that share.
    """
    series = selector(candidate.name, service_label)
    match candidate.shape:
        case Shape.COUNTER:
            queries = [("rate", candidate.kind, _rate(series, service_label), candidate.unit)]
            if candidate.kind is SignalKind.TRAFFIC and status_label is not None:
                failed = selector(candidate.name, service_label, f'{status_label}=~"{FAILED_VALUES}"')
                share = share_query(_rate(failed, service_label), _rate(series, service_label))
                queries.append(("error_ratio", SignalKind.ERRORS, share, "ratio"))
        case Shape.HISTOGRAM:
            queries = [
                (f"p{percent}", candidate.kind, _quantile(percent, series, service_label), candidate.unit)
                for percent in (95, 99)
            ]
        case Shape.MEAN:
            total = _rate(selector(f"{candidate.stem}_count", service_label), service_label)
            queries = [("mean", candidate.kind, f"{_rate(series, service_label)} / ({total} > 0)", candidate.unit)]
        case Shape.EDGES_ONLY:
            queries = []
        case _ if states is not None:
            queries = [
                ("utilisation", SignalKind.SATURATION, _busy_share(candidate.name, service_label, states), "ratio")
            ]
        case _ if candidate.limit is not None:
            limit = selector(candidate.limit, service_label)
            full = f"sum by ({service_label}) ({series}) / (sum by ({service_label}) ({limit}) > 0)"
            queries = [("utilisation", SignalKind.SATURATION, full, "ratio")]
        case _:
            how = {Shape.GAUGE_SUM: "sum", Shape.GAUGE_MAX: "max", Shape.GAUGE_MIN: "min"}.get(candidate.shape, "avg")
            queries = [("", candidate.kind, f"{how} by ({service_label}) ({series})", candidate.unit)]
    return tuple(
        SignalQuery(
            name=f"{candidate.stem}_{suffix}".rstrip("_")[:120],
            kind=kind,
            query=query,
            service_label=service_label,
            unit=unit,
        )
        for suffix, kind, query, unit in queries
    )


def _rate(series: str, service_label: str) -> str:
    return f"sum by ({service_label}) (rate({series}[{WINDOW_PLACEHOLDER}]))"


def _busy_share(name: str, service_label: str, states: States) -> str:
    """Of the fullest of a service's pools: one that is dry hurts also when others are not."""

    def part(*values: str) -> str:
        matcher = f'{states.label}=~"{_any(values)}"'
        return f"sum without ({states.label}) ({selector(name, service_label, matcher)})"

    used, whole = part(*states.busy), part(*states.busy, *states.free)
    return f"max by ({service_label}) ({used} / ({whole} > 0))"


def _any(values: Sequence[str]) -> str:
    """A regular expression for these values, its backslashes doubled as PromQL strings want them."""
    return "|".join(re.escape(value) for value in values).replace("\\", "\\\\")


def _quantile(percent: int, series: str, service_label: str) -> str:
    rates = f"sum by ({service_label}, le) (rate({series}[{WINDOW_PLACEHOLDER}]))"
    return f"histogram_quantile(0.{percent}, {rates})"
