"""A text's JSON, JSON lines, or YAML that holds readings over time; prose has none of them."""

from __future__ import annotations

import json
import re

from pydantic import JsonValue

from sre_advisor import strict_yaml

LONGEST = 40_000
"""Characters of YAML that are read."""
DEEPEST = 60
"""Levels of nesting that are read."""
_LEAST = 3
_STAMP = r"(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?Z?"
_READING = re.compile(
    rf"^\s*(?:-\s+)?\{{?\s*(?:(?:time|timestamp|ts|t|at)\s*:\s*[\"']?\d|[\"']?{_STAMP}[\"']?\s*:\s)", re.MULTILINE
)
_BEGINS = re.compile(r"\s*(?:-\s+)?[\"']?[A-Za-z_][\w .:/-]*[\"']?\s*:(?:\s|$)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def decoded(text: str) -> JsonValue:
    """The text's JSON, JSON lines or YAML; None when it is prose."""
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] not in "{[":
        return _of_yaml(text)
    try:
        return _flat_enough(json.loads(stripped))
    except (ValueError, RecursionError):
        pass
    found: list[JsonValue] = []
    try:
        while stripped:  # one value after the other, a line each or not
            value, end = json.JSONDecoder().raw_decode(stripped)
            found.append(value)
            stripped = stripped[end:].lstrip(" \t\r\n,")
    except (ValueError, RecursionError):
        return None
    return _flat_enough(found)


def _flat_enough(value: JsonValue) -> JsonValue:
    """The value, None where it is nested deeper than anything that a tool says of a system."""
    level: list[JsonValue] = [value]
    for _ in range(DEEPEST):
        level = [i for v in level if isinstance(v, (dict, list)) for i in (v.values() if isinstance(v, dict) else v)]
        if not level:
            return value
    return None


def _of_yaml(text: str) -> JsonValue:
    if len(text) > LONGEST or not _BEGINS.match(text) or len(_READING.findall(text)) < _LEAST:
        return None
    try:
        value = strict_yaml.parse_words(text)
    except strict_yaml.YamlProblem:
        return None
    return _flat_enough(_with_numbers(value)) if isinstance(value, (dict, list)) else None


def _with_numbers(value: object) -> JsonValue:
    if isinstance(value, dict):
        return {str(k): _with_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_numbers(v) for v in value]
    words = str(value)
    if not _NUMBER.fullmatch(words):
        return words
    return int(words) if words.lstrip("+-").isdigit() else float(words)
