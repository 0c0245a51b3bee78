"""Cutting what a tool brought to a size that can be kept and shown."""

from __future__ import annotations

import json

from pydantic import JsonValue


def bound(body: JsonValue, limit: int) -> tuple[JsonValue, str | None]:
    """The body within `limit` JSON bytes and, when it had to be cut, a sentence saying so.

    Tools bound their own bodies sensibly; this is the net under them. Long lists lose their tails first (their heads
    are the most telling by the tools' own order), then long strings; what still does not fit is kept as cut text.
    """
    size = size_of(body)
    if size <= limit:
        return body, None
    for items, characters in ((200, 4000), (50, 1000), (20, 400), (8, 200), (3, 120)):
        smaller = _shrink(body, items, characters)
        if size_of(smaller) <= limit:
            return (
                smaller,
                f"cut from {size} to {size_of(smaller)} bytes; ask for less (a shorter window, fewer services)",
            )
    text = json.dumps(body, ensure_ascii=False)[: limit // 4]
    return text, f"cut from {size} bytes to its first {len(text)} characters; ask for less"


def size_of(body: JsonValue) -> int:
    """The body in JSON bytes."""
    return len(json.dumps(body, ensure_ascii=False).encode())


def _shrink(value: JsonValue, items: int, characters: int) -> JsonValue:
    if isinstance(value, str) and len(value) > characters:
        return value[:characters] + "…"
    if isinstance(value, list):
        kept: list[JsonValue] = [_shrink(v, items, characters) for v in value[:items]]
        return [*kept, f"… {len(value) - items} more"] if len(value) > items else kept
    if isinstance(value, dict):
        return {k: _shrink(v, items, characters) for k, v in list(value.items())[: items * 4]}
    return value
