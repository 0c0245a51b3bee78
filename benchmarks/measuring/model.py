"""A model stand-in that takes 1.0 s a call: two turns of parallel tool calls, then a diagnosis."""

from __future__ import annotations

import time
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from tests.standins.model_script import Say, answer, tool_calls
from tests.standins.model_server import ModelServer

SECONDS_A_CALL = 1.0
CALLS = 3
BYTES_PER_TOKEN = 4

DIAGNOSIS: dict[str, Any] = {
    "verdict": "likely_cause",
    "summary": "orders runs out of database connections since a commit made its pool smaller.",
    "hypotheses": [
        {
            "statement": "The commit that uses fewer connections starves orders",
            "confidence": "medium",
            "claims_for": [{"text": "orders answers with errors.", "cites": ["E1"]}],
            "claims_against": [],
            "would_disprove": "Errors before that commit",
            "service": "orders",
            "change": None,
        }
    ],
    "ruled_out": [],
    "not_checked": [],
    "commands": [
        {
            "command": "kubectl -n shop logs deployment/orders --since=15m",
            "why": "see what it waits for",
            "expected_effect": "log lines",
            "rollback": None,
        }
    ],
}
ERRORS = 'sum by (service) (rate(http_requests_total{code="503",service=~"orders|web"}[5m]))'


@dataclass
class Arrivals:
    """When each request came in, by the machine's monotonic clock."""

    at: list[float] = field(default_factory=list[float])

    def next_turn(self, request: dict[str, Any]) -> Say:
        """What the model says to this request, by how many turns it has taken in the conversation."""
        self.at.append(time.monotonic())
        taken = sum(_is_a_turn(message) for message in request["messages"])
        if taken == 0:
            return tool_calls(
                ("metrics_query", {"query": ERRORS}),
                ("metrics_golden_signals", {"services": ["orders", "billing", "stock"], "limit": 20}),
                prefix="first",
            )
        if taken == 1:
            return tool_calls(
                ("code_search", {"query": "pool:"}),
                ("metrics_query", {"query": 'max by (service) (db_pool_connections_in_use{service="orders"})'}),
                prefix="second",
            )
        return answer(DIAGNOSIS)

    def server(self) -> AbstractAsyncContextManager[ModelServer]:
        """The stand-in that answers so."""
        return ModelServer(self.next_turn, delay_s=SECONDS_A_CALL)


def _is_a_turn(message: dict[str, Any]) -> bool:
    """Whether the model said this; the advisor puts a call of its own, for what is on file, before the first turn."""
    blocks = message["content"] if isinstance(message["content"], list) else []
    ids = [block["id"] for block in blocks if block["type"] == "tool_use"]
    return any(each.startswith(("toolu_first", "toolu_second")) for each in ids)
