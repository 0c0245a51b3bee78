"""What is served over HTTP: health, readiness, metrics, and Slack's events where Socket Mode is not used."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager

import structlog
import uvicorn
from slack_bolt import BoltResponse
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sre_advisor.app.metrics import Metrics
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.settings import SettingsError
from sre_advisor.slack.service import SlackService

log = structlog.get_logger(__name__)

MOST_BYTES = 1_000_000
"""Of one request; Slack's are a few kilobytes."""
ACKNOWLEDGED_S = 2.5
"""How long an event may take to be stored; Slack gives up after three seconds and delivers again."""
LOOK_S = 2.0
"""How long readiness and the queue may take to be told."""


class Endpoints:
    """The routes of one process."""

    def __init__(self, service: SlackService, journal: Journal, metrics: Metrics) -> None:
        self._service, self._journal, self._metrics = service, journal, metrics
        self._storing: set[asyncio.Task[BoltResponse]] = set()

    def application(self, *, slack_events: bool) -> Starlette:
        """What is served; Slack's events only where Slack is told to send them here."""
        routes = [
            Route("/healthz", self._healthz),
            Route("/readyz", self._readyz),
            Route("/metrics", self._serve_metrics),
        ]
        if slack_events:
            routes.append(Route("/slack/events", self._slack, methods=["POST"]))
        return Starlette(routes=routes)

    async def _healthz(self, _request: Request) -> Response:
        """It lives: the event loop answers."""
        return PlainTextResponse("ok\n")

    async def _readyz(self, _request: Request) -> Response:
        """It can take questions: they can be stored, and Slack can reach it."""
        journal, slack = await asyncio.gather(self._journal_works(), self._service.is_connected())
        ready = journal and slack and not self._service.stopping
        body = {"journal": journal, "slack": slack, "stopping": self._service.stopping}
        return JSONResponse(body, status_code=200 if ready else 503)

    async def _journal_works(self) -> bool:
        try:
            async with asyncio.timeout(LOOK_S):
                await self._journal.newest("halted")
        except (JournalUnavailable, TimeoutError):
            return False
        return True

    async def _serve_metrics(self, _request: Request) -> Response:
        waiting: int | None = None
        with contextlib.suppress(Exception):  # whatever is wrong with the queue, the other figures are wanted the more
            async with asyncio.timeout(LOOK_S):
                waiting = await self._service.worker.waiting()
        text = self._metrics.text(self._service.worker.busy, waiting)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    async def _slack(self, request: Request) -> Response:
        """An event, a button, a command: Bolt checks signature and age, and answers once it is stored."""
        if self._service.stopping:  # Slack tries again, and finds another process or the next start
            return PlainTextResponse("stopping\n", status_code=503)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return PlainTextResponse("too long\n", status_code=413)
        try:
            asked = to_async_bolt_request(request, bytes(body))
        except UnicodeDecodeError:
            return PlainTextResponse("not text\n", status_code=400)
        # Not cancelled when it is late: what is stored then is known when Slack delivers it again.
        storing = asyncio.create_task(self._service.app.async_dispatch(asked))
        self._storing.add(storing)
        storing.add_done_callback(self._storing.discard)
        if not (await asyncio.wait({storing}, timeout=ACKNOWLEDGED_S))[0]:
            log.warning("event_late", action="store", seconds=ACKNOWLEDGED_S)
            return PlainTextResponse("not stored in time\n", status_code=503)
        return to_starlette_response(storing.result())


class _Server(uvicorn.Server):
    """Leaves signals to the program, which has more to end than this."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Nothing."""
        yield


@asynccontextmanager
async def listening(application: Starlette, listen: str) -> AsyncGenerator[int]:
    """Serve at HOST:PORT until the block ends, and tell the port; raises SettingsError when that cannot be had."""
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        application, host=host.strip("[]"), port=int(port), log_config=None, log_level="warning", access_log=False,
        lifespan="off", timeout_graceful_shutdown=2,
    )  # fmt: skip
    server = _Server(config)
    serving = asyncio.create_task(_served(server))
    while not server.started and not serving.done():  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    if serving.done():
        raise SettingsError(f"http.listen {listen}: cannot listen there; is the port taken, or the address not ours?")
    bound = int(server.servers[0].sockets[0].getsockname()[1])
    log.info("listening", action="listen", host=host, port=bound)
    try:
        yield bound
    finally:
        server.should_exit = True
        await serving


async def _served(server: uvicorn.Server) -> None:
    with contextlib.suppress(SystemExit):  # uvicorn's way to say that the port is taken
        await server.serve()
