"""Taking secrets out of everything that was read, before anybody or anything else sees it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TypeVar, cast

from pydantic import JsonValue

T = TypeVar("T")

_SHAPES = (
    re.compile(r"(?i)(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"),
    re.compile(r"(?i)(?<=authorization: )(?:bearer|basic) [A-Za-z0-9+/=._~-]+"),
    re.compile(r"xox[abeprs]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|gh[pousr]_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}"),
)


@dataclass(frozen=True, slots=True)
class Redacted:
    """A value without its secrets, and how many were taken out."""

    value: JsonValue
    count: int


class Redactor:
    """Replaces our own configured secrets and what looks like one."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._secrets = tuple(sorted({s for s in secrets if len(s) >= 8}, key=len, reverse=True))

    def text(self, text: str) -> tuple[str, int]:
        """The text without secrets, and how many there were."""
        found = 0
        for secret in self._secrets:
            found += text.count(secret)
            text = text.replace(secret, "[redacted]")
        for shape in _SHAPES:
            text, n = shape.subn("[redacted]", text)
            found += n
        return text, found

    def value(self, value: JsonValue) -> Redacted:
        """A JSON value with every string in it, keys too, redacted."""
        if isinstance(value, str):
            text, found = self.text(value)
            return Redacted(text, found)
        if isinstance(value, list):
            parts = [self.value(v) for v in value]
            return Redacted([p.value for p in parts], sum(p.count for p in parts))
        if isinstance(value, dict):
            keys = {k: self.text(k) for k in value}
            parts_by_key = {k: self.value(v) for k, v in value.items()}
            return Redacted(
                {keys[k][0]: p.value for k, p in parts_by_key.items()},
                sum(p.count for p in parts_by_key.values()) + sum(n for _, n in keys.values()),
            )
        return Redacted(value, 0)

    def noun(self, noun: T) -> T:
        """A dataclass with every string in it redacted; arrays and times are left alone."""
        if not is_dataclass(noun) or isinstance(noun, type):
            return noun
        changed = {f.name: self._field(getattr(noun, f.name)) for f in fields(noun)}
        return cast("T", replace(noun, **changed))

    def _field(self, value: object) -> object:
        if isinstance(value, str):
            return value if value.__class__ is not str else self.text(value)[0]
        if isinstance(value, tuple):
            return tuple(self._field(v) for v in cast("tuple[object, ...]", value))
        if isinstance(value, dict):
            return {k: self._field(v) for k, v in cast("dict[str, object]", value).items()}
        return value
