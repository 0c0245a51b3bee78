"""A text's JSON, JSON lines, or YAML of readings or records; prose has none of them."""

from __future__ import annotations

import json
import re

from pydantic import JsonValue

from sre_advisor import strict_yaml
from sre_advisor.investigate.checking.evidence.listed.blocks import blocks_in

LONGEST = 40_000
"""Characters of YAML that are read."""
DEEPEST = 60
"""Levels of nesting that are read."""
_LEAST = 3
_STAMP = r"(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?Z?"
_READING = re.compile(
    rf"^\s*(?:-\s+)?\{{?\s*(?:(?:time|timestamp|ts|t|at)\s*:\s*[\"']?\d|[\"']?{_STAMP}[\"']?\s*:\s)", re.MULTILINE
)
_ITEM = re.compile(r"^\s*-\s+[\w.-]+:\s", re.MULTILINE)
_FEWEST = 2
"""Records below which there is no list."""
_BEGINS = re.compile(r"\s*(?:-\s+)?[\"']?[A-Za-z_][\w .:/-]*[\"']?\s*:(?:\s|$)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")


def decoded(text: str) -> JsonValue:
    """The text's JSON, JSON lines, YAML or blocks of fields; None when it is prose."""
    stripped = text.strip()
    if not stripped:
        return None
    if stripped[0] not in "{[":
        return _of_yaml(text) or _of_blocks(text)
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


def _of_blocks(text: str) -> JsonValue:
    found = blocks_in(text) if len(text) <= LONGEST and _BEGINS.match(text) else None
    return [*found] if found else None


def _of_yaml(text: str) -> JsonValue:
    if len(text) > LONGEST or not _BEGINS.match(text):
        return None
    readings = len(_READING.findall(text)) >= _LEAST
    if not readings and len(_ITEM.findall(text)) < _FEWEST:
        return None
    try:
        value = strict_yaml.parse_words(text)
    except strict_yaml.YamlProblem:
        return None
    told = isinstance(value, (dict, list)) and (readings or _is_listed(value))
    return _flat_enough(_with_numbers(value)) if told else None


def _is_listed(value: object) -> bool:
    """Whether it is a list of records, or holds nothing but such lists: prose may read as YAML, but not so."""
    if isinstance(value, dict):
        lists = [v for v in value.values() if isinstance(v, list)]
        return bool(lists) and all(map(_is_listed, lists)) and all(isinstance(v, (str, list)) for v in value.values())
    return isinstance(value, list) and all(isinstance(v, dict) and len(v) > 1 for v in value)


def _with_numbers(value: object) -> JsonValue:
    if isinstance(value, dict):
        return {str(k): _with_numbers(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_with_numbers(v) for v in value]
    words = str(value)
    if not _NUMBER.fullmatch(words):
        return words
    return int(words) if words.lstrip("+-").isdigit() else float(words)
