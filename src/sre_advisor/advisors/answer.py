"""The answer's JSON: the schema a model is asked for, and what code makes of what came back."""

from __future__ import annotations

import json
from functools import cache
from typing import cast

from pydantic import JsonValue, ValidationError

from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.advisors.schemas import not_null, trimmed, with_shared
from sre_advisor.model import (
    HYPOTHESIS_LIMIT,
    SUMMARY_LIMIT,
    DraftClaim,
    DraftCommand,
    DraftDiagnosis,
    DraftHypothesis,
)

# The API's schema subset has none of these; pydantic checks them afterwards.
UNSUPPORTED = ("maxLength", "minLength", "maxItems", "minItems", "default", "title", "description")

_NAMES = frozenset(
    name for part in (DraftDiagnosis, DraftHypothesis, DraftClaim, DraftCommand) for name in part.model_fields
)


class UnusableAnswer(Exception):
    """The model's answer is not a diagnosis; `problem` says why, in words fit to send back to it."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@cache
def answer_schema() -> JsonObject:
    """DraftDiagnosis as a JSON schema within the API's subset: no bounds; what may be null may only be left out.

    A claim is defined once and referred to: the API takes references within a schema.
    """
    whole = _closed(trimmed(DraftDiagnosis.model_json_schema(), UNSUPPORTED))
    return with_shared(cast("JsonObject", whole), "claim")


def parse_answer(text: str) -> DraftDiagnosis:
    """The diagnosis in a model's answer; raises UnusableAnswer."""
    try:
        return DraftDiagnosis.model_validate_json(text)
    except ValidationError as error:
        problems = [f"{_place(e['loc'])}: {e['msg']}" for e in error.errors(include_input=False)]
        raise UnusableAnswer("; ".join(problems[:5])) from None


def _place(path: tuple[int | str, ...]) -> str:
    """Where in the answer, in our own words: a name the model made up may be one it was told to write."""
    return ".".join(str(part) if isinstance(part, int) or part in _NAMES else "(unknown name)" for part in path) or "it"


def clipped_answer(text: str) -> DraftDiagnosis:
    """The diagnosis with an over-long summary cut and surplus hypotheses left out; raises UnusableAnswer."""
    try:
        value: JsonValue = json.loads(text)
    except (ValueError, RecursionError):  # what is nested too deeply for a reader is no answer either
        raise UnusableAnswer("it is not JSON") from None
    if isinstance(value, dict):
        summary, hypotheses = value.get("summary"), value.get("hypotheses")
        if isinstance(summary, str) and len(summary) > SUMMARY_LIMIT:
            value["summary"] = summary[: SUMMARY_LIMIT - 1].rstrip() + "…"
        if isinstance(hypotheses, list):
            value["hypotheses"] = hypotheses[:HYPOTHESIS_LIMIT]
    return parse_answer(json.dumps(value))


def _closed(node: JsonValue) -> JsonValue:
    """Every object with no other properties allowed, and those required that cannot be null."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    properties = node.get("properties")
    if node.get("type") != "object" or not isinstance(properties, dict):
        return {key: _closed(value) for key, value in node.items()}
    plain = {name: not_null(value) for name, value in properties.items()}
    return {
        "type": "object",
        "properties": {name: _closed(value) for name, value in plain.items()},
        "required": [name for name, value in properties.items() if plain[name] == value],
        "additionalProperties": False,
    }
