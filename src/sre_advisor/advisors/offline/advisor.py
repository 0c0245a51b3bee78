"""Answers a question, or a follow-up in its thread, without asking a model."""

from __future__ import annotations

from dataclasses import replace

from sre_advisor.advisors.contract import Advice, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.advisors.offline.conclude import conclude
from sre_advisor.advisors.offline.follow_up import follow_up
from sre_advisor.model import DraftDiagnosis, Evidence, Outcome

NAME = "offline advisor, no model"
COMMIT_TOOL = "code_commit"


class OfflineAdvisor:
    """Builds the same draft as a model would, from onset, movements, changes, logs and runbooks alone."""

    @property
    def name(self) -> str:
        """The name an answer is signed with."""
        return NAME

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """Conclude from what was read and a few targeted reads more; costs nothing."""
        del ledger
        commit = await _culprit_commit(brief, desk)
        if commit is not None and commit.id not in {e.id for e in brief.evidence}:
            brief = replace(brief, evidence=(*brief.evidence, commit))
        return Advice(draft=await _draft(brief, desk, commit), advisor=NAME)


async def _draft(brief: Brief, desk: Desk, commit: Evidence | None) -> DraftDiagnosis:
    concluded = conclude(brief.first_look, brief.evidence, commit)
    return await follow_up(brief, desk, concluded, commit) if brief.history else concluded


async def _culprit_commit(brief: Brief, desk: Desk) -> Evidence | None:
    """The commit that the first look names, read in full; what was read earlier in the thread is not read again."""
    culprit = next((c for c in brief.first_look.changes if c.id == brief.first_look.change), None)
    if culprit is None or culprit.kind != "commit" or COMMIT_TOOL not in {card.name for card in desk.tools}:
        return None
    known = (e for e in brief.evidence if e.tool == COMMIT_TOOL and e.request.get("sha") == culprit.id)
    read = next(known, None) or await desk.read(COMMIT_TOOL, {"sha": culprit.id})
    return read if read.outcome is Outcome.OK else None
