"""Records of nested JSON: what one object tells of one thing, however deep its fields lie."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue


def records(value: JsonValue, above: str = "") -> Iterator[str]:
    """The scalars that belong together: those of one object and of the objects in it; a list's items stand apart."""
    if isinstance(value, list):
        for item in value:
            yield from records(item, above)
        return
    if not isinstance(value, dict):
        yield f"{above}\n{value}"
        return
    lists: list[JsonValue] = []
    own = "\n".join([above, *_scalars(value, lists)])
    yield own
    for item in lists:
        yield from records(item, own)


def _scalars(value: dict[str, JsonValue], lists: list[JsonValue]) -> Iterator[str]:
    """Its scalars and those of the objects in it; the lists met on the way are put into `lists`."""
    for key, item in value.items():
        if isinstance(item, dict):
            yield from _scalars(item, lists)
        elif isinstance(item, list) and any(isinstance(i, (dict, list)) for i in item):
            lists.append(item)
        elif isinstance(item, list):
            yield f"{key}: {' '.join(map(str, item))}"
        else:
            yield f"{key}: {item}"
