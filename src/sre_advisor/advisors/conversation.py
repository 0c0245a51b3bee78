"""The exact JSON exchanged with a model, which may only grow at its end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pydantic import JsonValue

JsonObject = dict[str, JsonValue]

NOT_RUN = '{"error":"not run: the turn did not end in order to call tools"}'


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool call gave, encoded for the model."""

    call_id: str
    content: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Conversation:
    """A request's stable head and its growing history, in the JSON of the Messages API.

    `fingerprint` is a hash over the model, `system` and `tools`: only a conversation with the same one can be
    continued, because a changed prefix is refused by the API or silently loses the model's thinking.
    """

    fingerprint: str
    system: tuple[JsonObject, ...]
    tools: tuple[JsonObject, ...]
    messages: tuple[JsonObject, ...] = ()

    def with_turn(self, message: JsonObject) -> Conversation:
        """Grown by an assistant turn exactly as received; one without any content is none, the API refuses it."""
        return self if not message["content"] else replace(self, messages=(*self.messages, message))

    def with_results(self, results: Iterable[ToolResult], notes: Iterable[str] = ()) -> Conversation:
        """Grown by one user message: the results of all calls of a turn first, our own notes after.

        A call that was not made gets a result that says so: without one the API refuses the whole history.
        """
        given = tuple(results)
        blocks: list[JsonValue] = [_result_block(r) for r in (*given, *self._not_run(given))]
        blocks.extend({"type": "text", "text": note} for note in notes)
        return replace(self, messages=(*self.messages, {"role": "user", "content": blocks}))

    def _not_run(self, given: Iterable[ToolResult]) -> list[ToolResult]:
        """Refusals for calls of the last turn that nothing was given for."""
        answered = {result.call_id for result in given}
        asked = [call_id for call_id in _calls(self.messages[-1:]) if call_id not in answered]
        return [ToolResult(call_id, NOT_RUN, is_error=True) for call_id in asked]

    def with_words(self, text: str) -> Conversation:
        """Grown by a user message of our own or the asker's words."""
        return self.with_results((), (text,))

    def without_thinking(self) -> Conversation:
        """With every thinking block dropped, the one change of history the API allows."""
        return replace(self, messages=tuple(_without_thinking(m) for m in self.messages))


def _calls(messages: Iterable[JsonObject]) -> list[str]:
    """Ids of the calls in these messages."""
    blocks = [b for m in messages if isinstance(m["content"], list) for b in m["content"]]
    return [str(b["id"]) for b in blocks if isinstance(b, dict) and b.get("type") == "tool_use"]


def _result_block(result: ToolResult) -> JsonObject:
    block: JsonObject = {"type": "tool_result", "tool_use_id": result.call_id, "content": result.content}
    return block | {"is_error": True} if result.is_error else block


def _without_thinking(message: JsonObject) -> JsonObject:
    content = message["content"]
    if message["role"] != "assistant" or not isinstance(content, list):
        return message
    thinking = ("thinking", "redacted_thinking")
    kept: JsonObject = {"content": [b for b in content if not (isinstance(b, dict) and b.get("type") in thinking)]}
    return message | kept
