"""An advisor watched while it works: what it spent and whether its model failed, which an answer does not say."""

from __future__ import annotations

from sre_advisor.advisors.contract import Advice, Advisor, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.turns import FailureKind
from sre_advisor.model import DraftDiagnosis, Verdict

OUTAGES = frozenset(
    {FailureKind.OVERLOADED, FailureKind.RATE_LIMITED, FailureKind.TIMEOUT, FailureKind.UNREACHABLE,
     FailureKind.SPEND_LIMIT, FailureKind.UNAUTHORISED, FailureKind.UNKNOWN_MODEL}
)  # fmt: skip
"""Failures that say nothing about the model's judgement: such a trial is not graded, and asked again later."""
HOPELESS = frozenset({FailureKind.SPEND_LIMIT, FailureKind.UNAUTHORISED, FailureKind.UNKNOWN_MODEL})
"""Failures that the next trial would meet as well."""


class Watched:
    """Passes everything through and remembers the last advice."""

    def __init__(self, advisor: Advisor) -> None:
        self._advisor = advisor
        self.advice: Advice | None = None

    @property
    def name(self) -> str:
        """The watched one's."""
        return self._advisor.name

    @property
    def failure(self) -> FailureKind | None:
        """How the model failed, if it did."""
        return FailureKind(self.advice.failure) if self.advice and self.advice.failure else None

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """The watched one's advice."""
        self.advice = await self._advisor.advise(brief, desk, ledger)
        return self.advice


class Nobody:
    """Stands in for the fallback: what is graded is the model's own answer, never that of another advisor."""

    name = "nobody"

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """No diagnosis."""
        del brief, desk, ledger
        return Advice(DraftDiagnosis(verdict=Verdict.NOT_ENOUGH, summary="No diagnosis."), self.name)
