"""A local server that speaks the Messages API's stream wire format and enforces its rules, scripted per test.

    async with ModelServer([tool_calls(("metrics", {})), answer({...})]) as server:
        client = AsyncAnthropic(api_key=server.api_key, base_url=server.url)

Tokens are estimated as bytes/4. The prompt cache is played too: a prefix seen before with a breakpoint is read from
the cache, the rest of the request is written to it.
"""

from __future__ import annotations

import asyncio
import hashlib
import inspect
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, cast

from aiohttp import web

from tests.standins.model_rules import MODELS, Request, broken_rule, canonical, signature
from tests.standins.model_script import Fail, Raw, Say, Script, Step
from tests.standins.model_wire import encoded, events

MIN_CACHEABLE_TOKENS = 512


@dataclass(frozen=True)
class Logged:
    """One request as it came in: `size` in bytes, `usage` as answered (None when it failed before headers)."""

    path: str
    json: Request
    body: bytes
    headers: dict[str, str]
    at: float
    usage: dict[str, int] | None

    @property
    def size(self) -> int:
        """Bytes of the body."""
        return len(self.body)

    @property
    def input_tokens(self) -> int:
        """All input tokens as answered, cached ones too."""
        keys = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
        return sum((self.usage or {}).get(k, 0) for k in keys)


