"""The part of PromQL a recording answers: one plain selector, such as http_error_ratio{service="payments"}."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import promql_parser
import re2

from sre_advisor.connectors.contract import BadRequest

NAME_LABEL, SERVICE_LABEL = "__name__", "service"
QUERY_LIMIT = 4_000
"""Characters of a query; a plain selector needs far fewer."""
_QUIET = re2.Options()
_QUIET.log_errors = False


@dataclass(frozen=True, slots=True)
class Selector:
    """Which of the recorded series a query means."""

    conditions: tuple[tuple[str, Callable[[str], bool]], ...]

    def picks(self, labels: Mapping[str, str]) -> bool:
        """Whether a series with these labels is meant; a label that is absent counts as empty, as in Prometheus."""
        return all(holds(labels.get(label, "")) for label, holds in self.conditions)


def parse_selector(promql: str, example: str) -> Selector:
    """Read a plain selector; raises BadRequest, with `example` as what to ask instead, for anything else."""
    if len(promql) > QUERY_LIMIT:
        raise BadRequest(f"the query is longer than {QUERY_LIMIT:,} characters; {_instead(example)}")
    try:
        parsed = promql_parser.parse(promql)
    except ValueError as error:
        reason = " ".join(str(error).split())[:200]
        raise BadRequest(f"not valid PromQL ({reason}); {_instead(example)}") from None
    while isinstance(parsed, promql_parser.ParenExpr):
        parsed = parsed.expr
    if not isinstance(parsed, promql_parser.VectorSelector) or parsed.at is not None or parsed.offset is not None:
        raise BadRequest(f"functions, operators, ranges, offset and @ need a live Prometheus; {_instead(example)}")
    if parsed.matchers.or_matchers:
        raise BadRequest(f"'or' between matchers needs a live Prometheus; {_instead(example)}")
    conditions = [_condition(m.name, m.op, m.value, example) for m in parsed.matchers.matchers]
    if parsed.name:
        conditions.append((NAME_LABEL, parsed.name.__eq__))
    return Selector(tuple(conditions))


def _condition(
    label: str, operator: promql_parser.MatchOp, value: str, example: str
) -> tuple[str, Callable[[str], bool]]:
    if label not in (NAME_LABEL, SERVICE_LABEL):
        raise BadRequest(f"the only label recorded is {SERVICE_LABEL!r}, not {label[:80]!r}; {_instead(example)}")
    if operator == promql_parser.MatchOp.Equal:
        return label, lambda held: held == value
    if operator == promql_parser.MatchOp.NotEqual:
        return label, lambda held: held != value
    try:
        pattern = re2.compile(value, _QUIET)
    except re2.error:
        raise BadRequest(f"the pattern for label {label!r} is not a valid RE2 expression") from None
    wanted = operator == promql_parser.MatchOp.Re
    return label, lambda held: (pattern.fullmatch(held) is not None) is wanted


def _instead(example: str) -> str:
    return f"this is a recording and answers plain selectors only, such as {example}"
