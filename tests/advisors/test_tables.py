"""Lists of like objects are told as tables, and nothing is lost by that."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.advisors.tables import tabled

CELLS = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
JSON = st.recursive(
    CELLS,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(["at", "service", "value", "columns", "rows"]), inner)
    ),
    max_leaves=30,
)


def untabled(value: JsonValue) -> JsonValue:
    """What a reader makes of it."""
    if isinstance(value, list):
        return [untabled(item) for item in value]
    if not isinstance(value, dict):
        return value
    columns, rows = value.get("columns"), value.get("rows")
    if value.keys() == {"columns", "rows"} and isinstance(columns, list) and isinstance(rows, list):
        return [
            {str(k): untabled(v) for k, v in zip(columns, row, strict=False) if v is not None}
            for row in rows
            if isinstance(row, list)
        ]
    return {key: untabled(inner) for key, inner in value.items()}


def without_nulls(value: JsonValue) -> JsonValue:
    """A value that is not there and one that is null say the same."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


@given(JSON.filter(lambda v: "columns" not in json.dumps(v)))
def test_a_table_says_all_that_the_list_said_and_is_never_longer(value: JsonValue) -> None:
    table = tabled(value)
    assert without_nulls(untabled(table)) == without_nulls(value)
    assert len(json.dumps(table)) <= len(json.dumps(value))


def test_keys_are_said_once_and_rare_ones_stand_last() -> None:
    lines: list[JsonValue] = [
        {"at": "10:01", "note": "cut", "service": "shop"},
        {"at": "10:02", "service": "shop"},
        {"at": "10:03", "service": "store"},
    ]
    assert tabled({"lines": lines}) == {
        "lines": {
            "columns": ["at", "service", "note"],
            "rows": [["10:01", "shop", "cut"], ["10:02", "shop"], ["10:03", "store"]],
        }
    }