@dataclass
class ModelServer:
    """The stand-in; `delay_s` passes before each answer's headers, `script` is consumed or asked per request."""

    script: Script
    delay_s: float = 0.0
    api_key: str = "sk-" + "standin" * 3
    lifecycle: str = "active"
    requests: list[Logged] = field(default_factory=list[Logged])
    port: int = 0
    _said: int = 0
    _cached: dict[str, int] = field(default_factory=dict[str, int])
    _paused: set[str] = field(default_factory=set[str])
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_post("/v1/messages/count_tokens", self._count)
        app.router.add_get("/v1/models/{id}", self._model)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = cast("tuple[str, int]", self._runner.addresses[0])[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """What a client takes as base_url."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def turns(self) -> list[Logged]:
        """The requests for a turn, in order."""
        return [r for r in self.requests if r.path == "/v1/messages"]

    async def _messages(self, http: web.Request) -> web.StreamResponse:
        body = await http.read()
        request: Request = json.loads(body)
        step = self._refused(http, request) or await self._next(request)
        await asyncio.sleep(self.delay_s + (step.first_byte_after_s if isinstance(step, Say) else 0.0))
        if isinstance(step, Fail):
            self._log(http, request, body, None)
            return self._failed(step)
        if isinstance(step, Raw):
            self._log(http, request, body, None)
            if step.drop and http.transport is not None:
                http.transport.close()
            return web.Response(body=step.body, status=step.status, content_type=step.content_type)
        usage = self._usage(request, step)
        self._log(http, request, body, usage)
        return await self._stream(http, request, step, usage)

    def _refused(self, http: web.Request, request: Request) -> Fail | None:
        if http.headers.get("authorization") != f"Bearer {self.api_key}":
            return Fail(401, "authentication_error", "invalid bearer token")
        if "anthropic-version" not in http.headers:
            return Fail(400, "invalid_request_error", "anthropic-version: header is required")
        if request["model"] not in MODELS:
            return Fail(404, "not_found_error", f"model: {request['model']}")
        broken = broken_rule(self._resumed(request))
        return Fail(400, "invalid_request_error", broken) if broken else None

    def _resumed(self, request: Request) -> Request:
        """A turn that was paused may stand last and is written on; any other assistant turn there is a prefill."""
        last = request["messages"][-1] if request["messages"] else None
        if last and last["role"] == "assistant" and _texts(last["content"]) in self._paused:
            return request | {
                "messages": [*request["messages"], {"role": "user", "content": [{"type": "text", "text": "(resumed)"}]}]
            }
        return request

    async def _next(self, request: Request) -> Step:
        if callable(self.script):
            told = self.script(request)
            return await told if inspect.isawaitable(told) else told
        steps: Sequence[Step] = self.script
        if self._said >= len(steps):
            return Fail(400, "invalid_request_error", f"the script has only {len(steps)} turns")
        self._said += 1
        return steps[self._said - 1]

    def _usage(self, request: Request, say: Say) -> dict[str, int]:
        read, write, rest = self._cache(request)
        said = len(canonical(list(say.blocks))) // 4 + 1 if say.output_tokens is None else say.output_tokens
        usage = {
            "input_tokens": rest,
            "cache_creation_input_tokens": write,
            "cache_read_input_tokens": read,
            "output_tokens": said,
        }
        return usage | dict(say.usage or {})

    def _cache(self, request: Request) -> tuple[int, int, int]:
        """Tokens read from the cache, written to it, and neither."""
        prefixes = _prefixes(request)
        total = prefixes[-1][1]
        read = max((tokens for key, tokens in prefixes if key in self._cached), default=0)
        whole = "cache_control" in request and total >= MIN_CACHEABLE_TOKENS
        if whole:
            self._cached |= dict(prefixes)
        elif '"cache_control"' in json.dumps(request.get("system")) and prefixes[0][1] >= MIN_CACHEABLE_TOKENS:
            self._cached |= dict(prefixes[:1])
        return (read, total - read, 0) if whole else (read, 0, total - read)

    async def _stream(self, http: web.Request, request: Request, say: Say, usage: dict[str, int]) -> web.StreamResponse:
        if say.stop_reason == "pause_turn":
            self._paused.add(_texts(list(say.blocks)))
        number = len(self.requests)
        response = web.StreamResponse(headers={"content-type": "text/event-stream", "request-id": f"req_{number}"})
        await response.prepare(http)
        signed = signature(request, len(request["messages"]))
        told = events(say, f"msg_{number}", request["model"], signed, usage)
        for event in told[: len(told) // 2] if say.fault else told:
            await response.write(encoded(event))
            await asyncio.sleep(say.between_events_s)
        if say.fault == "error_event":
            error = {"error": {"type": say.error_type, "message": "Overloaded"}, "request_id": f"req_{number}"}
            await response.write(encoded(("error", error)))
        elif say.fault == "hang":
            await asyncio.sleep(3600)
        elif say.fault == "cut" and http.transport is not None:
            http.transport.close()
            return response
        await response.write_eof()
        return response

    async def _count(self, http: web.Request) -> web.Response:
        body = await http.read()
        request: Request = json.loads(body)
        self._log(http, request, body, None)
        refused = self._refused(http, request)
        return self._failed(refused) if refused else web.json_response({"input_tokens": _prefixes(request)[-1][1]})

    async def _model(self, http: web.Request) -> web.Response:
        self._log(http, {}, b"", None)
        model = http.match_info["id"]
        if http.headers.get("authorization") != f"Bearer {self.api_key}":
            return self._failed(Fail(401, "authentication_error", "invalid bearer token"))
        if model not in MODELS:
            return self._failed(Fail(404, "not_found_error", f"model: {model}"))
        return web.json_response(_model_info(model, self.lifecycle))

    def _log(self, http: web.Request, request: Request, body: bytes, usage: dict[str, int] | None) -> None:
        headers = {k.lower(): v for k, v in http.headers.items()}
        self.requests.append(Logged(http.path, request, body, headers, time.monotonic(), usage))

    def _failed(self, fail: Fail) -> web.Response:
        request_id = f"req_{len(self.requests)}"
        headers = dict(fail.headers) | {"request-id": request_id}
        return web.json_response(fail.body(request_id), status=fail.status, headers=headers)


def _texts(content: list[dict[str, Any]]) -> str:
    return canonical([b for b in content if b["type"] != "thinking"])


def _prefixes(request: Request) -> list[tuple[str, int]]:
    """Key and estimated tokens of each cacheable prefix: the head, then the head with each message."""
    head = canonical([request.get("tools"), request.get("system"), (request.get("output_config") or {}).get("format")])
    settings = canonical(
        [request.get("tool_choice"), request.get("thinking"), (request.get("output_config") or {}).get("effort")]
    )
    hashed, size = hashlib.sha256(head.encode()), len(head.encode())
    found = [(hashed.hexdigest(), size // 4)]
    hashed.update(settings.encode())
    for message in request["messages"]:
        text = canonical(message).encode()
        hashed.update(text)
        size += len(text)
        found.append((hashed.hexdigest(), size // 4))
    return found


def _model_info(model: str, lifecycle: str) -> dict[str, Any]:
    thinking, efforts = MODELS[model]
    yes = {"supported": True}
    return {
        "id": model,
        "type": "model",
        "display_name": model,
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": lifecycle,
        "line": None,
        "max_input_tokens": 1_000_000,
        "max_tokens": 128_000,
        "capabilities": {
            "batch": yes,
            "citations": yes,
            "code_execution": yes,
            "image_input": yes,
            "pdf_input": yes,
            "structured_outputs": yes,
            "effort": {"supported": bool(efforts)}
            | {e: {"supported": e in efforts} for e in ("low", "medium", "high", "xhigh", "max")},
            "thinking": {
                "supported": bool(thinking),
                "types": {
                    t: {"supported": t in thinking} for t in ("adaptive", "between_tools", "disabled", "enabled")
                },
            },
        },
    }
