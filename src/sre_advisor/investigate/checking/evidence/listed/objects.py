"""What an object of a cluster is called after: "pod/cart-7d9c5b8f64-k2x9m" is one of cart."""

from __future__ import annotations

import re

_KIND = (
    r"(?:pods?|po|deployments?(?:\.apps)?|deploy|replicasets?|rs|statefulsets?|sts|daemonsets?|ds|jobs?|services?|svc|"
    r"horizontalpodautoscalers?|hpa|endpoints|ep)"
)
_OBJECT = re.compile(rf"(?<![\w./-]){_KIND}/(?P<name>[a-z][a-z0-9-]*[a-z0-9])(?![\w/])", re.IGNORECASE)
_COPY = re.compile(
    r"(?:-(?=[a-z0-9]*\d)[a-z0-9]{8,10})?-[a-z0-9]{5}$|-(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[a-z0-9]{8,10}$"
)
"""What stands behind the name of the service in that of a pod, and of a replica set."""


def objects_in(text: str) -> frozenset[str]:
    """What the objects that a text names with their kinds are called after."""
    return frozenset(of_copy(m.group("name")) for m in _OBJECT.finditer(text))


def of_copy(name: str) -> str:
    """The name without what marks one of several copies; the name itself where nothing does."""
    found = _COPY.search(name)
    marked = found is not None and re.search(r"\d", found.group()) is not None
    return name[: found.start()] if found and marked and found.start() > 1 else name
