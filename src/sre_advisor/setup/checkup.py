"""One thing that was tried, and trying it within a deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

import structlog
from pydantic import JsonValue

from sre_advisor.credentials import CredentialUnreadable

log = structlog.get_logger(__name__)

DEADLINE_S = 10.0
"""Seconds one check may take; all run at once, so this is about what the doctor takes at most."""


class State(StrEnum):
    """How a check ended; `not configured` and `not checked` are no faults."""

    OK = "ok"
    NOT_CONFIGURED = "not configured"
    NOT_CHECKED = "not checked"
    UNREACHABLE = "unreachable"
    UNAUTHORISED = "unauthorised"
    MISCONFIGURED = "misconfigured"


@dataclass(frozen=True, slots=True)
class Check:
    """What was tried, what came of it, and what a person should do; `seconds` None when nothing was asked."""

    name: str
    state: State
    detail: str
    advice: str = ""
    seconds: float | None = None

    @property
    def fine(self) -> bool:
        """Whether nobody needs to do anything."""
        return self.state in (State.OK, State.NOT_CONFIGURED, State.NOT_CHECKED)

    def as_json(self) -> dict[str, JsonValue]:
        """The check as `doctor --json` prints it."""
        told = asdict(self)
        seconds = None if self.seconds is None else round(self.seconds, 3)
        return {**told, "state": self.state.value, "seconds": seconds}


Trial = Callable[[], Awaitable[Sequence[Check]]]


async def tried(name: str, trial: Trial, deadline_s: float = DEADLINE_S) -> tuple[Check, ...]:
    """The trial's checks, or one that says why there are none; never raises, never takes longer."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(deadline_s):
            return tuple(await trial())
    except TimeoutError:
        advice = "check the network in between and whether it is overloaded"
        return (_failed(name, State.UNREACHABLE, f"no answer within {deadline_s:g} s", advice, began),)
    except CredentialUnreadable as problem:
        return (_failed(name, State.MISCONFIGURED, str(problem), "", began),)
    except Exception as error:  # noqa: BLE001  # one check that breaks must not take the others' results away
        log.error("check_failed", action="doctor", check=name, error=type(error).__name__)
        detail = f"the check itself failed ({type(error).__name__})"
        return (_failed(name, State.MISCONFIGURED, detail, "report this; the others are valid", began),)


def _failed(name: str, state: State, detail: str, advice: str, began: float) -> Check:
    return Check(name, state, detail, advice, time.monotonic() - began)
