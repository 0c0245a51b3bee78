"""Who calls whom, read from the labels of series that name both ends of a call."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

CALLEE_LABELS: tuple[str, ...] = (
    "peer_service", "peer", "target_service", "target", "upstream_service", "upstream", "destination_service",
    "destination", "dependency", "remote_service", "server_address", "net_peer_name", "callee", "backend", "server",
    "dst", "dest", "to",
)  # fmt: skip
CALLER_LABELS: tuple[str, ...] = (
    "client", "client_service", "caller", "source_canonical_service", "source_workload", "source_app", "source_service",
    "source", "downstream", "src", "from",
)  # fmt: skip
Edge = tuple[str, str]


def read_edges(
    pairs: Iterable[Mapping[str, str]], service_label: str, peer_label: str, services: Collection[str]
) -> tuple[Edge, ...]:
    """(caller, callee) of each label set whose both ends are known services; who calls is told by the peer's label."""
    by_fold = {service.casefold(): service for service in services}
    found: list[Edge] = []
    for labels in pairs:
        own = by_fold.get(labels.get(service_label, "").casefold())
        peer = _known(labels.get(peer_label, ""), by_fold)
        if own and peer and own != peer:
            found.append((peer, own) if peer_label in CALLER_LABELS else (own, peer))
    return tuple(dict.fromkeys(found))


def _known(value: str, by_fold: Mapping[str, str]) -> str | None:
    """The service a peer's value names: as it is, or as the first part of an address like cart.shop.svc:8080."""
    bare = value.casefold().split("://")[-1].split("/")[0].split(":")[0]
    return by_fold.get(value.casefold()) or by_fold.get(bare) or by_fold.get(bare.split(".")[0])
