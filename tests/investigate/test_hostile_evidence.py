"""Evidence that no tool means, nested without end or in steps of centuries: the check answers all the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.model import Standing

CLAIM = "orderdesk's p99 latency was 187 ms at 14:05, and 2.4 s a minute later, after deploy d-2."
START = {"service": "orderdesk", "metric": "latency_p99_ms", "start": "2026-06-18T14:03:00Z"}


def _standing(text: str) -> Standing:
    return judge(CLAIM, ("E1",), {"E1": Source("E1", text)})[0]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 5_000 + "]" * 5_000,
        '{"a":' * 5_000 + "1" + "}" * 5_000,
        '{"a":' * 900 + '"14:05 187"' + "}" * 900,
        '{"a":' * 200 + '{"t": ["14:05", "14:06"], "v": [187, 2400]}' + "}" * 200,
        "\n".join("  " * n + "a:" for n in range(300)) + '\n"14:05": 1\n"14:06": 1\n"14:07": 1',
        json.dumps({**START, "step": "99999999999h", "values": [1, 2, 3]}),
        json.dumps({**START, "step": "9" * 400, "values": [1, 2, 3]}),
        json.dumps({**START, "start": 9_999_999_999_999, "step": "6d", "values": [1, 2, 3]}),
        "orderdesk p99_ms (from 14:03, every 99999999999999999999 h): 1 2 3",
        "a: &a [x]\nb: *a\nc:\n- time: 14:05\n- time: 14:06\n- time: 14:07",
    ],
    ids=["lists", "objects", "a text", "a series far down", "yaml", "a step", "digits", "a start", "a line", "aliases"],
)
def test_what_nobody_means_shows_nothing(text: str) -> None:
    assert _standing(text) is Standing.UNSUPPORTED


WORDS = st.sampled_from(
    ["2026-06-18T14:03:00Z", "14:04", "1781791380", "1781791380000", "60s", "1e400", "orderdesk", "orderdesk p99_ms",
     'latency_p99_ms{service="orderdesk"}', "->", "{}", "", "x" * 200, "NaN", "latency_p99_ms", "PT5M"]
)  # fmt: skip
KEYS = st.sampled_from(
    ["time", "timestamp", "start", "from", "step", "step_s", "values", "points", "data", "schema", "fields", "metric",
     "service", "target", "labels", "orderdesk", "latency_p99_ms", "14:03", "rows", "columns", "unit", "version"]
)  # fmt: skip
LEAVES = st.one_of(WORDS, st.integers(), st.floats(), st.none(), st.booleans(), st.integers(1781791380, 1781791980))
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=40,
)


@given(VALUES)
def test_no_shape_of_json_breaks_the_check(value: object) -> None:
    assert _standing(json.dumps(value)) in Standing


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "  ", "- ", "| ", "[14:03] "]),
            KEYS,
            st.sampled_from([": ", "=", ",", " | ", " "]),
            WORDS,
        ),
        max_size=14,
    )
)
def test_no_lines_break_the_check(lines: list[tuple[str, str, str, str]]) -> None:
    assert _standing("\n".join("".join(parts) for parts in lines)) in Standing
