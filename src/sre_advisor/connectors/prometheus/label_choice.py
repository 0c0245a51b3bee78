"""Which label names the service on a metric, chosen by what the server holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sre_advisor.connectors.prometheus.edges import CALLEE_LABELS, CALLER_LABELS

STATUS_LABELS: tuple[str, ...] = (
    "status_code", "status", "code", "http_status_code", "http_response_status_code", "http_status", "response_code",
    "grpc_code", "rpc_grpc_status_code", "grpc_status", "outcome", "result",
)  # fmt: skip

_BY_PREFIX: Mapping[str, tuple[str, ...]] = {
    # These series are about somebody other than the target they were scraped from.
    "istio_": ("destination_service_name", "destination_canonical_service", "destination_workload", "destination_app"),
    "traces_service_graph_": ("server",),
    "container_": ("container", "container_label_com_docker_compose_service", "name", "pod"),
    "kube_": ("container", "deployment", "pod"),
}
SHARED_LABELS = frozenset({"namespace"})
"""Labels whose one value often holds several services: only where nothing better is there."""


def labels_worth_probing(held: Collection[str], order: Sequence[str]) -> tuple[str, ...]:
    """The labels of this server that may name a service, a peer or a status."""
    special = [label for labels in _BY_PREFIX.values() for label in labels]
    wanted = dict.fromkeys((*order, *special, *STATUS_LABELS, *CALLER_LABELS, *CALLEE_LABELS))
    return tuple(label for label in wanted if label in held)


def choose_label(metric: str, held: Mapping[str, Mapping[str, int]], order: Sequence[str]) -> str | None:
    """The first label of the order that tells services apart nearly as well as the best one does; None without any.

    A label with one value beside another with many (the exporter's own name) is passed over.
    """
    special = next((labels for prefix, labels in _BY_PREFIX.items() if metric.startswith(prefix)), ())
    for labels in (special, [label for label in order if label not in SHARED_LABELS], order):
        counts = {label: held.get(label, {}).get(metric, 0) for label in labels}
        most = max(counts.values(), default=0)
        if most:
            return next(label for label in labels if counts[label] * 2 >= most)
    return None
