"""The local Slack as one thing to start and stop."""

import asyncio
import contextlib
import time
from collections.abc import Callable

from aiohttp import web

from .faults import Faults
from .nouns import AppConfig, Clock
from .page import FileStore, Page
from .rate_limits import RateLimits
from .response_urls import ResponseUrls
from .socket_mode import SocketHub, SocketTiming
from .state import SlackState
from .web_api import WebApi

_MAX_BODY = 64 * 1024 * 1024


class LocalSlack:
    """A Slack workspace on this machine, for the real SDK: Web API, Socket Mode and a page to use it by."""

    def __init__(
        self,
        *,
        suggested_question: str | None = None,
        note: str | None = None,
        clock: Clock = time.time,
        timing: SocketTiming | None = None,
        config: AppConfig | None = None,
    ) -> None:
        # Built in code: nothing in the sources looks like a token.
        self.bot_token = "xoxb-" + "-".join(("1" * 12, "2" * 12, "local"))
        self.app_token = "xapp-" + "-".join(("1", "A0ADVISOR1", "3" * 12, "local"))
        self.state = SlackState(clock=clock, config=config)
        self.faults = Faults()
        self.limits = RateLimits(clock)
        self.sockets = SocketHub(self.state.config.app_id, self.faults, timing)
        self.state.send = self.sockets.deliver
        self.web_api = WebApi(
            self.state, self.sockets, self.faults, self.limits, bot_token=self.bot_token, app_token=self.app_token
        )
        self.url = ""
        self._responses = ResponseUrls(self.state)
        self._page = Page(self.state, suggested_question, note)
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        """The `base_url` for slack_sdk."""
        return f"{self.url}/api/"

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Raises OSError when the port is taken."""
        app = web.Application(client_max_size=_MAX_BODY)
        files = FileStore(self.state)
        app.add_routes(
            [
                web.post("/api/{method}", self.web_api.serve),
                web.get("/api/{method}", self.web_api.serve, allow_head=False),
                web.get("/link", self.sockets.serve),
                web.post("/upload/{file_id}", files.upload),
                web.get("/files/{file_id}", files.download),
                web.post("/response/{key}", self._responses.serve),
                *self._page.routes(),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        actual = self._runner.addresses[0][1]
        self.url = f"http://{host}:{actual}"
        self.web_api.url = self._responses.url = self.url

    async def also_at(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen at one more address and return its `base_url`, so that it can be told who calls."""
        assert self._runner is not None
        await web.TCPSite(self._runner, host, port).start()
        return f"http://{host}:{self._runner.addresses[-1][1]}/api/"

    async def stop(self) -> None:
        """Stop listening; open sockets are closed."""
        await self.sockets.stop()
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    async def wait_until(self, predicate: Callable[[], bool], timeout_s: float = 5.0) -> None:
        """Wait for something to be true of the state; raises TimeoutError with the transcripts when it never is."""
        changed = asyncio.Event()
        self.state.on_change.append(changed.set)
        try:
            async with asyncio.timeout(timeout_s):
                while not predicate():
                    changed.clear()
                    # Not all that tests wait for is in the state (acks, connections), hence the second way out.
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(changed.wait(), 0.02)
        except TimeoutError:
            raise TimeoutError(f"not within {timeout_s} s; the workspace holds:\n{self._everything()}") from None
        finally:
            self.state.on_change.remove(changed.set)

    def _everything(self) -> str:
        return "\n".join(f"#{c.name}\n{self.state.transcript(c.id)}" for c in self.state.channels.values())
