"""The part of PromQL that recorded series answer by themselves, where no Prometheus is installed.

Selectors, rate, increase, delta, …_over_time, sum, avg, min, max, count, quantile, topk, bottomk, histogram_quantile,
arithmetic and comparisons of vectors with the same labels, and `or`: what golden signals and most queries are made of.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import promql_parser
import re2

from sre_advisor.replay.coverage import NotInThisRecording
from sre_advisor.replay.openmetrics import NAME_LABEL, RawSeries
from sre_advisor.replay.stretches import OVER_TIME, extrapolated, newest, over_time, quantile_of_buckets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Key = tuple[tuple[str, str], ...]
Vector = dict[Key, "Array"]
_ARITHMETIC: dict[str, Callable[[Array, Array], Array]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Array, Array], Array]] = {
    ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
_AGGREGATES: dict[str, Callable[[Array], Array]] = {
    "sum": lambda rows: np.nansum(rows, axis=0), "avg": lambda rows: np.nanmean(rows, axis=0),
    "min": lambda rows: np.nanmin(rows, axis=0), "max": lambda rows: np.nanmax(rows, axis=0),
    "count": lambda rows: (~np.isnan(rows)).sum(axis=0).astype(np.float64),
}  # fmt: skip
_RANKED = ("topk", "bottomk")
_EXTRAPOLATED = {"rate": (True, True), "increase": (True, False), "delta": (False, False)}
_QUIET = re2.Options()
_QUIET.log_errors = False


@dataclass(frozen=True, slots=True)
class Evaluator:
    """Evaluates at the moments `at` (unix seconds); raises NotInThisRecording for what it cannot do."""

    series: Sequence[RawSeries]
    at: Array

    def vector(self, promql: str) -> Vector:
        """The query's series, each with a value or NaN for each moment; a plain number is a series without labels."""
        with np.errstate(all="ignore"):
            found = self._of(promql_parser.parse(promql))
        return dict(sorted(found.items())) if isinstance(found, dict) else {(): np.full(self.at.size, found)}

    def _of(self, node: object) -> Vector | float:
        match node:
            case promql_parser.ParenExpr():
                return self._of(node.expr)
            case promql_parser.NumberLiteral():
                return float(node.val)
            case promql_parser.VectorSelector():
                at = self.at - _seconds(node)
                return {_key(one.labels): newest(one.times, one.values, at) for one in self._picked(node)}
            case promql_parser.AggregateExpr():
                return self._aggregate(node)
            case promql_parser.Call():
                return self._call(node)
            case promql_parser.BinaryExpr():
                return self._binary(node)
            case _:
                raise _beyond(type(node).__name__)

    def _picked(self, selector: promql_parser.VectorSelector) -> Iterable[RawSeries]:
        if selector.at is not None or selector.matchers.or_matchers:
            raise _beyond("@ and 'or' in a selector")
        conditions = [_condition(m) for m in selector.matchers.matchers]
        for one in self.series:
            named = not selector.name or one.labels.get(NAME_LABEL) == selector.name
            if named and all(holds(one.labels) for holds in conditions):
                yield one

    def _call(self, node: promql_parser.Call) -> Vector:
        name, args = node.func.name, node.args
        if name == "vector" and isinstance(number := self._of(args[0]), float):
            return {(): np.full(self.at.size, number)}
        if name == "histogram_quantile":
            return self._quantile(args)
        if len(args) != 1 or not isinstance(args[0], promql_parser.MatrixSelector):
            raise _beyond(f"{name}()")
        selector = args[0].vector_selector
        span, at = (args[0].range or timedelta(0)).total_seconds(), self.at - _seconds(selector)
        found: Vector = {}
        for one in self._picked(selector):
            if name in _EXTRAPOLATED:
                counter, rate = _EXTRAPOLATED[name]
                values = extrapolated(one.times, one.values, at, span, counter=counter, rate=rate)
            elif name in OVER_TIME:
                values = over_time(name, one.times, one.values, at, span)
            else:
                raise _beyond(f"{name}()")
            found[_key(one.labels) if name == "last_over_time" else _without_name(one.labels)] = values
        return found

    def _quantile(self, args: Sequence[object]) -> Vector:
        wanted, buckets = self._of(args[0]), self._of(args[1])
        if not isinstance(wanted, float) or not isinstance(buckets, dict) or not 0 <= wanted <= 1:
            raise _beyond("such a histogram_quantile()")
        groups: dict[Key, list[tuple[float, Array]]] = {}
        for key, values in buckets.items():
            labels = dict(key)
            if (bound := _number(labels.pop("le", ""))) is not None:
                labels.pop(NAME_LABEL, None)
                groups.setdefault(tuple(sorted(labels.items())), []).append((bound, values))
        found: Vector = {}
        for key, rows in groups.items():
            rows.sort(key=lambda row: row[0])
            bounds, counts = np.array([b for b, _ in rows]), np.array([v for _, v in rows])
            found[key] = quantile_of_buckets(wanted, bounds, counts)
        return found

    def _aggregate(self, node: promql_parser.AggregateExpr) -> Vector:
        inside, wanted = self._of(node.expr), None if node.param is None else self._of(node.param)
        draw = _aggregate(str(node.op), wanted)
        if draw is None or not isinstance(inside, dict):
            raise _beyond(f"{node.op}()")
        kept = frozenset(node.modifier.labels) if node.modifier else frozenset[str]()
        by = node.modifier is None or node.modifier.type == promql_parser.AggModifierType.By
        groups: dict[Key, list[tuple[Key, Array]]] = {}
        for key, values in inside.items():
            labels = tuple((k, v) for k, v in key if (k in kept if by else k not in kept and k != NAME_LABEL))
            groups.setdefault(labels, []).append((key, values))
        found: Vector = {}
        for key, members in groups.items():
            every = np.array([values for _, values in members])
            some = ~np.isnan(every).all(axis=0)
            drawn = np.full((1 if every.size == 0 else every.shape[0], self.at.size), np.nan)
            if some.any():
                drawn[:, some] = draw(every[:, some])
            if str(node.op) in _RANKED:
                found |= {name: row for (name, _), row in zip(members, drawn, strict=True)}
            else:
                found[key] = drawn[0]
        return found

    def _binary(self, node: promql_parser.BinaryExpr) -> Vector | float:
        sign, one, other = str(node.op), self._of(node.lhs), self._of(node.rhs)
        plain = node.modifier is None or (not node.modifier.matching and not node.modifier.group_labels)
        returns_bool = node.modifier is not None and node.modifier.return_bool
        if not plain or returns_bool:
            raise _beyond("on, ignoring, group_left, group_right and bool")
        if sign == "or" and isinstance(one, dict) and isinstance(other, dict):
            return _either(one, other)
        if sign not in _ARITHMETIC and sign not in _COMPARISONS:
            raise _beyond(sign)
        if not isinstance(one, dict) and not isinstance(other, dict):
            if sign in _COMPARISONS:
                raise _beyond("comparing numbers")
            return float(_ARITHMETIC[sign](np.array(one), np.array(other)))
        return _joined(sign, one, other, self.at.size)


