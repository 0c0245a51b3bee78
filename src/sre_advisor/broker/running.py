"""Running one tool: its arguments checked, within a deadline, tried again once where that may help."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import structlog
from pydantic import JsonValue, ValidationError

from sre_advisor.connectors.contract import (
    BadRequest,
    Reading,
    Scope,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
)

V = TypeVar("V")
log = structlog.get_logger(__name__)

RETRIED = ("unreachable", "server_error")
"""Kinds of trouble that one more try may cure; a time-out has used up its time already."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A tool and the connector it belongs to."""

    source: str
    tool: Tool


def validated(tool: Tool, args: dict[str, JsonValue]) -> ToolArgs:
    """The tool's own arguments; raises BadRequest, saying what does not fit."""
    try:
        return tool.args.model_validate(args)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)
        words = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'arguments'}: {e['msg']}" for e in first[:5])
        raise BadRequest(f"{words}; {tool.name} takes {', '.join(tool.args.model_fields) or 'no arguments'}") from None


def cost_of(tool: Tool, args: ToolArgs, now: datetime) -> int:
    """The samples a backend will have to look at, as the tool foretells; raises only the failures of the contract."""
    try:
        return tool.cost(args, now) if tool.cost else 0
    except ToolFailure:
        raise
    except Exception:  # as below
        log.exception("tool_broke", action="cost", tool=tool.name)
        raise Unavailable("internal", f"{tool.name} has a defect; the log holds the details") from None


async def run(tool: Tool, args: ToolArgs, now: datetime, scope: Scope, limit_s: float) -> Reading:
    """What the tool read within the scope and the time; raises only the failures of the contract."""
    try:
        return await within(limit_s, _with_one_retry(tool, args, now, scope))
    except ToolFailure:
        raise
    except Exception:  # a bug in one tool must not end the investigation, and its text is shown to nobody
        log.exception("tool_broke", action="read", tool=tool.name)
        raise Unavailable("internal", f"{tool.name} has a defect; the log holds the details") from None


async def within(limit_s: float, work: Awaitable[V]) -> V:
    """What `work` gives within the time; raises Unavailable("timeout") after it."""
    try:
        async with asyncio.timeout(limit_s):
            return await work
    except TimeoutError:
        raise Unavailable("timeout", f"no answer within {limit_s:g} s") from None


async def _with_one_retry(tool: Tool, args: ToolArgs, now: datetime, scope: Scope) -> Reading:
    try:
        return await _run(tool, args, now, scope)
    except Unavailable as trouble:
        if trouble.kind not in RETRIED:
            raise
    await asyncio.sleep(0.2)
    return await _run(tool, args, now, scope)


async def _run(tool: Tool, args: ToolArgs, now: datetime, scope: Scope) -> Reading:
    if not scope.narrowed:
        return await tool.run(args, now)
    assert tool.scoped is not None  # the policy stage refuses a tool that cannot keep within a scope
    return await tool.scoped(args, now, scope)
