"""Socket Mode: connections, envelopes, acknowledgements, and redelivery of events that were not acknowledged."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from .faults import Faults
from .nouns import Delivery, Json

MAX_CONNECTIONS = 10


@dataclass
class SocketTiming:
    """How long Slack waits, in seconds; the defaults are Slack's, tests shorten them."""

    ack_timeout_s: float = 3.0
    close_refreshed_s: float = 10.0
    retry_delays_s: tuple[float, ...] = (1.0, 60.0, 300.0)


@dataclass
class _Attempt:
    envelope_id: str
    acknowledged: asyncio.Future[Json] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class SocketHub:
    """The app's WebSocket connections; each envelope goes to one of them."""

    def __init__(self, app_id: str, faults: Faults, timing: SocketTiming | None = None) -> None:
        self.timing = timing or SocketTiming()
        self.delivered: list[Json] = []
        """Every envelope sent, in order, for tests to look at."""
        self.given_up: list[Json] = []
        """Event payloads never acknowledged, after all tries."""
        self.on_acknowledged: list[Callable[[float], object]] = []
        """Called with the seconds from an event's sending to its acknowledgement."""
        self._app_id = app_id
        self._faults = faults
        self._tickets: set[str] = set()
        self._connections: list[web.WebSocketResponse] = []
        self._connected = asyncio.Event()
        self._attempts: dict[str, _Attempt] = {}
        self._deliveries: set[asyncio.Task[None]] = set()
        self._held: list[Json] = []
        self._random = random.Random(7)  # noqa: S311 -- which connection gets an event is chance, not security
        self._serial = 0

    @property
    def connection_count(self) -> int:
        """Open connections."""
        return len(self._connections)

    @property
    def idle(self) -> bool:
        """Whether every event has been acknowledged or given up."""
        return not self._deliveries and not self._held

    def issue_ticket(self) -> str:
        """A ticket for one connection, as the URL of `apps.connections.open` carries it."""
        ticket = f"ticket-{self._random.getrandbits(64):016x}"
        self._tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One connection, from hello to close."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="unknown or used ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        self._connections.append(socket)
        try:
            await socket.send_json(self._hello())
            self._connected.set()
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._receive(json.loads(frame.data))
        finally:
            self._forget(socket)
        return socket

    async def deliver(self, delivery: Delivery) -> Json | None:
        """Send to the app: an event in the background with retries, an interaction once, waiting for its ack."""
        if delivery.type == "events_api":
            self._deliver_event(delivery.payload)
            return None
        return await self._try(delivery.type, delivery.payload, {}, accepts_response=delivery.accepts_response)

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to reconnect, as Slack does every few hours; the old ones get nothing and are closed."""
        for socket in list(self._connections):
            self._forget(socket)
            self._faults.injected["refreshed_socket"] += 1
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}})
            asyncio.get_running_loop().call_later(self.timing.close_refreshed_s, self._close, socket)

    def _close(self, socket: web.WebSocketResponse) -> None:
        task = asyncio.create_task(self._closed(socket))
        self._deliveries.add(task)
        task.add_done_callback(self._deliveries.discard)

    @staticmethod
    async def _closed(socket: web.WebSocketResponse) -> None:
        await socket.close()

    async def close_sockets(self) -> None:
        """Close every connection without a word."""
        for socket in list(self._connections):
            self._forget(socket)
            await socket.close()
            self._faults.injected["closed_socket"] += 1

    async def stop(self) -> None:
        """End all deliveries and connections."""
        for task in list(self._deliveries):
            task.cancel()
        await asyncio.gather(*self._deliveries, return_exceptions=True)
        for socket in list(self._connections):
            self._forget(socket)
            await socket.close()

    def _hello(self) -> Json:
        info = {"app_id": self._app_id}
        return {"type": "hello", "num_connections": len(self._connections), "connection_info": info}

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self._connections:
            self._connections.remove(socket)
        if not self._connections:
            self._connected.clear()

    def _receive(self, frame: Json) -> None:
        attempt = self._attempts.get(frame.get("envelope_id", ""))
        if attempt is None or attempt.acknowledged.done() or self._faults.take_dropped_ack():
            return
        attempt.acknowledged.set_result(frame.get("payload") or {})

    def _deliver_event(self, payload: Json) -> None:
        if self._faults.hold_events > 0:
            self._faults.hold_events -= 1
            self._held.append(payload)
            if self._faults.hold_events > 0:
                return
            self._faults.injected["reordered_event"] += len(self._held)
            self.release()
        else:
            self._release([payload])

    def release(self) -> None:
        """Send what was held back, in reverse order."""
        held, self._held = self._held[::-1], []
        self._release(held)

    def _release(self, events: list[Json]) -> None:
        for event in events:
            for _ in range(2 if self._faults.take_duplicate() else 1):
                task = asyncio.create_task(self._event_with_retries(event))
                self._deliveries.add(task)
                task.add_done_callback(self._deliveries.discard)

    async def _event_with_retries(self, payload: Json) -> None:
        reason = ""
        for number, delay in enumerate((0.0, *self.timing.retry_delays_s)):
            await asyncio.sleep(delay)
            reason_now = reason
            reason = "timeout" if self._connections else "no_connection"
            retry = {"retry_attempt": number, "retry_reason": reason_now}
            if await self._try("events_api", payload, retry, accepts_response=False) is not None:
                return
        self.given_up.append(payload)

    async def _try(self, kind: str, payload: Json, retry: Json, *, accepts_response: bool) -> Json | None:
        try:
            async with asyncio.timeout(self.timing.ack_timeout_s):
                while not self._connections:
                    await self._connected.wait()
                    await asyncio.sleep(0)
                return await self._send(kind, payload, retry, accepts_response=accepts_response)
        except TimeoutError:
            return None

    async def _send(self, kind: str, payload: Json, retry: Json, *, accepts_response: bool) -> Json | None:
        self._serial += 1
        attempt = _Attempt(f"envelope-{self._serial:06d}")
        envelope: Json = {"envelope_id": attempt.envelope_id, "type": kind, "payload": payload}
        envelope |= {"accepts_response_payload": accepts_response, **retry}
        self._attempts[attempt.envelope_id] = attempt
        try:
            socket = self._random.choice(self._connections)
            self.delivered.append(envelope)
            began = time.monotonic()
            await socket.send_json(envelope)
            answer = await attempt.acknowledged
            for told in self.on_acknowledged:
                told(time.monotonic() - began)
            return answer
        except ConnectionError:
            return None
        finally:
            self._attempts.pop(attempt.envelope_id, None)
