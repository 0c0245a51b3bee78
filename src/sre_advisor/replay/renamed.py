"""A repository whose history was rewritten without secrets, spoken of by the ids it had: links and citations hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from pydantic import JsonValue

from sre_advisor.connectors.contract import BadRequest, Connector, Reading, Tool, ToolArgs, ToolFailure
from sre_advisor.replay.rewriting import Names
from sre_advisor.replay.wrapped import Ask, Wrapped

T = TypeVar("T")
Change = Callable[[str], str]


class Renamed(Wrapped):
    """A connector that is asked and answers with the old ids over a repository that has the new ones."""

    def __init__(self, inner: Connector, names: Names) -> None:
        super().__init__(inner)
        self._names = names

    async def answer(self, tool: Tool, args: ToolArgs, ask: Ask, *, narrowed: bool) -> Reading:
        """What the tool gives for the new ids, told with the old ones."""
        del tool, narrowed
        try:
            return self._told(await ask(self._asked(args)))
        except ToolFailure as failure:
            raise self._said(failure) from None

    def _asked(self, args: ToolArgs) -> ToolArgs:
        return args.model_copy(update=cast("dict[str, JsonValue]", _changed(dict(args), self._names.new)))

    def _told(self, reading: Reading) -> Reading:
        return replace(
            reading,
            summary=self._names.old(reading.summary),
            body=_changed(reading.body, self._names.old),
            nouns=tuple(_noun(noun, self._names.old) for noun in reading.nouns),
            link=reading.link and self._names.old(reading.link),
        )

    def _said(self, failure: ToolFailure) -> ToolFailure:
        return BadRequest(self._names.old(failure.hint)) if isinstance(failure, BadRequest) else failure


def _changed(value: T, change: Change) -> T:
    found: object = value
    match value:
        case str():
            found = change(value)
        case list():
            found = [_changed(one, change) for one in cast("list[object]", value)]
        case tuple():
            found = tuple(_changed(one, change) for one in cast("tuple[object, ...]", value))
        case dict():
            found = {_changed(k, change): _changed(v, change) for k, v in cast("dict[str, object]", value).items()}
        case _:
            pass
    return cast("T", found)


def _noun(noun: T, change: Change) -> T:
    if not is_dataclass(noun) or isinstance(noun, type):
        return noun
    told = {f.name: getattr(noun, f.name) for f in fields(noun)}
    texts = {name: value for name, value in told.items() if isinstance(value, str | tuple)}
    return replace(noun, **{name: _changed(value, change) for name, value in texts.items()})
