"""Whether a PromQL query may be sent: it parses, it names what it reads, and its cost is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
MOST_SAMPLES = 200_000_000
"""Samples one query may touch; Prometheus' own limit (query.max-samples, 50 million) counts those held at once."""
SERIES_OF_A_METRIC, SERIES_WITHOUT_A_NAME = 1_000, 100_000
"""Guesses, since only the server knows: labels in the query bring them down."""
SCRAPE_INTERVAL = timedelta(seconds=15)
DEFAULT_SUBQUERY_STEP = timedelta(minutes=1)
_LITERAL_START = re.compile(r"\^?[a-zA-Z_:][a-zA-Z0-9_:]{2,}")
_MATCHES_ALL = re.compile(r"\^?\(?(\.\*|\.\+|)\)?\$?")


def check_query(promql: str, steps: int) -> int:
    """The samples the query may touch when evaluated at `steps` points, as far as its text can tell.

    Raises BadRequest, saying how to put it, unless query and cost are bounded.
    """
    expression = _parse(promql)
    if steps > MOST_STEPS:
        raise BadRequest(
            f"{steps} points a series are too many; at most {MOST_STEPS}: make step_s larger or the window shorter"
        )
    for node in _nodes(expression):
        if type(node).__name__ in {"MatrixSelector", "SubqueryExpr"}:
            _check_range(getattr(node, "range", None))
    found = selectors(expression)
    for selector in found:
        _check_selector(selector)
    if len(found) > MOST_SELECTORS:
        raise BadRequest(f"the query reads {len(found)} selectors; at most {MOST_SELECTORS}: split it")
    cost, inner = _cost(expression, steps)
    if inner > MOST_INNER_STEPS:
        raise BadRequest("its subqueries are evaluated too often; shorten their range or make their step larger")
    if cost > MOST_SAMPLES:
        raise BadRequest(
            f"the query could touch {cost:.1e} samples (points x range x series, estimated), at most "
            f"{MOST_SAMPLES:.1e}: "
            "add exact labels, shorten its range, ask for fewer points (step_s) or for kind instant"
        )
    return cost


def selectors(expression: Expr) -> tuple[VectorSelector, ...]:
    """Every vector selector in it, those inside ranges and subqueries too."""
    import promql_parser

    return tuple(node for node in _nodes(expression) if isinstance(node, promql_parser.VectorSelector))


def functions(expression: Expr) -> frozenset[str]:
    """The names of the functions it calls."""
    import promql_parser

    return frozenset(node.func.name for node in _nodes(expression) if isinstance(node, promql_parser.Call))


def groups_of(selector: VectorSelector) -> tuple[tuple[Matcher, ...], ...]:
    """Its alternatives: a series matches when it matches all matchers of one of them."""
    alternatives = [tuple(group) for group in selector.matchers.or_matchers]
    plain = tuple(selector.matchers.matchers)
    return (*alternatives, plain) if plain or not alternatives else tuple(alternatives)


def parsed(promql: str) -> Expr:
    """The query's tree; raises BadRequest."""
    return _parse(promql)


def _cost(expression: Expr, steps: int) -> tuple[int, int]:
    """Estimated samples touched, and how often its most nested part is evaluated.

    Each point of the answer evaluates every selector once, a subquery its inside once for each of its own steps, and a
    range looks at all samples in it.
    """
    import promql_parser

    times, often, cost, span = [steps], steps, 0, 1

    def enter(node: Expr) -> None:
        nonlocal often, cost, span
        if isinstance(node, promql_parser.SubqueryExpr):
            length, step = node.range or timedelta(0), node.step or DEFAULT_SUBQUERY_STEP
            times.append(times[-1] * max(1, -(-length // max(step, timedelta(seconds=1)))))
            often = max(often, times[-1])
        elif isinstance(node, promql_parser.MatrixSelector):
            span = max(1, -(-node.range // SCRAPE_INTERVAL))
        elif isinstance(node, promql_parser.VectorSelector):
            cost += times[-1] * span * _series(node)
            span = 1

    def leave(node: Expr) -> None:
        if isinstance(node, promql_parser.SubqueryExpr):
            times.pop()

    promql_parser.walk(expression, enter, leave)
    return cost, often


def _series(selector: VectorSelector) -> int:
    """A guess at how many series it picks: a metric has so many, and each exact label leaves a tenth of them."""
    return sum(_series_of(group, selector.name is not None) for group in groups_of(selector))


def _series_of(group: Sequence[Matcher], named: bool) -> int:
    exact = {m.name for m in group if str(m.op).endswith(".Equal") and m.value}
    named = named or "__name__" in exact
    guess = SERIES_OF_A_METRIC if named else SERIES_WITHOUT_A_NAME
    return max(1, guess // 10 ** len(exact - {"__name__"}))


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
    if selector.name or all(any(_narrows(matcher) for matcher in group) for group in groups_of(selector)):
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
