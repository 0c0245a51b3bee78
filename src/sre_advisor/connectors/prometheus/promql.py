"""Whether a PromQL query may be sent: it parses, it names what it reads, and its cost is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from sre_advisor.connectors.contract import BadRequest

if TYPE_CHECKING:
    from promql_parser import Expr, Matcher, VectorSelector

LONGEST_QUERY = 4_000
DEEPEST_NESTING = 60
MOST_SELECTORS = 30
LONGEST_RANGE = timedelta(days=8)
MOST_STEPS = 11_000
"""Points a series, Prometheus' own limit for a range query; also kept for subqueries."""
MOST_INNER_STEPS = 2_000_000
DEFAULT_SUBQUERY_STEP = timedelta(minutes=1)
_LITERAL_START = re.compile(r"\^?[a-zA-Z_:][a-zA-Z0-9_:]{2,}")
_MATCHES_ALL = re.compile(r"\^?\(?(\.\*|\.\+|)\)?\$?")


def check_query(promql: str, steps: int) -> None:
    """Raises BadRequest, saying how to put it, unless the query evaluated at `steps` points is bounded."""
    expression = _parse(promql)
    if steps > MOST_STEPS:
        raise BadRequest(
            f"{steps} points a series are too many; at most {MOST_STEPS}: make step_s larger or the window shorter"
        )
    selectors = 0
    inner = steps
    for node in _nodes(expression):
        kind = type(node).__name__
        if kind in {"MatrixSelector", "SubqueryExpr"}:
            _check_range(getattr(node, "range", None))
        if kind == "SubqueryExpr":
            step = getattr(node, "step", None) or DEFAULT_SUBQUERY_STEP
            inner *= max(1, round(getattr(node, "range", step) / max(step, timedelta(seconds=1))))
        if kind == "VectorSelector":
            selectors += 1
            _check_selector(node)  # type: ignore[arg-type]  # its type was just told by name: the class is final
    if selectors > MOST_SELECTORS:
        raise BadRequest(f"the query reads {selectors} selectors; at most {MOST_SELECTORS}: split it")
    if inner > MOST_INNER_STEPS:
        raise BadRequest("its subqueries are evaluated too often; shorten their range or make their step larger")


def _parse(promql: str) -> Expr:
    if len(promql) > LONGEST_QUERY:
        raise BadRequest(f"the query has {len(promql)} characters; at most {LONGEST_QUERY}")
    if not promql.strip():
        raise BadRequest("the query is empty; give PromQL, like sum by (service) (rate(http_requests_total[5m]))")
    if _nesting(promql) > DEEPEST_NESTING:
        raise BadRequest(f"the query nests deeper than {DEEPEST_NESTING} brackets; make it simpler")
    import promql_parser

    try:
        return promql_parser.parse(promql)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"this is no valid PromQL: {' '.join(str(error).split())[:300]}") from None


def _nesting(promql: str) -> int:
    deepest = depth = 0
    for character in promql:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


def _nodes(expression: Expr) -> Iterator[Expr]:
    import promql_parser

    found: list[Expr] = []
    promql_parser.walk(expression, found.append)
    yield from found


def _check_range(length: timedelta | None) -> None:
    if length is not None and length > LONGEST_RANGE:
        raise BadRequest(f"a range of {length} is too long; at most {LONGEST_RANGE.days} days")


def _check_selector(selector: VectorSelector) -> None:
    groups = selector.matchers.or_matchers or [selector.matchers.matchers]
    if selector.name or all(any(_narrows(matcher) for matcher in group) for group in groups):
        return
    raise BadRequest(
        "a selector names no metric and could match every series; put a metric's name or an exact label in it "
        '(like http_requests_total{service="checkout"}); metrics_search finds names'
    )


def _narrows(matcher: Matcher) -> bool:
    kind = str(matcher.op).rsplit(".", 1)[-1]
    if kind == "Equal":
        return bool(matcher.value)
    if kind != "Re" or _MATCHES_ALL.fullmatch(matcher.value):
        return False
    return all(_LITERAL_START.match(part) for part in matcher.value.strip("()").split("|"))
