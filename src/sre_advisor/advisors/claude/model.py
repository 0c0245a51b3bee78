"""Claude as a model to talk to: one turn, retried within the ledger's limits, its cost counted, on record."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import structlog

from sre_advisor.advisors.briefing import encoded
from sre_advisor.advisors.claude.client import KeySource, build_client
from sre_advisor.advisors.claude.config import ClaudeConfig, ConfigProblem, checked_facts
from sre_advisor.advisors.claude.failures import refusal
from sre_advisor.advisors.claude.prices import ModelTable
from sre_advisor.advisors.claude.request import head, opened, request_of
from sre_advisor.advisors.claude.stream import Broken, Received, stream_once
from sre_advisor.advisors.contract import Brief, ToolCard
from sre_advisor.advisors.conversation import Conversation, JsonObject
from sre_advisor.advisors.ledger import Ledger, Usage
from sre_advisor.advisors.turns import FailureKind, ModelFailure, ToolCall, Turn

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

LEAST_ROOM = 1_024
USUAL_OUTPUT = 2_500
"""Output tokens of a usual turn, thinking included."""
BYTES_PER_TOKEN = 2.0
"""Fewer than prose or JSON has (about 3 to 4), so that a cost is foreseen too high rather than too low."""
BACKOFF_S = (0.5, 2.0, 4.0, 8.0, 8.0)
_log = structlog.get_logger(__name__)


class ClaudeModel:
    """One configured Claude; the SDK is imported in a thread by `warm`, or by the first turn."""

    def __init__(self, config: ClaudeConfig, key: KeySource, table: ModelTable, system: str, prompt_hash: str) -> None:
        """Check the settings against the table; raises ConfigProblem."""
        self.config = config
        self.facts = checked_facts(config, table)
        self._key, self._system, self._prompt_hash = key, system, prompt_hash
        self._building: asyncio.Task[AsyncAnthropic] | None = None

    @property
    def name(self) -> str:
        """The model's id."""
        return self.config.model

    async def warm(self) -> None:
        """Import the SDK and build the client while something else is going on; a failure shows at the first turn."""
        await asyncio.wait([self._client_task()])

    async def client(self) -> AsyncAnthropic:
        """The client, built once; raises ModelFailure when it cannot be."""
        try:
            return await asyncio.shield(self._client_task())
        except ConfigProblem as problem:
            raise ModelFailure(FailureKind.UNAUTHORISED, str(problem)) from None

    def _client_task(self) -> asyncio.Task[AsyncAnthropic]:
        if self._building is None:
            self._building = asyncio.create_task(asyncio.to_thread(build_client, self.config, self._key))
        return self._building

    async def close(self) -> None:
        """Let go of connections."""
        if self._building and self._building.done() and not self._building.exception():
            await self._building.result().close()

    def opening(self, brief: Brief, cards: tuple[ToolCard, ...]) -> Conversation:
        """A conversation that ends in the question and what was read for it."""
        return opened(head(self.config, self._system, cards), brief)

    def typical_usd(self, conversation: Conversation) -> float:
        """What a turn of usual length would cost at most."""
        return self._foreseen_usd(self._request(conversation, LEAST_ROOM), USUAL_OUTPUT)

    async def turn(self, conversation: Conversation, ledger: Ledger, *, may_read: bool) -> Turn:
        """One turn; broken streams and cut answers are asked for again, within limits. Raises as Model.turn says."""
        room, dropped = self.config.max_tokens, False
        for attempt in range(self.config.stream_retries + 1):
            request = self._request(conversation, room, may_read=may_read)
            request["max_tokens"] = self._affordable(request, ledger)
            try:
                received = await self._attempt(request, ledger, attempt)
            except Broken as broken:
                mended = self._mended(conversation, broken)
                if (mended is None and not broken.retriable) or attempt == self.config.stream_retries:
                    raise broken.failure from None
                conversation, dropped = mended or conversation, dropped or mended is not None
                await asyncio.sleep(min(BACKOFF_S[attempt] * random.uniform(0.5, 1), ledger.seconds_left))  # noqa: S311 - jitter
                continue
            if received.stop_reason == "max_tokens" and attempt == 0 and room < self.facts.max_output:
                room = min(2 * room, self.facts.max_output)
                continue
            return replace(_turn(received), thinking_dropped=dropped)
        raise ModelFailure(FailureKind.TRUNCATED, "the model's answers were cut off at their length limit")

    async def _attempt(self, request: dict[str, Any], ledger: Ledger, attempt: int) -> Received:
        client = await self.client()
        ledger.admit_model_call(self._foreseen_usd(request, request["max_tokens"]))
        began = time.monotonic()
        event: JsonObject = {
            "event": "model_turn",
            "model": self.name,
            "prompt_hash": self._prompt_hash,
            "attempt": attempt,
            "messages": len(request["messages"]),
            "request_bytes": len(encoded(request).encode()),
        }
        try:
            received = await stream_once(client, request, ledger.seconds_left)
        except asyncio.CancelledError:  # what it cost up to here is not known, but that it was asked is on record
            ledger.record(event | {"outcome": "stopped", "seconds": round(time.monotonic() - began, 3)})
            raise
        except Broken as broken:
            usd = self._charge(ledger, broken.usage)
            failed: JsonObject = {"outcome": str(broken.failure.kind), "detail": broken.failure.detail}
            ledger.record(event | failed | _spent(broken.usage, usd, began))
            _log.warning("model turn failed", kind=str(broken.failure.kind), detail=broken.failure.detail)
            raise
        usd = self._charge(ledger, received.usage)
        told: JsonObject = {
            "outcome": "ok",
            "stop_reason": received.stop_reason,
            "request_id": received.request_id,
            "content": list(received.content),
        }
        ledger.record(event | told | _spent(received.usage, usd, began))
        return received

    def _request(self, conversation: Conversation, room: int, *, may_read: bool = True) -> dict[str, Any]:
        return request_of(conversation, self.config, self.facts, room, may_read=may_read)

    def _affordable(self, request: dict[str, Any], ledger: Ledger) -> int:
        """How many tokens may be written so that not even the worst case passes the cost limit."""
        per_token = self.facts.tier(_tokens(request)).output / 1_000_000
        left = ledger.usd_left - self._foreseen_usd(request, 0)
        return max(LEAST_ROOM, min(request["max_tokens"], int(left / per_token) if per_token else LEAST_ROOM))

    def _foreseen_usd(self, request: dict[str, Any], output: int) -> float:
        return self.facts.cost_usd(Usage(cache_write=_tokens(request), output=output), self.config.cache_ttl)

    def _charge(self, ledger: Ledger, usage: Usage) -> float:
        usd = self.facts.cost_usd(usage, self.config.cache_ttl)
        ledger.charge(usage, usd)
        return usd

    def _mended(self, conversation: Conversation, broken: Broken) -> Conversation | None:
        """Without its thinking, if the history was taken for an edited one: sent again as it is, it never passes."""
        if "Invalid signature in thinking block" not in broken.failure.detail:
            return None
        _log.error("the model's API refused the history as edited; its thinking is dropped", model=self.name)
        mended = conversation.without_thinking()
        return mended if mended != conversation else None


