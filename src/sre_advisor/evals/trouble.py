"""The one way in which an eval can be impossible: what is wrong, where, and what to do about it."""

from __future__ import annotations

from pydantic import ValidationError


class EvalTrouble(Exception):
    """A suite, a run, a model's name or a file of gates cannot be used; one line of text."""


def first_of(error: ValidationError) -> str:
    """The first of pydantic's complaints in words, values left out; the others are only counted."""
    first, *others = error.errors(include_input=False, include_url=False, include_context=False)
    place = ".".join(str(part) for part in first["loc"])
    words = first["msg"].removeprefix("Value error, ")
    said = "no such field" if first["type"] == "extra_forbidden" else words[:1].lower() + words[1:]
    more = f" (and {len(others)} more)" if others else ""
    return f"{place}: {said}{more}" if place else f"{said}{more}"
