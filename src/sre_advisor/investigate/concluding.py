"""From an advisor's draft to the diagnosis on record: redacted, checked, with its patch tried and its draft written."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sre_advisor.advisors.answer import clipped_answer
from sre_advisor.advisors.contract import Advice
from sre_advisor.advisors.draft_request import wanted
from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.investigate.check import Grounds
from sre_advisor.investigate.desks import AdvisorDesk
from sre_advisor.investigate.drafts import drafted
from sre_advisor.investigate.headline import SAYS_NOTHING
from sre_advisor.investigate.past import Keeps, Past
from sre_advisor.investigate.patching import TOOL as TRY_PATCH
from sre_advisor.investigate.patching import with_patch
from sre_advisor.investigate.vicinity import MUTED, vicinity
from sre_advisor.journal.events import DiagnosisMade
from sre_advisor.model import Catalogue, Diagnosis, DraftDiagnosis, Evidence, FirstLook, Outcome, Question

Checker = Callable[[DraftDiagnosis, Grounds, str], Diagnosis]


@dataclass(frozen=True, slots=True)
class Concluding:
    """Makes the diagnosis that may be shown."""

    broker: Broker
    journal: Keeps
    catalogue: Catalogue
    checker: Checker
    clock: Callable[[], datetime]

    async def diagnosis(
        self, question: Question, past: Past, advice: Advice, desk: ReadingDesk, look: FirstLook
    ) -> Diagnosis:
        """What holds of the advice; it is on record when this returns."""
        draft = self._redacted(advice.draft, question)
        diagnosis = self.checker(draft, self._grounds(desk, look), advice.advisor)
        mirrored = TRY_PATCH in {o.tool.name for o in desk.offers}
        diagnosis = await with_patch(diagnosis, draft.patch, AdvisorDesk(desk), mirrored=mirrored)
        if (kind := wanted(question.text)) and past.history:
            diagnosis = diagnosis.model_copy(update={"document": drafted(kind, past.events, self.clock())})
        await self.journal.append(
            DiagnosisMade(investigation=question.investigation, question=question.id, diagnosis=diagnosis)
        )
        return diagnosis

    def _grounds(self, desk: ReadingDesk, look: FirstLook) -> Grounds:
        catalogue = desk.visible(self.catalogue)
        return Grounds(
            evidence={e.id: e for e in desk.evidence},
            services=frozenset({s.name for s in catalogue.services} | {s.name for s in look.services}),
            missing=missing(desk.evidence),
            firing=tuple(n.text for n in look.firing if not any(m in n.text for m in MUTED)),
            near=vicinity(catalogue, look),
        )

    def _redacted(self, draft: DraftDiagnosis, question: Question) -> DraftDiagnosis:
        """The draft without secrets: what was read is redacted, but a model may put one together, or be told one."""
        clean = self.broker.redactor.scope(question.investigation).value(draft.model_dump(mode="json"))
        return clipped_answer(json.dumps(clean.value)) if clean.count else draft


def missing(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """The sources that could not be read; one that answered and refused a badly put request was."""
    read = [e for e in evidence if e.source != "advisor"]
    answered = {e.source for e in read if e.outcome in (Outcome.OK, Outcome.NO_DATA)}
    return tuple(
        sorted(
            {
                e.source
                for e in read
                if e.outcome in SAYS_NOTHING and not (e.outcome is Outcome.BAD_REQUEST and e.source in answered)
            }
        )
    )
