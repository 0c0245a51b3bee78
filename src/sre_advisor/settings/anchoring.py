"""Relative paths in the file mean its own folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar, cast

from pydantic import BaseModel

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.settings.parts import PREFIX

M = TypeVar("M", bound=BaseModel)


def anchored(settings: M, folder: Path, place: str = PREFIX) -> M:
    """The model with every relative path that the file gave, at any depth, put beneath `folder`."""
    changed: dict[str, object] = {}
    for name in type(settings).model_fields:
        variable = f"{place}{name}".upper()
        if variable in os.environ:
            continue  # what the environment says is meant where the program was started
        value: object = getattr(settings, name)
        placed = _anchored_value(value, folder, f"{variable}__")
        if isinstance(settings, DatabaseConfig) and name == "url":
            placed = _anchored_url(settings.url, folder)
        if placed is not value:
            changed[name] = placed
    return settings.model_copy(update=changed) if changed else settings


def _anchored_value(value: object, folder: Path, place: str) -> object:
    if isinstance(value, Path):
        return value if value.is_absolute() else folder / value
    if isinstance(value, BaseModel):
        return anchored(value, folder, place)
    if isinstance(value, tuple):
        items = cast("tuple[object, ...]", value)
        placed = tuple(_anchored_value(item, folder, place) for item in items)
        return value if all(a is b for a, b in zip(placed, items, strict=True)) else placed
    return value


def _anchored_url(url: str, folder: Path) -> str:
    kind, slashes, place = url.partition(":///")
    relative = kind == "sqlite" and slashes and place and not place.startswith(("/", ":", "?"))
    return f"sqlite:///{folder / place}" if relative else url
