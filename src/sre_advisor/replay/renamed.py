"""A repository whose history was rewritten without secrets, spoken of by the ids it had: links and citations hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from typing import TypeVar, cast

from pydantic import JsonValue

from sre_advisor.connectors.contract import BadRequest, Connector, Health, Reading, Scope, Tool, ToolArgs, ToolFailure
from sre_advisor.replay.rewriting import Names

T = TypeVar("T")
Change = Callable[[str], str]


class Renamed:
    """A connector that is asked and answers with the old ids over a repository that has the new ones."""

    def __init__(self, inner: Connector, names: Names) -> None:
        self._inner, self._names = inner, names
        self._tools = tuple(self._wrapped(tool) for tool in inner.tools())

    @property
    def name(self) -> str:
        """The short name evidence carries as its source."""
        return self._inner.name

    def tools(self) -> tuple[Tool, ...]:
        """The same tools."""
        return self._tools

    async def ping(self) -> Health:
        """Whether the repository can be read; never raises."""
        return await self._inner.ping()

    async def close(self) -> None:
        """Let go of it."""
        await self._inner.close()

    def _wrapped(self, tool: Tool) -> Tool:
        async def run(args: ToolArgs, now: datetime) -> Reading:
            try:
                return self._told(await tool.run(self._asked(args), now))
            except ToolFailure as failure:
                raise self._said(failure) from None

        async def scoped(args: ToolArgs, now: datetime, scope: Scope) -> Reading:
            ask = tool.scoped
            assert ask is not None  # only a tool that has one is given one
            try:
                return self._told(await ask(self._asked(args), now, scope))
            except ToolFailure as failure:
                raise self._said(failure) from None

        return replace(tool, run=run, scoped=scoped if tool.scoped else None)

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
