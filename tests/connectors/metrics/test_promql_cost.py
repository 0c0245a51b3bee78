"""No query that could touch too much is sent, however it is written."""

from __future__ import annotations

from datetime import timedelta

import promql_parser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.connectors.contract import BadRequest, Denied, Scope
from sre_advisor.connectors.prometheus.promql import (
    LONGEST_RANGE,
    MOST_SAMPLES,
    MOST_STEPS,
    check_query,
    groups_of,
    parsed,
    selectors,
)
from sre_advisor.connectors.prometheus.visible import require_visible

labels = st.sampled_from(["service", "job", "code", "instance", "__name__"])
texts = st.sampled_from(["checkout", "payments", ".+", ".*", "", "check.*", "checkout|payments", "(.*)", "a|.+", "5.."])
signs = st.sampled_from(["=", "!=", "=~", "!~"])
matchers = st.tuples(labels, signs, texts).map(lambda m: f'{m[0]}{m[1]}"{m[2]}"')
durations = st.sampled_from(["30s", "5m", "1h", "1d", "7d", "30d", "1y"])
plain = st.tuples(
    st.sampled_from(["", "up", "http_requests_total"]),
    st.lists(matchers, min_size=1, max_size=3),
    st.sampled_from([",", " or "]),
).map(lambda p: f"{p[0]}{{{p[2].join(p[1])}}}")
subquery_steps = st.sampled_from(["", "1s", "1m", "1h"])


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        inner.map("sum by (service) ({})".format),
        inner.map("topk(3, {})".format),
        st.tuples(inner, durations, subquery_steps).map(lambda p: f"max_over_time(({p[0]})[{p[1]}:{p[2]}])"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}) / ({p[1]})"),
    )


ranges = st.tuples(plain, durations).map(lambda p: f"rate({p[0]}[{p[1]}])")
vectors = st.recursive(st.one_of(plain, st.just("up"), st.just("up offset 1d"), ranges), larger, max_leaves=5)


def cost(query: str, steps: int) -> int | None:
    """None when it is refused."""
    try:
        return check_query(query, steps)
    except BadRequest:
        return None


@settings(max_examples=400, deadline=None)
@given(vectors, st.integers(1, 12_000))
def test_what_is_let_through_is_bounded_in_steps_ranges_series_and_samples(query: str, steps: int) -> None:
    found = cost(query, steps)
    if found is None:
        return
    assert steps <= MOST_STEPS
    assert steps <= found <= MOST_SAMPLES
    for selector in selectors(parsed(query)):
        for group in groups_of(selector):
            named = selector.name or any(
                str(m.op).endswith(".Equal") and m.value for m in group
            ) or any(str(m.op).endswith(".Re") and m.value[:3].isalpha() for m in group)  # fmt: skip
            assert named
    lengths: list[timedelta] = []

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.MatrixSelector | promql_parser.SubqueryExpr):
            lengths.append(node.range or timedelta(0))

    promql_parser.walk(parsed(query), visit)
    assert all(length <= LONGEST_RANGE for length in lengths)


@settings(max_examples=200, deadline=None)
@given(vectors, st.integers(1, 5000))
def test_a_part_of_a_sum_costs_no_more_than_the_whole_and_more_points_cost_no_less(query: str, steps: int) -> None:
    alone, more = cost(query, steps), cost(query, steps + 1)
    both = cost(f"({query}) + up", steps)
    if alone is not None and more is not None:
        assert alone <= more
    if both is not None:
        assert alone is not None
        assert both > alone


@pytest.mark.parametrize(
    ("query", "steps", "refused"),
    [
        ("rate(http_requests_total[5m])", 180, False),
        ('max_over_time(http_requests_total{service="a"}[1d])', 1, False),
        ("avg_over_time(http_requests_total[8d])", 180, True),
        ("max_over_time(rate(http_requests_total[5m])[1h:1m])", 60, False),
        ("max_over_time(rate(http_requests_total[1h])[1d:1m])", 180, True),
        ("max_over_time(max_over_time(up[1h:1s])[1h:1s])", 1, True),
        ("rate(http_requests_total[9d])", 1, True),
        ('{job="a"}', 180, False),
        ('rate({job="a"}[1d])', 180, True),
        ('{job=~".+"}', 1, True),
        ('{__name__=~".+",job!=""}', 1, True),
        ('sum({__name__=~".*"})', 1, True),
        ('{job="a" or job=~".*"}', 1, True),
        ("up", MOST_STEPS + 1, True),
    ],
)
def test_what_is_refused(query: str, steps: int, refused: bool) -> None:
    assert (cost(query, steps) is None) == refused


SCOPE = Scope(services=frozenset({"checkout"}), metrics=frozenset({"up"}))


@settings(max_examples=400, deadline=None)
@given(vectors)
def test_what_a_narrowed_channel_may_send_names_a_visible_metric_and_service_in_every_selector(query: str) -> None:
    try:
        require_visible(query, SCOPE)
    except (Denied, BadRequest):
        return
    for selector in selectors(parsed(query)):
        for group in groups_of(selector):
            exact = {(m.name, m.value) for m in group if str(m.op) == "=" or str(m.op).endswith(".Equal")}
            assert selector.name == "up" or ("__name__", "up") in exact
            assert ("service", "checkout") in exact or any(
                m.name == "service" and m.value == "checkout" for m in group
            )  # a pattern without any sign of one names exactly that


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ('up{service="checkout"}', True),
        ('sum(rate(up{service="checkout"}[5m])) / sum(up{service="checkout"})', True),
        ('up{service="checkout"} / up', False),
        ('up{service="checkout"} or up{service="payments"}', False),
        ('up{service=~"checkout|payments"}', False),
        ('up{service=~"checkout.*"}', False),
        ('up{service!="payments"}', False),
        ('up{service="checkout" or job="x"}', False),
        ('up{Service="checkout"}', False),
        ('up{service="checkout "}', False),
        ('down{service="checkout"}', False),
        ('info(up{service="checkout"})', False),
        ('label_replace(up{job="x"}, "service", "checkout", "", "")', False),
        ("vector(1)", True),
    ],
)
def test_what_a_narrowed_channel_may_send(query: str, allowed: bool) -> None:
    if allowed:
        require_visible(query, SCOPE)
        return
    with pytest.raises(Denied, match=r"^channel_(services|metrics): "):
        require_visible(query, SCOPE)


def test_a_services_own_selector_names_it_too_when_all_of_it_is_there() -> None:
    scope = Scope(services=frozenset({"checkout"}), selectors=(frozenset({("app", "checkout"), ("env", "prod")}),))
    require_visible('up{app="checkout",env="prod",code="500"}', scope)
    with pytest.raises(Denied):
        require_visible('up{app="checkout"}', scope)
