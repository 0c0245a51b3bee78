"""Records printed as blocks of "Field: value" with an empty line between them."""

from __future__ import annotations

import re

from pydantic import JsonValue

from sre_advisor.investigate.checking.words.clock import moments

_FIELD = re.compile(r"\s*([A-Za-z][\w .()/-]{0,30}?)\s*:(?:\s+(.*)|$)")
_LEAST = 2
"""Blocks, and fields that all of them share, below which a text is prose."""


def blocks_in(text: str) -> list[dict[str, JsonValue]] | None:
    """The records of a text that consists of such blocks alone; None of any other text."""
    found: list[dict[str, JsonValue]] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        fields = [_FIELD.fullmatch(line) for line in block.splitlines()]
        pairs = [(m.group(1), (m.group(2) or "").strip()) for m in fields if m is not None]
        if len(pairs) < len(fields) or len({k for k, _ in pairs}) < len(pairs):
            return None
        found.append({k: _value(v) for k, v in pairs})
    shared = frozenset(found[0]).intersection(*found[1:]) if found else frozenset[str]()
    return found if min(len(found), len(shared)) >= _LEAST else None


def _value(words: str) -> JsonValue:
    if moments(words, unix=True) or not re.fullmatch(r"-?\d+(?:\.\d+)?", words):
        return words
    return int(words) if words.lstrip("-").isdigit() else float(words)
