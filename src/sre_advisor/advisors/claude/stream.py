"""One streamed request: either all that was received, or a typed failure with an estimate of what it cost."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from sre_advisor.advisors.claude.failures import MIDSTREAM_RETRIABLE, from_status
from sre_advisor.advisors.conversation import JsonObject
from sre_advisor.advisors.ledger import Usage
from sre_advisor.advisors.turns import FailureKind, ModelFailure

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

# Thinking that is left out of the stream is billed all the same, so a broken stream is charged by time as well.
TOKENS_PER_SECOND = 100
CHARACTERS_PER_TOKEN = 3


@dataclass(frozen=True, slots=True)
class Received:
    """A whole turn as it came."""

    content: list[JsonObject]
    stop_reason: str
    refused_for: str | None
    usage: Usage
    request_id: str | None


class Broken(Exception):
    """A request that gave no turn; `retriable` when asking again may help, `usage` estimates what it used."""

    def __init__(self, failure: ModelFailure, *, retriable: bool, usage: Usage) -> None:
        super().__init__(failure.words)
        self.failure, self.retriable, self.usage = failure, retriable, usage


async def stream_once(client: AsyncAnthropic, request: dict[str, Any], seconds: float) -> Received:
    """Send one request and read its stream within `seconds`; raises Broken.

    The SDK retries until headers arrive. After that a failure has three shapes: an error event, a cut socket, and
    an early end without any exception, known only by the missing stop reason.
    """
    import anthropic
    import httpx2

    seen = _Seen(request["max_tokens"])
    try:
        async with asyncio.timeout(seconds), client.messages.stream(**request) as stream:
            async for _ in stream:
                seen.message = stream.current_message_snapshot
            message = await stream.get_final_message()
            request_id = stream.request_id
    except TimeoutError:
        raise seen.broken(FailureKind.TIMEOUT, "the model took too long", retriable=False) from None
    except anthropic.APIStatusError as error:
        midstream = error.status_code == 200 and error.type in MIDSTREAM_RETRIABLE
        raise Broken(from_status(error), retriable=midstream, usage=seen.usage()) from None
    except (anthropic.APITimeoutError, httpx2.TimeoutException):
        raise seen.broken(FailureKind.TIMEOUT, "the model stopped answering", retriable=seen.started) from None
    except (anthropic.APIConnectionError, httpx2.TransportError):
        words = "the connection to the model broke off" if seen.started else "the model could not be reached"
        raise seen.broken(FailureKind.UNREACHABLE, words, retriable=seen.started) from None
    except (anthropic.APIError, ValueError, RuntimeError, AssertionError):
        # ValueError: tool arguments that are no JSON; RuntimeError and AssertionError: events in no legal order.
        raise seen.broken(FailureKind.GARBLED, "the model's stream could not be read", retriable=True) from None
    if message.stop_reason is None:
        raise seen.broken(FailureKind.UNREACHABLE, "the model's stream ended early", retriable=True)
    return Received(
        content=[cast("JsonObject", block.to_dict(mode="json")) for block in message.content],
        stop_reason=message.stop_reason,
        refused_for=message.stop_details.category if message.stop_details else None,
        usage=usage_of(message.usage),
        request_id=request_id,
    )


def usage_of(usage: Any) -> Usage:
    """The SDK's usage in our words; a gateway that counts below zero may not give money back."""
    return Usage(
        input=max(0, usage.input_tokens or 0),
        cache_write=max(0, usage.cache_creation_input_tokens or 0),
        cache_read=max(0, usage.cache_read_input_tokens or 0),
        output=max(0, usage.output_tokens or 0),
    )


class _Seen:
    """What arrived before a stream broke."""

    def __init__(self, max_tokens: int) -> None:
        self.message: Any = None
        self._max_tokens = max_tokens
        self._began = time.monotonic()

    @property
    def started(self) -> bool:
        return self.message is not None

    def usage(self) -> Usage:
        """Input as announced; output estimated, high rather than low."""
        if self.message is None:
            return Usage()
        written = sum(len(str(block.to_dict())) for block in self.message.content) // CHARACTERS_PER_TOKEN
        at_most = int((time.monotonic() - self._began) * TOKENS_PER_SECOND)
        told = usage_of(self.message.usage)
        output = min(self._max_tokens, max(told.output, written, at_most))
        return Usage(told.input, told.cache_write, told.cache_read, output)

    def broken(self, kind: FailureKind, words: str, *, retriable: bool) -> Broken:
        return Broken(ModelFailure(kind, words), retriable=retriable, usage=self.usage())
