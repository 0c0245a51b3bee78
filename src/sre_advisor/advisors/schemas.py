"""JSON schemas as a model should read them: no references, no words that only cost tokens."""

from __future__ import annotations

from collections.abc import Collection, Sequence

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


def tool_schema(schema: JsonObject) -> JsonObject:
    """A tool's arguments, without what the tool's own description says and without what nobody need know to call it.

    Dropped are titles, the description of the whole, most bounds, and that an optional argument may also be null.
    """
    arguments = {key: value for key, value in schema.items() if key not in ("description", "additionalProperties")}
    return _without_nulls(trimmed(arguments, ("title", *CHECKED_LATER)))


def said_once(schemas: Sequence[JsonObject]) -> list[JsonObject]:
    """The tools' argument schemas with an explanation that several share only where it comes first."""
    said: set[tuple[str, str]] = set()
    return [_shorter(schema, said) for schema in schemas]


def _shorter(schema: JsonObject, said: set[tuple[str, str]]) -> JsonObject:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    kept: JsonObject = {}
    for name, value in properties.items():
        words = value.get("description") if isinstance(value, dict) else None
        if isinstance(value, dict) and isinstance(words, str):
            known = (name, words) in said
            said.add((name, words))
            kept[name] = {k: v for k, v in value.items() if k != "description"} if known else value
        else:
            kept[name] = value
    shorter: JsonObject = {"properties": kept}
    return schema | shorter


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


def _without_nulls(schema: JsonObject) -> JsonObject:
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return schema
    simple: JsonObject = {name: _not_null(value) for name, value in properties.items()}
    changed: JsonObject = {"properties": simple}
    return schema | changed


def _not_null(node: JsonValue) -> JsonValue:
    choices = node.get("anyOf") if isinstance(node, dict) else None
    if not isinstance(node, dict) or not isinstance(choices, list):
        return node
    real = [c for c in choices if c != {"type": "null"}]
    if len(real) != 1 or len(choices) == 1 or not isinstance(real[0], dict):
        return node
    rest = {k: v for k, v in node.items() if k != "anyOf" and not (k == "default" and v is None)}
    return real[0] | rest
