"""Which label of a series or an alert names its service, by the common conventions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

SERVICE_LABELS: tuple[str, ...] = (
    "service",
    "service_name",
    "exported_service",
    "app",
    "app_kubernetes_io_name",
    "application",
    "destination_service_name",
    "destination_workload",
    "deployment",
    "statefulset",
    "workload",
    "microservice",
    "component",
    "exported_job",
    "job",
    "container",
    "namespace",
)
"""Most telling first: `job` is often only the exporter, `namespace` often holds several services."""


def service_of(labels: Mapping[str, str], order: Sequence[str] = SERVICE_LABELS) -> str | None:
    """The service the labels speak of: the first label of `order` that is set; None when none is."""
    return next((labels[name] for name in order if labels.get(name)), None)