def _aggregate(name: str, wanted: Vector | float | None) -> Callable[[Array], Array] | None:
    """How one of each group's moments are drawn together; the ranked ones keep a row for each member."""
    if not isinstance(wanted, float):
        return _AGGREGATES.get(name) if wanted is None else None
    if name == "quantile" and 0 <= wanted <= 1:
        return lambda rows: np.nanquantile(rows, wanted, axis=0)
    if name in _RANKED and wanted >= 1:
        sign = -1.0 if name == "topk" else 1.0

        def ranked(rows: Array) -> Array:
            order = np.argsort(np.argsort(np.where(np.isnan(rows), np.inf, sign * rows), axis=0, kind="stable"), axis=0)
            return np.where(order < int(wanted), rows, np.nan)

        return ranked
    return None


def _joined(sign: str, one: Vector | float, other: Vector | float, size: int) -> Vector:
    """Two vectors by equal labels, or a vector and a number; a comparison keeps the left side's values."""
    left = one if isinstance(one, dict) else {k: np.full(size, one) for k in (other if isinstance(other, dict) else ())}
    right = other if isinstance(other, dict) else {k: np.full(size, other) for k in left}
    matched = {_nameless(k): v for k, v in right.items()}
    if len(matched) != len(right) or len({_nameless(k) for k in left}) != len(left):
        raise _beyond("vectors whose series match more than one")
    found: Vector = {}
    for key, values in left.items():
        partner = matched.get(_nameless(key))
        if partner is None:
            continue
        if sign in _ARITHMETIC:
            found[_nameless(key)] = _ARITHMETIC[sign](values, partner)
        else:
            vector = values if isinstance(one, dict) else partner
            holds = _COMPARISONS[sign](values, partner) & ~np.isnan(values) & ~np.isnan(partner)
            found[key] = np.where(holds, vector, np.nan)
    return found


def _either(one: Vector, other: Vector) -> Vector:
    """`or`: the left side, and of the right side what has no match on the left at that moment."""
    there = {_nameless(key): values for key, values in one.items()}
    found = dict(one)
    for key, values in other.items():
        left = there.get(_nameless(key))
        extra = values if left is None else np.where(np.isnan(left), values, np.nan)
        found[key] = np.where(np.isnan(found[key]), extra, found[key]) if key in found else extra
    return found


def _condition(matcher: promql_parser.Matcher) -> Callable[[Mapping[str, str]], bool]:
    name, value, sign = matcher.name, matcher.value, matcher.op
    if sign == promql_parser.MatchOp.Equal:
        return lambda labels: labels.get(name, "") == value
    if sign == promql_parser.MatchOp.NotEqual:
        return lambda labels: labels.get(name, "") != value
    try:
        pattern = re2.compile(value, _QUIET)
    except re2.error:
        raise _beyond("a pattern that is no RE2") from None
    wanted = sign == promql_parser.MatchOp.Re
    return lambda labels: (pattern.fullmatch(labels.get(name, "")) is not None) is wanted


def _seconds(selector: promql_parser.VectorSelector) -> float:
    return (selector.offset or timedelta(0)).total_seconds()


def _key(labels: Mapping[str, str]) -> Key:
    return tuple(sorted(labels.items()))


def _without_name(labels: Mapping[str, str]) -> Key:
    return _nameless(_key(labels))


def _nameless(key: Key) -> Key:
    return tuple((k, v) for k, v in key if k != NAME_LABEL)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _beyond(what: str) -> NotInThisRecording:
    return NotInThisRecording(
        f"{what} needs Prometheus, which is not installed where this recording is asked; selectors, rate, increase, "
        "…_over_time, sum, avg, min, max, count, quantile, topk, histogram_quantile, + - * / and comparisons work"
    )
