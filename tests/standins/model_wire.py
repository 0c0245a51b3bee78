"""A scripted turn as the events of the Messages API's stream."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from tests.standins.model_script import Say

Event = tuple[str, dict[str, Any]]


def encoded(event: Event) -> bytes:
    """One server-sent event."""
    name, data = event
    return f"event: {name}\ndata: {json.dumps({'type': name} | data)}\n\n".encode()


def events(say: Say, message_id: str, model: str, signature: str, usage: Mapping[str, int]) -> list[Event]:
    """All events of a turn, in order."""
    blocks = list(say.blocks)
    if say.thinks:
        blocks.insert(0, {"type": "thinking", "thinking": "", "signature": signature})
    start: dict[str, Any] = {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": dict(usage) | {"output_tokens": 1},
    }
    told: list[Event] = [("message_start", {"message": start}), ("ping", {})]
    for index, block in enumerate(blocks):
        told.extend(_block_events(index, block))
    delta: dict[str, Any] = {"stop_reason": say.stop_reason, "stop_sequence": None}
    if say.stop_details:
        delta["stop_details"] = dict(say.stop_details)
    told.append(("message_delta", {"delta": delta, "usage": {"output_tokens": usage["output_tokens"]}}))
    told.append(("message_stop", {}))
    return told


def _block_events(index: int, block: dict[str, Any]) -> Iterator[Event]:
    def delta(**what: Any) -> Event:
        return "content_block_delta", {"index": index, "delta": what}

    match block["type"]:
        case "text":
            yield "content_block_start", {"index": index, "content_block": {"type": "text", "text": ""}}
            for piece in _pieces(block["text"]):
                yield delta(type="text_delta", text=piece)
        case "thinking":
            empty = {"type": "thinking", "thinking": "", "signature": ""}
            yield "content_block_start", {"index": index, "content_block": empty}
            for piece in _pieces(block["thinking"]):
                yield delta(type="thinking_delta", thinking=piece)
            yield delta(type="signature_delta", signature=block["signature"])
        case "tool_use":
            raw = block.get("raw_input", json.dumps(block["input"]))
            named = {k: v for k, v in block.items() if k != "raw_input"} | {"input": {}}
            yield "content_block_start", {"index": index, "content_block": named}
            yield delta(type="input_json_delta", partial_json="")
            for piece in _pieces(raw):
                yield delta(type="input_json_delta", partial_json=piece)
        case _:
            yield "content_block_start", {"index": index, "content_block": block}
    yield "content_block_stop", {"index": index}


def _pieces(text: str) -> list[str]:
    """Of some words each; of more where they would be hundreds, which take seconds to read and show nothing new."""
    size = max(40, len(text) // 400)
    return [text[i : i + size] for i in range(0, len(text), size)]
