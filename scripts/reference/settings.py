"""docs/reference/settings.md, from the settings' models."""

from __future__ import annotations

import inspect
import types
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from scripts.reference.meanings import MEANINGS
from scripts.reference.table import code, table
from sre_advisor.credentials import NAMES
from sre_advisor.settings import PREFIX, Settings

HEAD = f"""# Settings

Every setting of `advisor.yaml`. This page is made from the code by `python -m scripts.reference`.

The environment wins over the file: `prometheus.url` is `{PREFIX}PROMETHEUS__URL`. Lists and what is in them are given
as JSON (`{PREFIX}SLACK__CHANNELS='["C0123456789"]'`). A key that does not stand here is an error, and so is a variable
that begins with `{PREFIX}` and names none of these.

## Secrets

They come from the environment only, or from a file that the same variable with `_FILE` names, and are read anew each
time, so that a rotated one is used at once.

| variable | what |
| --- | --- |
"""
SECRETS = {
    "SLACK_BOT_TOKEN": "bot token (xoxb-…) of the app in Slack",
    "SLACK_APP_TOKEN": "app-level token (xapp-…) with connections:write, for Socket Mode",
    "SLACK_SIGNING_SECRET": "signing secret of the app in Slack, for `slack.mode` http",
    "ANTHROPIC_API_KEY": "key of the model's API; without it the offline advisor answers",
    "GITHUB_TOKEN": "fine-grained token with read-only access",
}


class Setting:
    """One setting: its place, type, default, variable and meaning; `inside` are those of a list's entries."""

    def __init__(self, path: str, owner: type[BaseModel], name: str, field: FieldInfo) -> None:
        self.path, self.field = path, field
        self.meaning = field.description or MEANINGS.get(f"{_told_by(owner, name)}.{name}", "")

    @property
    def variable(self) -> str:
        """The environment variable; none for what is inside a list."""
        return "" if "[" in self.path else PREFIX + self.path.upper().replace(".", "__")

    def row(self) -> tuple[str, ...]:
        """The cells of its row."""
        return code(self.path), _type(self.field.annotation), self._default(), code(self.variable), self.meaning

    def _default(self) -> str:
        value = self.field.get_default(call_default_factory=True)
        if value is PydanticUndefined:
            return "needed"
        if value is None or value in ((), {}):
            return ""
        return code(str(value.value) if isinstance(value, Enum) else _listed(value))


def all_settings(model: type[BaseModel] = Settings, prefix: str = "") -> Iterator[Setting]:
    """Every setting that is no group of others, in the order of the models."""
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        inner = _model_in(field.annotation)
        origin = get_origin(field.annotation)
        several = "[]" if origin is tuple else "[NAME]" if origin is dict else ""
        if inner is None or several:
            yield Setting(path, model, name, field)
        if inner is not None:
            yield from all_settings(inner, f"{path}{several}.")


def settings_page() -> str:
    """The page's text."""
    lines = [HEAD.rstrip(), *(f"| {code(name)} | {SECRETS[name]} |" for name in NAMES), ""]
    every = list(all_settings())
    for part, field in Settings.model_fields.items():
        rows = [one.row() for one in every if one.path.split(".")[0].removesuffix("[]") == part]
        lines += [f"## {part}", "", f"{(field.description or part).capitalize()}.", ""]
        lines += [*table(("setting", "type", "default", "variable", "meaning"), rows), ""]
    return "\n".join(lines).rstrip() + "\n"


def _told_by(owner: type[BaseModel], name: str) -> str:
    """The class that first has the field: what is inherited is described once."""
    return next(c.__name__ for c in reversed(owner.__mro__) if name in inspect.get_annotations(c))


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _model_in(kind: Any) -> type[BaseModel] | None:
    """The model a field holds, alone or in a list."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return kind
    return next((found for one in get_args(kind) if (found := _model_in(one)) is not None), None)


def _type(kind: Any) -> str:
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(code(str(one)) for one in args)
    if origin in (Union, types.UnionType):
        return " or ".join(_type(one) for one in args if one is not type(None))
    if origin is tuple:
        return f"list of {_type(args[0])}"
    if origin is dict:
        return "map of text to " + ("entries" if _model_in(args[1]) else "text")
    return _plain_type(kind)


def _plain_type(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        return ", ".join(code(str(one.value)) for one in kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "entries"
    names = {str: "text", int: "whole number", float: "number", bool: "true or false", Path: "path", SecretStr: "text"}
    return names.get(kind, str(kind))
