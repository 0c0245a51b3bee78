"""A second model takes over when the first fails, within what is left of the same limits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sre_advisor.advisors.contract import Advice, Advisor, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.turns import FailureKind

HOPELESS = (FailureKind.SPEND_LIMIT, FailureKind.BAD_REQUEST)
"""Failures of the account or of our own request: another model would meet them too."""


@dataclass(frozen=True, slots=True)
class Succession:
    """Two advisors as one."""

    first: Advisor
    second: Advisor

    @property
    def name(self) -> str:
        """The first one's name; an answer is signed with the name of who gave it."""
        return self.first.name

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """The first one's advice, or the second's where the first one's model failed."""
        advice = await self.first.advise(brief, desk, ledger)
        if advice.failure is None or advice.failure in HOPELESS or advice.draft.hypotheses:
            return advice
        later = await self.second.advise(brief, desk, ledger)
        if later.stopped_because and not later.draft.hypotheses:
            return replace(
                later, stopped_because=f"{advice.stopped_because}; {self.second.name}: {later.stopped_because}"
            )
        return replace(later, notes=(f"{self.first.name} failed ({advice.stopped_because}); {later.advisor} answered",))
