"""What is taken out of a schema, and what must stay."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.advisors.schemas import said_once, tool_schema, with_shared


class Level(StrEnum):
    WARN = "warn"
    ERROR = "error"


class Args(BaseModel):
    """What the tool's own description says too."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=200)]
    level: Annotated[Level | None, Field(description="least level")] = None
    limit: Annotated[int, Field(ge=1, le=50)] = 10


def test_a_property_called_title_stays_while_titles_and_bounds_that_calls_keep_anyway_go() -> None:
    schema = tool_schema(Args.model_json_schema())
    assert schema == {
        "type": "object",
        "required": ["title"],
        "properties": {
            "title": {"type": "string"},
            "level": {"type": "string", "enum": ["warn", "error"], "description": "least level"},
            "limit": {"type": "integer"},
        },
    }


def test_a_choice_of_two_real_types_is_kept() -> None:
    class Either(BaseModel):
        at: int | str | None = None

    properties = tool_schema(Either.model_json_schema())["properties"]
    assert isinstance(properties, dict)
    assert isinstance(properties["at"], dict)
    assert properties["at"]["anyOf"] == [{"type": "integer"}, {"type": "string"}, {"type": "null"}]


def test_an_explanation_that_tools_share_is_paid_for_once() -> None:
    path: JsonObject = {"type": "string", "description": "relative to the root"}
    other: JsonObject = {"type": "string", "description": "something else"}
    tools: list[tuple[str, JsonObject]] = [
        ("Reads.", {"properties": {"path": path}}),
        ("Finds.", {"properties": {"path": path, "file": other}}),
    ]
    first, second = said_once(tools)
    assert first == {"properties": {"path": path}}
    assert second == {"properties": {"path": {"type": "string"}, "file": other}}


def test_what_the_tool_itself_says_is_not_said_again_of_an_argument() -> None:
    named: JsonObject = {"type": "string", "description": "one change"}
    (short,) = said_once([("All changes, or one change by id.", {"properties": {"which": named}})])
    assert short == {"properties": {"which": {"type": "string"}}}


def test_an_object_that_comes_often_is_defined_once() -> None:
    claim: JsonObject = {"type": "object", "properties": {"text": {"type": "string"}}}
    reference = {"$ref": "#/$defs/claim"}
    whole: JsonObject = {"type": "object", "properties": {"one": claim, "many": {"type": "array", "items": claim}}}
    assert with_shared(whole, "claim") == {
        "type": "object",
        "properties": {"one": reference, "many": {"type": "array", "items": reference}},
        "$defs": {"claim": claim},
    }
    assert with_shared(claim, "claim") == claim
