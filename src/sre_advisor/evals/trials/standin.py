"""A stand-in for a model, right with a known probability, so that the harness itself can be tested."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass

from sre_advisor.advisors.contract import Advice, Brief, Desk
from sre_advisor.advisors.ledger import Ledger, LimitReached, Usage
from sre_advisor.advisors.words import shorten
from sre_advisor.evals.suites.expectation import Expectation
from sre_advisor.evals.trials.arms import Script
from sre_advisor.model import (
    SUMMARY_LIMIT,
    Confidence,
    DraftClaim,
    DraftDiagnosis,
    DraftHypothesis,
    FirstLook,
    Verdict,
)


@dataclass(frozen=True, slots=True)
class StandIn:
    """An advisor that knows the truth of its case; whether it says it is drawn anew for each case and trial."""

    name: str
    script: Script
    expected: Expectation
    case: str
    trial: int

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """The truth or a decoy, with claims from what was read, after the script's seconds."""
        del desk
        try:
            ledger.admit_model_call(self.script.usd)
        except LimitReached as limit:
            draft = DraftDiagnosis(verdict=Verdict.NOT_ENOUGH, summary=f"No diagnosis: {limit.words}.")
            return Advice(draft, self.name, stopped_because=limit.words)
        await asyncio.sleep(self.script.seconds)
        ledger.charge(Usage(), self.script.usd)
        right = self._drawn(f"{self.name}/{self.trial}") < self.script.right
        draft = self._truth(brief.first_look) if right else self._decoy(brief.first_look)
        return Advice(draft, self.name, model_calls=ledger.model_calls, cost_usd=ledger.cost_usd)

    def _drawn(self, what: str) -> float:
        """A number from 0 to 1, the same whenever this case is asked for it."""
        return int.from_bytes(hashlib.sha256(f"{self.case}/{what}".encode()).digest()[:7], "big") / 2**56

    def _truth(self, look: FirstLook) -> DraftDiagnosis:
        expected = self.expected
        if not expected.names_a_cause:
            return DraftDiagnosis(verdict=expected.verdict[0], summary=shorten(look.headline, SUMMARY_LIMIT))
        service = expected.cause.service[0] if expected.cause.service else None
        change = expected.cause.change[0] if expected.cause.change else None
        words = " ".join(group[0] for group in expected.cause.mechanism) or "the cause is known"
        where = f" in {service}" if service else ""
        return _named(look, f"It began{where}: {words}", service, change, self._sure(high=0.7))

    def _decoy(self, look: FirstLook) -> DraftDiagnosis:
        never = self.expected.never
        guilty = {name.casefold() for name in self.expected.cause.service}
        others = [one.name for one in look.services if one.name.casefold() not in guilty]
        service = never.services[0] if never.services else (others[-1] if others else None)
        change = never.changes[0] if never.changes else None
        if service is None and change is None:
            verdict = Verdict.NOT_ENOUGH if self.expected.names_a_cause else Verdict.LIKELY_CAUSE
            return DraftDiagnosis(verdict=verdict, summary="It cannot be told.")
        return _named(look, f"It began in {service or 'the changed service'}", service, change, self._sure(high=0.2))

    def _sure(self, high: float) -> Confidence:
        return Confidence.HIGH if self._drawn("sureness") < high else Confidence.MEDIUM


def _named(
    look: FirstLook, statement: str, service: str | None, change: str | None, confidence: Confidence
) -> DraftDiagnosis:
    lines = [*look.firing[:1], *look.moved[:1], *look.changed[:1]]
    claims = tuple(DraftClaim(text=line.text, cites=line.cites) for line in lines if line.cites)
    if not claims and look.evidence:
        claims = (DraftClaim(text=look.headline, cites=(look.evidence,)),)
    hypothesis = DraftHypothesis(
        statement=statement, confidence=confidence, claims_for=claims, service=service, change=change,
        would_disprove="another service turns out to have moved before it",
    )  # fmt: skip
    return DraftDiagnosis(verdict=Verdict.LIKELY_CAUSE, summary=statement, hypotheses=(hypothesis,))
