"""Redacting values with fields: JSON, and the nouns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, Protocol, TypeVar, cast

from pydantic import JsonValue

from sre_advisor.broker.redaction.assignments import is_secret_field

T = TypeVar("T")

Stretches = Mapping[int, Sequence[tuple[int, int]]]
Across = Callable[[Iterable[str]], Stretches]

_HEADERS = {
    "authorization": "Authorization: ",
    "proxy-authorization": "Authorization: ",
    "cookie": "Cookie: ",
    "set-cookie": "Set-Cookie: ",
}
_NAME_FIELDS = ("name", "key", "header")


class Redact(Protocol):
    """Redacts one text of which some stretches are known to be secret."""

    def __call__(self, text: str, known: Sequence[tuple[int, int]] = ()) -> tuple[str, list[Any]]:
        """The text redacted, and what was found."""
        ...


class JsonWalk:
    """One JSON value; `count` is how many secrets were taken out of it."""

    def __init__(self, redact: Redact, across: Across) -> None:
        self._redact, self._across = redact, across
        self._torn: Stretches = {}
        self._at = 0
        self.count = 0

    def redacted(self, value: JsonValue) -> JsonValue:
        """The value with every string in it, keys too, redacted."""
        self._torn = _torn(value, self._across)
        self._at = 0
        return self._walk(value, "")

    def _walk(self, value: JsonValue, name: str) -> JsonValue:
        if isinstance(value, str):
            return self._text(value, name)
        if isinstance(value, list):
            return [self._walk(v, name) for v in value]
        if isinstance(value, dict):
            return self._object(value)
        return value

    def _object(self, value: dict[str, JsonValue]) -> dict[str, JsonValue]:
        called = next((str(value[f]) for f in _NAME_FIELDS if isinstance(value.get(f), str)), "")
        clean: dict[str, JsonValue] = {}
        for key, field in value.items():
            shown = self._text(key, "")
            while shown in clean:
                shown += "'"
            clean[shown] = self._walk(field, called if key == "value" and called else key)
        return clean

    def _text(self, text: str, name: str) -> str:
        known = list(self._torn.get(self._at, ()))
        self._at += 1
        head = _HEADERS.get(name.lower(), "") if name else ""
        if name and not head and is_secret_field(name, text):
            known.append((0, len(text)))
        shift = len(head)
        clean, found = self._redact(head + text, [(s + shift, e + shift) for s, e in known])
        self.count += len(found)
        return clean[shift:]


def strings_of(value: JsonValue) -> Iterator[str]:
    """Every string in a JSON value, keys too."""
    return (text for text, _ in _strings(value))


def strings_of_noun(noun: object) -> Iterator[str]:
    """Every string in a dataclass."""
    if is_dataclass(noun) and not isinstance(noun, type):
        for field in fields(noun):
            yield from _texts(getattr(noun, field.name))


def _torn(value: JsonValue, across: Across) -> Stretches:
    """Secrets split over neighbouring strings, by the strings' places; values alone, and keys with their values."""
    marked = list(_strings(value))
    every = across(text for text, _ in marked)
    places = [place for place, (_, is_key) in enumerate(marked) if not is_key]
    merged = {place: list(stretches) for place, stretches in every.items()}
    if len(places) != len(marked):
        for place, stretches in across(marked[p][0] for p in places).items():
            merged.setdefault(places[place], []).extend(stretches)
    return merged


def _strings(value: JsonValue) -> Iterator[tuple[str, bool]]:
    """Every string with whether it is a key, in the order in which the walk meets them."""
    if isinstance(value, str):
        yield value, False
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key, True
            yield from _strings(item)


def redacted_noun(noun: T, redact: Redact, across: Across) -> T:
    """A dataclass with every string in it redacted; the very same object when there was nothing to redact."""
    if not is_dataclass(noun) or isinstance(noun, type):
        return noun
    plain = {f.name: getattr(noun, f.name) for f in fields(noun)}
    walk = _NounWalk(redact, across(text for value in plain.values() for text in _texts(value)))
    changed = {name: new for name, old in plain.items() if (new := walk.field(old, "")) is not old}
    return cast("T", replace(noun, **changed)) if changed else noun


class _NounWalk:
    def __init__(self, redact: Redact, torn: Stretches) -> None:
        self._redact, self._torn, self._at = redact, torn, 0

    def field(self, value: object, name: str) -> object:
        """The field redacted; itself when nothing in it was."""
        if value.__class__ is str:
            return self._text(cast("str", value), name)
        if isinstance(value, tuple):
            return self._tuple(cast("tuple[object, ...]", value), name)
        if isinstance(value, Mapping):
            return self._mapping(cast("Mapping[str, object]", value))
        return value

    def _tuple(self, value: tuple[object, ...], name: str) -> object:
        new = tuple(self.field(v, name) for v in value)
        return value if all(a is b for a, b in zip(new, value, strict=True)) else new

    def _mapping(self, value: Mapping[str, object]) -> object:
        new = {self._text(k, ""): self.field(v, k) for k, v in value.items()}
        same = len(new) == len(value) and all(new.get(k) is v for k, v in value.items())
        return value if same else new

    def _text(self, text: str, name: str) -> str:
        known = list(self._torn.get(self._at, ()))
        self._at += 1
        if name and is_secret_field(name, text):
            known.append((0, len(text)))
        return self._redact(text, known)[0]


def _texts(value: object) -> Iterator[str]:
    """Every string in the order in which the walk over a noun meets them."""
    if value.__class__ is str:
        yield cast("str", value)
    elif isinstance(value, tuple):
        for item in cast("tuple[object, ...]", value):
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield key
            yield from _texts(item)
