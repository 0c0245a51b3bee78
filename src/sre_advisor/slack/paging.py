"""Reading a channel or a thread page by page."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from itertools import count
from typing import Any

from slack_sdk.web.async_slack_response import AsyncSlackResponse

PAGE = 200
"""Messages read by one call."""

Message = dict[str, Any]


async def paged(
    page_at: Callable[[str | None], Awaitable[AsyncSlackResponse]], pages: int | None = None
) -> AsyncGenerator[Message]:
    """The messages of all pages, or of so many, as `page_at` gives them for a cursor; raises what that raises."""
    cursor: str | None = None
    for _ in range(pages) if pages is not None else count():
        page = await page_at(cursor)
        for message in page.get("messages") or []:
            yield message
        cursor, before = (page.get("response_metadata") or {}).get("next_cursor"), cursor
        if not cursor or cursor == before:
            return
