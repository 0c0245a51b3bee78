"""A connector around another: the same tools, each doing something before or after the other's."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime

from sre_advisor.connectors.contract import Connector, Health, Reading, Scope, Tool, ToolArgs

Ask = Callable[[ToolArgs], Awaitable[Reading]]
"""Asks the inner tool, at the same moment and within the same scope."""


class Wrapped(ABC):
    """A connector that answers in the place of an inner one."""

    def __init__(self, inner: Connector) -> None:
        self._inner = inner
        self._tools = tuple(self._around(tool) for tool in inner.tools())

    @property
    def name(self) -> str:
        """The short name evidence carries as its source."""
        return self._inner.name

    def tools(self) -> tuple[Tool, ...]:
        """The same tools."""
        return self._tools

    async def ping(self) -> Health:
        """Whether the inner one can be read; never raises."""
        return await self._inner.ping()

    async def close(self) -> None:
        """Let go of the inner one."""
        await self._inner.close()

    @abstractmethod
    async def answer(self, tool: Tool, args: ToolArgs, ask: Ask, *, narrowed: bool) -> Reading:
        """What the tool gives; `narrowed` tells that not all may be seen. Raises ToolFailure."""

    def _around(self, tool: Tool) -> Tool:
        async def run(args: ToolArgs, now: datetime) -> Reading:
            return await self.answer(tool, args, lambda told: tool.run(told, now), narrowed=False)

        async def scoped(args: ToolArgs, now: datetime, scope: Scope) -> Reading:
            ask = tool.scoped
            assert ask is not None  # only a tool that has one is given one
            return await self.answer(tool, args, lambda told: ask(told, now, scope), narrowed=scope.narrowed)

        return replace(tool, run=run, scoped=scoped if tool.scoped else None)
