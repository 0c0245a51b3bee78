"""A message kept up to date in the background: the newest text wins, and the last one put is never lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from sre_advisor.slack.render import Message
from sre_advisor.slack.trouble import Undeliverable

log = structlog.get_logger(__name__)


class Latest:
    """Shows what was put last; what was put while another is on its way replaces what waits."""

    def __init__(self, show: Callable[[Message], Awaitable[object]]) -> None:
        self._show = show
        self._waiting: Message | None = None
        self._task: asyncio.Task[None] | None = None

    def put(self, message: Message) -> None:
        """Let the message read so, soon; never waits."""
        self._waiting = message
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._shown())

    async def settle(self) -> None:
        """Return when what was put last stands, or Slack will not take it."""
        if self._task is not None:
            await self._task

    def drop(self) -> None:
        """Give up; what was intended is on record, and done by the next start."""
        if self._task is not None:
            self._task.cancel()

    async def _shown(self) -> None:
        while (message := self._waiting) is not None:
            self._waiting = None
            try:
                await self._show(message)
            except Undeliverable as refused:
                log.warning("message_not_edited", action="edit", error=refused.reason)
