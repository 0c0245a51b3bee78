"""A thread or a channel is read page by page, as far as is wanted."""

from __future__ import annotations

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from sre_advisor.slack.paging import paged


class Thread:
    """Gives out one message a page; after the last one it names `after`, which is no page."""

    def __init__(self, size: int, after: str = "") -> None:
        self.size, self.after, self.asked = size, after, list[str | None]()

    async def page(self, cursor: str | None) -> AsyncSlackResponse:
        self.asked.append(cursor)
        assert len(self.asked) <= self.size + 1, "read on and on"
        at = min(int(cursor or 0), self.size - 1)
        following = str(at + 1) if at + 1 < self.size else self.after
        data = {"messages": [{"ts": str(at)}], "response_metadata": {"next_cursor": following}}
        return AsyncSlackResponse(
            client=None, http_verb="GET", api_url="", req_args={}, data=data, headers={}, status_code=200
        )  # fmt: skip


async def told(thread: Thread, pages: int | None = None) -> list[str]:
    return [message["ts"] async for message in paged(thread.page, pages)]


async def test_every_page_is_read_in_order() -> None:
    thread = Thread(3)
    assert await told(thread) == ["0", "1", "2"]
    assert thread.asked == [None, "1", "2"]


async def test_no_more_pages_are_asked_for_than_are_wanted() -> None:
    thread = Thread(5)
    assert await told(thread, 2) == ["0", "1"]
    assert len(thread.asked) == 2


async def test_a_cursor_that_comes_again_ends_the_reading() -> None:
    assert len(await told(Thread(2, after="1"))) == 2
