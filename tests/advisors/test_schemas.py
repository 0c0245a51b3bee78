"""What is taken out of a schema, and what must stay."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.advisors.schemas import said_once, tool_schema


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
    first, second = said_once([{"properties": {"path": path}}, {"properties": {"path": path, "file": other}}])
    assert first == {"properties": {"path": path}}
    assert second == {"properties": {"path": {"type": "string"}, "file": other}}
