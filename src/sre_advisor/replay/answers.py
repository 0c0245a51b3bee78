"""The tools of a recorded world, each answering first from what was recorded word for word."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import cast, get_args

from pydantic import ConfigDict, JsonValue, ValidationError

from sre_advisor.connectors.contract import (
    BadRequest,
    Connector,
    Health,
    NoData,
    Reading,
    Role,
    Scope,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
    UnavailableKind,
)
from sre_advisor.model import Outcome, Window
from sre_advisor.replay.coverage import Coverage, NotInThisRecording, NotRecorded
from sre_advisor.replay.nouns import read
from sre_advisor.replay.parts import AnswerPart
from sre_advisor.replay.wrapped import Ask, Wrapped

SERVED = (Outcome.OK, Outcome.NO_DATA, Outcome.BAD_REQUEST, Outcome.UNAVAILABLE)
"""What a backend said; a refusal by policy or quota was ours, and may be another today."""
_KINDS: tuple[str, ...] = get_args(UnavailableKind)


class AnyArgs(ToolArgs):
    """Arguments of a tool of which only answers were recorded."""

    model_config = ConfigDict(frozen=True, extra="allow", strict=False)


class Answered(Wrapped):
    """A connector whose tools give the recorded answer to a recorded request and else ask the world."""

    def __init__(self, inner: Connector, answers: Iterable[AnswerPart], coverage: Coverage) -> None:
        super().__init__(inner)
        self._coverage = coverage
        held: dict[str, list[AnswerPart]] = {}
        for answer in answers:
            held.setdefault(answer.tool, []).append(answer)
        self._known = {tool.name: _by_request(tool, held.get(tool.name, ())) for tool in inner.tools()}
        self._args = {tool.name: tool.args for tool in inner.tools()}

    def holds(self, tool: str, request: Mapping[str, JsonValue]) -> bool:
        """Whether this very request was answered when the recording was made."""
        if tool not in self._known:
            return False
        try:
            return _key(self._args[tool].model_validate(dict(request))) in self._known[tool]
        except ValidationError:
            return False

    async def answer(self, tool: Tool, args: ToolArgs, ask: Ask, *, narrowed: bool) -> Reading:
        """The recorded answer; what was read where all may be seen does not answer whoever may see less."""
        recorded = None if narrowed else self._known[tool.name].get(_key(args))
        if recorded is not None:
            self._coverage.identical += 1
            return await asyncio.to_thread(_reading, recorded)
        try:
            reading = await ask(args)
        except (NotRecorded, NotInThisRecording):
            self._coverage.not_recorded += 1
            raise
        except NoData:
            self._coverage.from_world += 1
            raise
        self._coverage.from_world += 1
        return reading


class OnlyAnswers:
    """The tools of a backend of which nothing but answers was recorded."""

    def __init__(self, name: str, tools: Mapping[str, Role | None]) -> None:
        self.name = name
        self._tools = tuple(self._tool(tool, role) for tool, role in tools.items())

    def tools(self) -> tuple[Tool, ...]:
        """The tools there were."""
        return self._tools

    def _tool(self, name: str, role: Role | None) -> Tool:
        async def run(_args: ToolArgs, _now: datetime) -> Reading:
            raise NotRecorded(f"of {self.name} only the answers to the questions asked then are held")

        async def scoped(args: ToolArgs, now: datetime, _scope: Scope) -> Reading:
            return await run(args, now)

        return Tool(name, f"{name} as it was recorded: only what was asked then.", AnyArgs, run, role, scoped)

    async def ping(self) -> Health:
        """Always well: the answers were read in full before."""
        return Health(self.name, "ok", "recorded answers only", 0.0)

    async def close(self) -> None:
        """Nothing to let go of."""


def _by_request(tool: Tool, answers: Iterable[AnswerPart]) -> Mapping[str, AnswerPart]:
    known: dict[str, AnswerPart] = {}
    for answer in answers:
        if answer.outcome not in SERVED:
            continue
        try:
            key = _key(tool.args.model_validate(answer.request))
        except ValidationError:
            continue  # of an older or newer tool: cannot be asked again in these words
        # What the investigation itself was told goes before what was read for the recording alone.
        if key not in known or (answer.asked and not known[key].asked):
            known[key] = answer
    return known


def _key(args: ToolArgs) -> str:
    return args.model_dump_json()


def _reading(answer: AnswerPart) -> Reading:
    """What the tool gave then; raises the failure it met then."""
    window = Window(answer.window_start, answer.window_end) if answer.window_start and answer.window_end else None
    failure: ToolFailure
    match answer.outcome:
        case Outcome.OK:
            return Reading(
                answer.summary, answer.body, tuple(map(read, answer.nouns)), window, answer.link, answer.truncated
            )
        case Outcome.NO_DATA:
            failure = NoData(answer.summary, window, answer.link)
        case Outcome.BAD_REQUEST:
            failure = BadRequest(answer.summary)
        case _:
            kind, _, detail = answer.summary.partition(": ")
            known = kind if kind in _KINDS and kind != "internal" else "timeout"
            failure = Unavailable(cast("UnavailableKind", known), detail or answer.summary)
    raise failure
