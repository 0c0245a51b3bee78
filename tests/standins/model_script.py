"""What a scripted model says or how it fails, for the stand-in of the Messages API."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Block = dict[str, Any]
Fault = Literal["error_event", "cut", "early_end", "hang"]


@dataclass(frozen=True)
class Say:
    """One assistant turn.

    `fault` breaks the stream after half of it; `first_byte_after_s` delays the headers, `between_events_s` each
    event; `thinks` puts a signed,
    empty thinking block in front, as the current models do.
    """

    blocks: tuple[Block, ...]
    stop_reason: str | None = "end_turn"
    stop_details: Mapping[str, Any] | None = None
    output_tokens: int | None = None
    thinks: bool = True
    fault: Fault | None = None
    error_type: str = "overloaded_error"
    first_byte_after_s: float = 0.0
    between_events_s: float = 0.0
    usage: Mapping[str, int] | None = None

    def broken(self, fault: Fault, error_type: str = "overloaded_error") -> Say:
        """The same turn, failing half-way."""
        return replace(self, fault=fault, error_type=error_type)


@dataclass(frozen=True)
class Fail:
    """An HTTP error before any event."""

    status: int
    type: str = "api_error"
    message: str = "something went wrong"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    error_code: str | None = None

    def body(self, request_id: str) -> dict[str, Any]:
        """The error as the API words it."""
        error: dict[str, Any] = {"type": self.type, "message": self.message}
        if self.error_code:
            error["details"] = {"error_code": self.error_code}
        return {"type": "error", "error": error, "request_id": request_id}


@dataclass(frozen=True)
class Raw:
    """Bytes that no Messages API would send: a proxy's page, half a body; `drop` closes the socket without a word."""

    body: bytes = b""
    status: int = 200
    content_type: str = "text/html"
    drop: bool = False


Step = Say | Fail | Raw
Script = Sequence[Step] | Callable[[dict[str, Any]], Step] | Callable[[dict[str, Any]], Awaitable[Step]]


def answer(content: Mapping[str, Any] | str, **more: Any) -> Say:
    """A final answer: JSON when given an object."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Say(({"type": "text", "text": text},), **more)


def tool_calls(*calls: tuple[str, Mapping[str, Any]], prefix: str = "t", **more: Any) -> Say:
    """Parallel tool calls with ids `toolu_<prefix>_0`, …"""
    blocks = tuple(
        {
            "type": "tool_use",
            "id": f"toolu_{prefix}_{n}",
            "name": name,
            "input": dict(args),
            "caller": {"type": "direct"},
        }
        for n, (name, args) in enumerate(calls)
    )
    return Say(blocks, stop_reason=more.pop("stop_reason", "tool_use"), **more)


def refusal(category: str = "cyber") -> Say:
    """A refusal: HTTP 200 and no content."""
    details = {"type": "refusal", "category": category, "explanation": None}
    return Say((), stop_reason="refusal", stop_details=details, thinks=False)


def overloaded(**more: Any) -> Fail:
    """529 before headers."""
    return Fail(529, "overloaded_error", "Overloaded", **more)


def rate_limited(retry_after: str | None) -> Fail:
    """429, with or without a Retry-After header."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Fail(429, "rate_limit_error", "This request would exceed your rate limit", headers)
