"""The rules of the Messages API that a client most easily breaks, as far as they are documented."""

from __future__ import annotations

import hashlib
import json
from typing import Any

MODELS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    # model -> legal thinking types, legal efforts
    "claude-opus-5-5": (frozenset({"adaptive"}), frozenset({"low", "medium", "high", "xhigh", "max"})),
    "claude-sonnet-5-5": (
        frozenset({"adaptive", "between_tools"}),
        frozenset({"low", "medium", "high", "xhigh", "max"}),
    ),
    "claude-haiku-5-5": (frozenset({"adaptive", "disabled"}), frozenset({"low", "medium", "high", "xhigh", "max"})),
    "claude-haiku-4-5": (frozenset({"enabled", "disabled"}), frozenset()),
    "claude-fable-5-2": (frozenset({"adaptive"}), frozenset({"low", "medium", "high", "xhigh", "max"})),
    "claude-sonnet-5": (frozenset({"adaptive", "disabled"}), frozenset({"low", "medium", "high", "xhigh", "max"})),
    "claude-opus-5": (frozenset({"adaptive", "disabled"}), frozenset({"low", "medium", "high", "xhigh", "max"})),
}
SAMPLING = ("temperature", "top_p", "top_k")
Request = dict[str, Any]


def canonical(value: Any) -> str:
    """JSON with every `cache_control` left out: moving those is allowed."""
    return json.dumps(_bare(value), sort_keys=True, separators=(",", ":"))


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k != "cache_control"}  # pyright: ignore[reportUnknownArgumentType]
    return [_bare(v) for v in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


def signature(request: Request, upto: int) -> str:
    """What a thinking block written after `messages[:upto]` is bound to."""
    prefix = [request["model"], request.get("system"), request.get("tools"), request["messages"][:upto]]
    return "sig_" + hashlib.sha256(canonical(prefix).encode()).hexdigest()


def broken_rule(request: Request) -> str | None:
    """The message of the 400 the API would answer with, or None for a legal request."""
    checks = (_settings, _tool_choice, _citations, _order, _history)
    return next((broken for check in checks if (broken := check(request))), None)


def _settings(request: Request) -> str | None:
    for name in SAMPLING:
        if name in request:
            return f"{name}: this parameter is not supported"
    thinking, efforts = MODELS[request["model"]]
    kind = (request.get("thinking") or {}).get("type")
    if kind is not None and kind not in thinking:
        return f"thinking.type: {kind} is not supported by this model"
    effort = (request.get("output_config") or {}).get("effort")
    if effort is not None and effort not in efforts:
        return f"output_config.effort: {effort} is not supported by this model"
    return None


def _tool_choice(request: Request) -> str | None:
    if (request.get("tool_choice") or {}).get("type") in {"any", "tool"}:
        return "tool_choice: forced tool use is not supported by this model"
    return None


def _citations(request: Request) -> str | None:
    wanted = '"citations": {"enabled": true}' in json.dumps(request["messages"])
    if wanted and (request.get("output_config") or {}).get("format"):
        return "citations and output_config.format cannot be used together"
    return None


def _order(request: Request) -> str | None:
    messages = request["messages"]
    if not messages or messages[0]["role"] != "user":
        return "messages: the first message must use the user role"
    if messages[-1]["role"] != "user":
        return "messages: prefilling the assistant turn is not supported by this model"
    for n, message in enumerate(messages):
        if not message["content"]:
            return f"messages.{n}: all messages must have non-empty content"
        asked = [b["id"] for b in _blocks(message) if b["type"] == "tool_use"]
        following = _blocks(messages[n + 1]) if n + 1 < len(messages) else []
        given = [b["tool_use_id"] for b in following if b["type"] == "tool_result"]
        if sorted(asked) != sorted(given):
            return f"messages.{n}: every tool_use needs its tool_result in the next message"
        kinds = [b["type"] == "tool_result" for b in following]
        if kinds != sorted(kinds, reverse=True):
            return f"messages.{n + 1}: tool_result blocks must come first"
    return None


def _history(request: Request) -> str | None:
    for n, message in enumerate(request["messages"]):
        for block in _blocks(message):
            if block["type"] == "thinking" and block["signature"] != signature(request, n):
                return "Invalid signature in thinking block: it belongs to a different conversation"
    return None


def _blocks(message: Request) -> list[dict[str, Any]]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content
