"""The Web API: reads a call, checks token, scope, faults and rate limits, and answers as Slack does."""

import asyncio
import json
import logging
from collections import Counter
from typing import Any

from aiohttp import web

from .faults import Fault, Faults, PlannedFault
from .methods import METHODS, Call, Method
from .nouns import Json, SlackError
from .rate_limits import RateLimits
from .socket_mode import SocketHub
from .state import SlackState

_log = logging.getLogger(__name__)

_JSON_FIELDS = {"blocks", "attachments", "metadata", "view", "chunks", "files", "prompts", "loading_messages"}


class WebApi:
    """`/api/{method}`, for one bot token and one app token."""

    def __init__(
        self, state: SlackState, hub: SocketHub, faults: Faults, limits: RateLimits, *, bot_token: str, app_token: str
    ) -> None:
        self.calls: Counter[str] = Counter()
        """How often each method was called, refused calls included."""
        self.errors: Counter[tuple[str, str]] = Counter()
        """How often a method answered with which of Slack's errors."""
        self.url = ""
        self._state, self._hub, self._faults, self._limits = state, hub, faults, limits
        self._bot_token, self._app_token = bot_token, app_token

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One call."""
        name = request.match_info["method"]
        self.calls[name] += 1
        fault = self._faults.take(name)
        if fault:
            early = await self._fail(request, fault)
            if early is not None:
                return early
        try:
            args = await _arguments(request)
            status, body, headers = await self._answer(name, args, _token(request, args))
        except SlackError as error:
            self.errors[name, error.code] += 1
            status, body, headers = 200, error.body(), {}
        except ConnectionError:  # the caller died while it asked
            return web.Response()
        if fault and fault.kind is Fault.LOSE_RESPONSE:
            self._faults.lost(request.host)
            return _hang_up(request)
        headers["x-oauth-scopes"] = ",".join(sorted(self._state.config.scopes))
        return web.json_response(body, status=status, headers=headers)

    async def _answer(self, name: str, args: Json, token: str) -> tuple[int, Json, dict[str, str]]:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        self._authorise(method, token)
        wait = self._limits.spend(name, method.tier, args.get("channel"))
        if wait is not None:
            self._faults.injected["bucket_empty"] += 1
            return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(wait)}
        call = Call(self._state, self._hub, self.url, args)
        return 200, {"ok": True, **await self._run(name, method, call)}, {}

    async def _run(self, name: str, method: Method, call: Call) -> Json:
        try:
            return await method.handler(call)
        except SlackError:
            raise
        except Exception as error:  # a malformed call must get an answer, as from Slack, and not end the server
            _log.exception("the local Slack could not handle %s", name)
            raise SlackError("internal_error", [f"{type(error).__name__} in {name}"]) from error

    def _authorise(self, method: Method, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in {self._bot_token, self._app_token}:
            raise SlackError("invalid_auth")
        if token != (self._app_token if method.app_token else self._bot_token):
            raise SlackError("not_allowed_token_type")
        granted = self._state.config.scopes
        if method.scopes and not granted.intersection(method.scopes):
            raise SlackError("missing_scope", needed=",".join(method.scopes), provided=",".join(sorted(granted)))

    async def _fail(self, request: web.Request, fault: PlannedFault) -> web.StreamResponse | None:
        match fault.kind:
            case Fault.RATE_LIMITED:
                headers = {"Retry-After": str(fault.retry_after_s)}
                return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
            case Fault.SERVER_ERROR:
                return web.Response(status=fault.status, text="<html>Server Error</html>", content_type="text/html")
            case Fault.SLACK_ERROR:
                return web.json_response({"ok": False, "error": fault.error})
            case Fault.DROP_REQUEST:
                return _hang_up(request)
            case Fault.LATE:
                await asyncio.sleep(fault.delay_s)
            case Fault.LOSE_RESPONSE:
                pass  # done by the caller, after the work
        return None


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection under the caller; the answer returned has nowhere left to go."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def _token(request: web.Request, args: Json) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ") if header.startswith("Bearer ") else str(args.pop("token", ""))


async def _arguments(request: web.Request) -> Json:
    """Query, form or JSON arguments as one dict; JSON inside form fields is decoded."""
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        body = await _json_body(request)
        args.update({key: value for key, value in body.items() if value is not None})
    elif request.can_read_body:
        args.update(await request.post())
    for key in _JSON_FIELDS & args.keys():
        if isinstance(args[key], str):
            args[key] = _decoded(key, args[key])
    return args


async def _json_body(request: web.Request) -> Json:
    try:
        body: Any = await request.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _decoded(key: str, value: str) -> Any:
    if not value:
        return None
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        code = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}.get(key, "invalid_arguments")
        raise SlackError(code, [f"{key} is not valid JSON"]) from None
