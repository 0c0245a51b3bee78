"""Which metrics a PromQL query reads, and how far before and after the moment it is evaluated at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta

import promql_parser
import re2

from sre_advisor.connectors.contract import BadRequest
from sre_advisor.replay.openmetrics import NAME_LABEL

LOOKBACK = timedelta(minutes=5)
ZERO = timedelta(0)
_QUIET = re2.Options()
_QUIET.log_errors = False


@dataclass(frozen=True, slots=True)
class Touch:
    """One selector: which of the known metrics it picks, and the stretch before the moment of evaluation it reads.

    `fixed` says that it names its own moment (@), so that the stretch says nothing.
    """

    names: frozenset[str]
    earliest: timedelta
    latest: timedelta
    fixed: bool = False


def touched(promql: str, known: Iterable[str]) -> tuple[Touch, ...]:
    """What each selector of the query reads; raises BadRequest when it is no PromQL."""
    try:
        parsed = promql_parser.parse(promql)
    except ValueError as error:
        raise BadRequest(f"not valid PromQL ({' '.join(str(error).split())[:200]})") from None
    names = tuple(known)
    return tuple(_walk(parsed, ZERO, ZERO, False, names))


def _walk(node: object, earliest: timedelta, latest: timedelta, fixed: bool, names: tuple[str, ...]) -> Iterable[Touch]:
    match node:
        case promql_parser.VectorSelector():
            back = node.offset or ZERO
            yield Touch(_picked(node, names), earliest + back + LOOKBACK, latest + back, fixed or node.at is not None)
        case promql_parser.MatrixSelector():
            yield from _walk(node.vector_selector, earliest + (node.range or ZERO) - LOOKBACK, latest, fixed, names)
        case promql_parser.SubqueryExpr():
            back = node.offset or ZERO
            inside = earliest + back + (node.range or ZERO)
            yield from _walk(node.expr, inside, latest + back, fixed or node.at is not None, names)
        case _:
            for child in _children(node):
                yield from _walk(child, earliest, latest, fixed, names)


def _children(node: object) -> list[object]:
    found = [getattr(node, name, None) for name in ("expr", "lhs", "rhs", "param")]
    return [child for child in (*found, *(getattr(node, "args", None) or ())) if child is not None]


def _picked(selector: promql_parser.VectorSelector, names: tuple[str, ...]) -> frozenset[str]:
    groups = [tuple(group) for group in selector.matchers.or_matchers] or [tuple(selector.matchers.matchers)]
    if selector.name:
        return frozenset({selector.name})
    picked: set[str] = set()
    for group in groups:
        holds = [_holds(m) for m in group if m.name == NAME_LABEL]
        picked |= {name for name in names if all(hold(name) for hold in holds)}
    return frozenset(picked)


def _holds(matcher: promql_parser.Matcher) -> Callable[[str], bool]:
    value = matcher.value
    match matcher.op:
        case promql_parser.MatchOp.Equal:
            return lambda name: name == value
        case promql_parser.MatchOp.NotEqual:
            return lambda name: name != value
        case _:
            wanted = matcher.op == promql_parser.MatchOp.Re
            try:
                pattern = re2.compile(value, _QUIET)
            except re2.error:
                return lambda _name: True
            return lambda name: (pattern.fullmatch(name) is not None) is wanted
