"""JSON schemas as a model should read them: no references, no words that only cost tokens."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from typing import cast

from pydantic import JsonValue

from sre_advisor.advisors.conversation import JsonObject


def trimmed(schema: JsonObject, drop: Collection[str]) -> JsonObject:
    """`schema` with references put in place and the keywords in `drop` left out, at every depth.

    Names of properties are kept even if they are spelt like a keyword. Recursive schemas are not supported.
    """
    definitions = schema.get("$defs")
    return _object(schema, definitions if isinstance(definitions, dict) else {}, {*drop, "$defs"})


CHECKED_LATER = ("maxLength", "minLength", "maxItems", "minItems", "minimum", "maximum", "format", "default")
"""What sensible calls keep to: the broker checks it and says what was wrong; here it is paid for at each call."""
COMMON = ("start", "end", "service", "limit", "id", "repository")
"""Arguments that mean the same at every tool: the prompt explains them once."""


def tool_schema(schema: JsonObject) -> JsonObject:
    """A tool's arguments, without what the tool's own description says and without what nobody need know to call it.

    Dropped are titles, the description of the whole and of what is COMMON, most bounds, and that an optional argument
    may also be null.
    """
    arguments = {key: value for key, value in schema.items() if key not in ("description", "additionalProperties")}
    return _changed(trimmed(arguments, ("title", *CHECKED_LATER)), _plain)


def with_shared(schema: JsonObject, name: str) -> JsonObject:
    """`schema` with the object that it holds most often defined once, as `name`, and referred to."""
    counts: dict[str, int] = {}
    _count_objects(schema, counts)
    text, times = max(counts.items(), key=lambda item: (item[1] - 1) * len(item[0]), default=("", 0))
    if times < 2:
        return schema
    whole = json.dumps(schema, sort_keys=False).replace(text, json.dumps({"$ref": f"#/$defs/{name}"}))
    shared: JsonObject = {"$defs": {name: json.loads(text)}}
    return cast("JsonObject", json.loads(whole)) | shared


def _count_objects(node: JsonValue, counts: dict[str, int]) -> None:
    if isinstance(node, dict) and node.get("type") == "object":
        text = json.dumps(node)
        counts[text] = counts.get(text, 0) + 1
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        _count_objects(inner, counts)


def said_once(tools: Sequence[tuple[str, JsonObject]]) -> list[JsonObject]:
    """The argument schemas of tools (description, schema), without explanations that were given before.

    One that several tools share stays where it comes first; what the tool's own description says goes.
    """
    said: set[tuple[str, str]] = set()
    return [_shorter(description, schema, said) for description, schema in tools]


def _shorter(description: str, schema: JsonObject, said: set[tuple[str, str]]) -> JsonObject:
    def short(name: str, value: JsonValue) -> JsonValue:
        words = value.get("description") if isinstance(value, dict) else None
        if not isinstance(value, dict) or not isinstance(words, str):
            return value
        known = (name, words) in said or words in description
        said.add((name, words))
        return {k: v for k, v in value.items() if k != "description"} if known else value

    return _changed(schema, short)


def _object(node: JsonObject, definitions: JsonObject, drop: set[str]) -> JsonObject:
    reference = node.get("$ref")
    if isinstance(reference, str):
        target = definitions[reference.rsplit("/", 1)[-1]]
        beside = {key: value for key, value in node.items() if key != "$ref"}
        return _object((target if isinstance(target, dict) else {}) | beside, definitions, drop)
    return {
        key: _properties(value, definitions, drop) if key == "properties" else _value(value, definitions, drop)
        for key, value in node.items()
        if key not in drop
    }


def _properties(node: JsonValue, definitions: JsonObject, drop: set[str]) -> JsonValue:
    return {k: _value(v, definitions, drop) for k, v in node.items()} if isinstance(node, dict) else node


def _value(node: JsonValue, definitions: JsonObject, drop: set[str]) -> JsonValue:
    if isinstance(node, list):
        return [_value(item, definitions, drop) for item in node]
    return _object(node, definitions, drop) if isinstance(node, dict) else node


def _changed(schema: JsonObject, change: Callable[[str, JsonValue], JsonValue]) -> JsonObject:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    changed: JsonObject = {"properties": {name: change(name, value) for name, value in properties.items()}}
    return schema | changed


def _plain(name: str, node: JsonValue) -> JsonValue:
    """One argument without its null, and without words if it is a common one."""
    plain = not_null(node)
    if name in COMMON and isinstance(plain, dict):
        return {key: value for key, value in plain.items() if key != "description"}
    return plain


def not_null(node: JsonValue) -> JsonValue:
    """An argument's schema without the choice of null, if that leaves one choice."""
    choices = node.get("anyOf") if isinstance(node, dict) else None
    if not isinstance(node, dict) or not isinstance(choices, list):
        return node
    real = [c for c in choices if c != {"type": "null"}]
    if len(real) != 1 or len(choices) == 1 or not isinstance(real[0], dict):
        return node
    rest = {k: v for k, v in node.items() if k != "anyOf" and not (k == "default" and v is None)}
    return real[0] | rest
