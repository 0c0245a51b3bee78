"""A draft whose claims do not all hold is given back once, with what is wrong, before the rest is dropped."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sre_advisor.advisors.contract import Brief
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.prompts import Prompts
from sre_advisor.investigate.check import Grounds, failed_claims
from sre_advisor.model import DraftDiagnosis, Evidence

WHY_LIMIT = 160
CLAIMS = 12


class Mending:
    """Keeps the first draft, so that a failed attempt to mend it loses nothing."""

    def __init__(self, brief: Brief, prompts: Prompts, clean: Callable[[str], str]) -> None:
        services = {s.name for s in brief.catalogue.services} | {s.name for s in brief.first_look.services}
        self._services, self._prompts, self._clean = frozenset(services), prompts, clean
        self.draft: DraftDiagnosis | None = None
        self._lost = 0

    def asked_for(
        self, draft: DraftDiagnosis, evidence: Mapping[str, Evidence], ledger: Ledger, usd: float
    ) -> str | None:
        """The request to mend this draft; None when all holds, it was asked before, or a limit forbids another call."""
        if self.draft is not None or ledger.model_calls >= ledger.limits.model_calls:
            return None
        # The event loop is not held up for long: a claim takes milliseconds.
        failed = failed_claims(draft, self._grounds(evidence))
        if not failed or usd > ledger.usd_left or ledger.seconds_left < ledger.limits.seconds / 5:
            return None
        self.draft, self._lost = draft, len(failed)
        # What is quoted may come from outside, and outside text belongs into tool results alone.
        reasons = {
            p: re.sub(r"“[^”]*”?", "the quote", " ".join(self._clean(c.why).split()))[:WHY_LIMIT]
            for p, c in failed.items()
        }
        return self._prompts.mend(list(reasons.items())[:CLAIMS])

    def better(self, mended: DraftDiagnosis, evidence: Mapping[str, Evidence]) -> DraftDiagnosis:
        """The draft to go on with: the mended one if fewer of its claims fail and it still says something."""
        if self.draft is None:
            return mended
        emptied = bool(self.draft.hypotheses) and not mended.hypotheses
        fails = len(failed_claims(mended, self._grounds(evidence)))
        return self.draft if emptied or fails >= self._lost else mended

    def _grounds(self, evidence: Mapping[str, Evidence]) -> Grounds:
        return Grounds(evidence, self._services)
