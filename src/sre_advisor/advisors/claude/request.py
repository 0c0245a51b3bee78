"""How a conversation with Claude opens and what each request holds; the head is built once and stays byte-stable."""

from __future__ import annotations

import hashlib
from typing import Any

from sre_advisor.advisors.answer import answer_schema
from sre_advisor.advisors.briefing import ON_FILE, ON_FILE_CARD, encoded, opening_data, question_words, update_data
from sre_advisor.advisors.claude.config import ClaudeConfig
from sre_advisor.advisors.claude.prices import ModelFacts
from sre_advisor.advisors.contract import Brief, ToolCard
from sre_advisor.advisors.conversation import Conversation, JsonObject, ToolResult
from sre_advisor.advisors.schemas import said_once, tool_schema


def head(config: ClaudeConfig, system: str, cards: tuple[ToolCard, ...]) -> Conversation:
    """A conversation without messages: the prompt with its cache breakpoint, and the tools."""
    blocks: tuple[JsonObject, ...] = ({"type": "text", "text": system, "cache_control": _cache(config)},)
    offered = (ON_FILE_CARD, *cards)
    schemas = said_once([(c.description, tool_schema(c.parameters)) for c in offered])
    tools: tuple[JsonObject, ...] = tuple(
        {"name": c.name, "description": c.description, "input_schema": schema}
        for c, schema in zip(offered, schemas, strict=True)
    )
    identity = encoded([config.provider, config.model, list(blocks), list(tools)])
    return Conversation(hashlib.sha256(identity.encode()).hexdigest()[:16], blocks, tools)


def opened(start: Conversation, brief: Brief) -> Conversation:
    """The conversation up to the question and what code has read for it.

    What was read comes from outside, so it stands in a tool result, never in user text. The call it answers is made
    here, not by the model: documented as legal for models that decide themselves when to think, not verified live.
    A kept conversation of the same head is continued; any other start is fresh, with all that is on file listed.
    """
    earlier = brief.earlier if brief.earlier and brief.earlier.fingerprint == start.fingerprint else None
    base, data = (earlier, update_data(brief)) if earlier else (start, opening_data(brief))
    call_id = f"toolu_on_file_{len(base.messages)}"
    call: JsonObject = {"type": "tool_use", "id": call_id, "name": ON_FILE, "input": {}}
    asked = base.with_words(question_words(brief)).with_turn({"role": "assistant", "content": [call]})
    return asked.with_results([ToolResult(call_id, data)])


def request_of(
    conversation: Conversation, config: ClaudeConfig, facts: ModelFacts, max_tokens: int, *, may_read: bool
) -> dict[str, Any]:
    """The arguments of one call; only max_tokens and tool_choice ever differ between the calls of a conversation."""
    output: dict[str, Any] = {"format": {"type": "json_schema", "schema": answer_schema()}}
    if facts.efforts and config.effort:
        output["effort"] = config.effort
    request: dict[str, Any] = {
        "model": config.model,
        "max_tokens": max_tokens,
        "system": list(conversation.system),
        "tools": list(conversation.tools),
        "messages": list(conversation.messages),
        "cache_control": _cache(config),
        "output_config": output,
        "thinking": {"type": config.thinking or facts.thinking[0]},
    }
    return request if may_read else request | {"tool_choice": {"type": "none"}}


def _cache(config: ClaudeConfig) -> JsonObject:
    return {"type": "ephemeral"} if config.cache_ttl == "5m" else {"type": "ephemeral", "ttl": config.cache_ttl}