def _tokens(request: dict[str, Any]) -> int:
    return int(len(encoded(request).encode()) / BYTES_PER_TOKEN)


def _spent(usage: Usage, usd: float, began: float) -> JsonObject:
    return {
        "input_tokens": usage.input,
        "cache_write_tokens": usage.cache_write,
        "cache_read_tokens": usage.cache_read,
        "output_tokens": usage.output,
        "cost_usd": usd,
        "seconds": round(time.monotonic() - began, 3),
    }


def _turn(received: Received) -> Turn:
    """What a complete reply means; calls are only taken from a turn that ended in order to make them."""
    match received.stop_reason:
        case "refusal":
            raise refusal(received.refused_for)
        case "max_tokens":
            raise ModelFailure(FailureKind.TRUNCATED, "the model's answer was cut off at its length limit")
        case "model_context_window_exceeded":
            raise ModelFailure(FailureKind.TOO_LARGE, "the conversation has outgrown the model's context")
        case _:
            pass
    turn = Turn({"role": "assistant", "content": list(received.content)}, paused=received.stop_reason == "pause_turn")
    if received.stop_reason == "tool_use":
        blocks = [b for b in received.content if b.get("type") == "tool_use"]
        return replace(turn, calls=tuple(_call(b) for b in blocks))
    return replace(turn, answer="".join(str(b.get("text", "")) for b in received.content if b.get("type") == "text"))


def _call(block: JsonObject) -> ToolCall:
    args = block.get("input")
    return ToolCall(str(block["id"]), str(block["name"]), cast("JsonObject", args) if isinstance(args, dict) else None)
