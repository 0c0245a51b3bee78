"""Lists of like objects as tables, their keys said once: the same data in fewer tokens."""

from __future__ import annotations

import json

from pydantic import JsonValue

from sre_advisor.advisors.conversation import JsonObject

LEAST_ROWS = 2


def tabled(value: JsonValue) -> JsonValue:
    """`value` with each list of objects, at any depth, as {"columns", "rows"} where that is shorter.

    A row ends after its last value that there is; one that is not there among others is null.
    """
    if isinstance(value, dict):
        return {key: tabled(inner) for key, inner in value.items()}
    if not isinstance(value, list):
        return value
    rows = [tabled(item) for item in value]
    objects = [row for row in rows if isinstance(row, dict)]
    if len(objects) < LEAST_ROWS or len(objects) != len(rows):
        return rows
    table = _table(objects)
    return table if _size(table) < _size(rows) else rows


def _table(objects: list[JsonObject]) -> JsonObject:
    often: dict[str, int] = {}
    for thing in objects:
        for key, value in thing.items():
            often[key] = often.get(key, 0) + (value is not None)
    columns = sorted(often, key=lambda key: -often[key])  # the rare ones last, where they can be left out
    return {"columns": list(columns), "rows": [_row(thing, columns) for thing in objects]}


def _row(thing: JsonObject, columns: list[str]) -> list[JsonValue]:
    cells = [thing.get(key) for key in columns]
    while cells and cells[-1] is None:
        cells.pop()
    return cells


def _size(value: JsonValue) -> int:
    return len(json.dumps(value, separators=(",", ":")))
