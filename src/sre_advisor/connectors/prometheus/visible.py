"""Whether a query stays within what a channel may see."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sre_advisor.connectors.contract import Denied, Scope
from sre_advisor.connectors.prometheus.promql import functions, groups_of, parsed, selectors

if TYPE_CHECKING:
    from promql_parser import Matcher

_PLAIN = re.compile(r"[A-Za-z0-9_:-]+(?:\|[A-Za-z0-9_:-]+)*")
"""Alternatives without any other sign: as a regular expression it matches these words and nothing else."""


def require_visible(promql: str, scope: Scope) -> None:
    """Raises Denied unless each selector names, exactly, a metric and a service that may be seen."""
    if scope.metrics is None and scope.services is None:
        return
    expression = parsed(promql)
    if "info" in functions(expression):  # it joins series that no selector in the query names
        raise Denied("channel_metrics: info() reads series that the query does not name; leave it out")
    for selector in selectors(expression):
        for group in groups_of(selector):
            names = {selector.name} if selector.name else _values(group, "__name__")
            if scope.metrics is not None and not (names and all(scope.sees_metric(name) for name in names)):
                raise Denied(
                    "channel_metrics: each selector must name a metric that this channel may see: "
                    + _listed(scope.metrics)
                )
            if scope.services is not None and not _of_visible_service(group, scope):
                label = next(iter(scope.service_labels), "service")
                raise Denied(
                    "channel_services: each selector must carry the label of a service that this channel may see, like "
                    f'{{{label}="{_example(scope.services)}"}}; it may see: {_listed(scope.services)}'
                )


def _of_visible_service(group: Sequence[Matcher], scope: Scope) -> bool:
    if any((named := _values(group, label)) and all(map(scope.sees_service, named)) for label in scope.service_labels):
        return True
    exact = {(matcher.name, matcher.value) for matcher in group if str(matcher.op).endswith(".Equal")}
    return any(wanted and wanted <= exact for wanted in scope.selectors)


def _values(group: Sequence[Matcher], label: str) -> set[str]:
    """The values one of the matchers leaves this label; empty when none of them names values exactly.

    Matchers apply together, so the first one that names values is a bound for all of them.
    """
    for matcher in group:
        kind = str(matcher.op).rsplit(".", 1)[-1]
        if matcher.name == label and kind == "Equal" and matcher.value:
            return {matcher.value}
        if matcher.name == label and kind == "Re" and _PLAIN.fullmatch(matcher.value):
            return set(matcher.value.split("|"))
    return set()


def _example(names: frozenset[str]) -> str:
    return min(names, default="name")


def _listed(names: frozenset[str]) -> str:
    shown = sorted(names)[:20]
    return ", ".join(shown) + (f" and {len(names) - 20} more" if len(names) > 20 else "") if shown else "none"
