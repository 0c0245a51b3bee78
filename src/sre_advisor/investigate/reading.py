"""Answers a model's tool calls through the desk, all of one turn at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from pydantic import JsonValue

from sre_advisor.advisors.briefing import ON_FILE, ON_FILE_CARD, encoded, opening_data, result_data
from sre_advisor.advisors.contract import Brief, Desk
from sre_advisor.advisors.conversation import JsonObject, ToolResult
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.turns import ToolCall
from sre_advisor.model import Evidence, Outcome


class Reader:
    """One question's reading: knows what was asked before and, by id, what is `on_file`."""

    def __init__(self, desk: Desk, brief: Brief, ledger: Ledger) -> None:
        self._desk, self._brief, self._ledger = desk, brief, ledger
        self._names = (ON_FILE_CARD.name, *(card.name for card in desk.tools))
        self.on_file = {evidence.id: evidence for evidence in brief.evidence}
        self._asked: set[str] = set()

    async def answer(self, calls: Sequence[ToolCall]) -> tuple[tuple[ToolResult, ...], bool]:
        """A result for every call, in order; and whether all of them had been made before."""
        asked = {encoded([call.name, call.args]) for call in calls}
        repeated = asked <= self._asked
        self._asked |= asked
        return tuple(await asyncio.gather(*(self._one(call) for call in calls))), repeated

    async def _one(self, call: ToolCall) -> ToolResult:
        if call.name not in self._names:
            return _error(call, self._unknown(call.name))
        if call.args is None:
            return _error(call, "the arguments were not a JSON object")
        if call.name == ON_FILE:
            return self._file(call, call.args)
        if not self._ledger.admit_tool_call():
            return _error(call, "not read: the limit of tool calls or of time is reached")
        try:
            async with asyncio.timeout(self._ledger.seconds_left):
                evidence = await self._desk.read(call.name, call.args)
        except TimeoutError:
            return _error(call, "not read: the time limit was reached")
        self.on_file[evidence.id] = evidence
        return _told(call, evidence)

    def _file(self, call: ToolCall, args: JsonObject) -> ToolResult:
        wanted, start = args.get("id"), args.get("from_char", 0)
        if wanted is None:
            return ToolResult(call.id, opening_data(self._brief))
        evidence = self.on_file.get(wanted) if isinstance(wanted, str) else None
        if evidence is None:
            return _error(call, f"no such evidence; on file are {', '.join(self.on_file) or 'none'}")
        return ToolResult(call.id, result_data(evidence, start if isinstance(start, int) else 0))

    def _unknown(self, name: str) -> str:
        alike = next((known for known in self._names if known.casefold() == name.strip().casefold()), None)
        return (
            f"no such tool; write it exactly: {alike}" if alike else f"no such tool; there are {', '.join(self._names)}"
        )


def _told(call: ToolCall, evidence: Evidence) -> ToolResult:
    """No data is an answer; all other outcomes but success are errors the model may mend or work around."""
    failed = evidence.outcome not in (Outcome.OK, Outcome.NO_DATA)
    return ToolResult(call.id, result_data(evidence), is_error=failed)


def _error(call: ToolCall, words: JsonValue) -> ToolResult:
    return ToolResult(call.id, encoded({"error": words}), is_error=True)
