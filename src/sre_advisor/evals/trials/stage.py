"""A world opened for trials: read once, looked at once, then asked as often as wanted."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from pydantic import JsonValue

from sre_advisor.advisors.contract import Advisor
from sre_advisor.advisors.ledger import Limits
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import Connector
from sre_advisor.evals.suites.suite import Case
from sre_advisor.evals.trials.memory import Memory
from sre_advisor.evals.trials.watched import Nobody
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.check import check
from sre_advisor.investigate.concluding import Checker
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.investigation import Investigator
from sre_advisor.journal.events import DiagnosisMade, Event, FirstLookMade, ToolCalled
from sre_advisor.model import Catalogue, Evidence, FirstLook, Question
from sre_advisor.replay.broken import BrokenRecording

ASKED_WITHOUT = "what is wrong?"
"""What is asked of a recording that holds no question."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A recording that is open: what it holds and the tools over it."""

    question: str | None
    now: datetime
    catalogue: Catalogue
    connectors: Sequence[Connector]
    first_look: FirstLookConfig
    holds: Callable[[str, Mapping[str, JsonValue]], bool]
    """Whether a tool's very request was answered when the recording was made."""


class Opens(Protocol):
    """Whoever opens recordings; `stack` closes what was opened."""

    def __call__(self, recording: Path, stack: AsyncExitStack) -> Awaitable[Opening]:
        """Open it; raises BrokenRecording."""
        ...


@dataclass(frozen=True, slots=True)
class Stage:
    """A case, open: the same first look stands at the beginning of each of its trials.

    World and clock stand still, so the first look would come out the same each time; it is taken once.
    """

    case: Case
    question: Question
    broker: Broker
    opening: Opening
    seed: tuple[Event, ...]
    look: FirstLook
    limits: Limits

    def investigator(self, advisor: Advisor, memory: Memory, limits: Limits, checker: Checker = check) -> Investigator:
        """Who answers one trial: the same code as in Slack, with a record that ends with the trial."""
        return Investigator(
            broker=self.broker,
            journal=memory,
            advisor=advisor,
            fallback=Nobody(),
            catalogue=self.opening.catalogue,
            limits=limits,
            first_look=self.opening.first_look,
            clock=partial(_stopped, self.opening.now),
            checker=checker,
        )


@asynccontextmanager
async def staged(
    case: Case, opens: Opens, redactor: Redactor, reading: LimitsConfig, limits: Limits
) -> AsyncGenerator[Stage]:
    """The case, opened and looked at; raises EvalTrouble when its recording cannot be read."""
    async with AsyncExitStack() as stack:
        try:
            opening = await opens(case.recording(), stack)
        except BrokenRecording as broken:
            raise EvalTrouble(f"case {case.id}: {broken}") from None
        text = case.expected.question or opening.question or ASKED_WITHOUT
        question = Question(f"eval-{case.id}", f"eval-{case.id}", text, opening.now)
        broker = Broker(opening.connectors, redactor, reading, catalogue=opening.catalogue)
        bare = Stage(case, question, broker, opening, (), FirstLook(headline=""), limits)
        memory = Memory()
        answer = await bare.investigator(Nobody(), memory, limits).answer(question, Silent())
        seed = tuple(e for e in memory.events if isinstance(e, ToolCalled | FirstLookMade))
        assert not any(isinstance(e, DiagnosisMade) for e in seed)
        yield Stage(case, question, broker, opening, seed, answer.first_look, limits)


class Silent:
    """A voice that nobody hears."""

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing."""

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw nothing."""

    async def answer(self, answer: Answer) -> None:
        """Say nothing."""


def _stopped(at: datetime) -> datetime:
    return at
