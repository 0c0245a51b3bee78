"""Storing a question that did not come as a message: from a button, a shortcut or the slash command."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from sre_advisor.journal.events import QuestionAsked
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question

log = structlog.get_logger(__name__)

Take = Callable[[Question], object]


class Asking:
    """Stores questions once and hands them on, as the ingress does with messages."""

    def __init__(self, journal: Journal, take: Take) -> None:
        self._journal, self._take = journal, take

    async def ask(self, question: Question, key: str) -> bool:
        """Store and hand on; False when this was asked before."""
        asked = QuestionAsked(investigation=question.investigation, question=question.id, asked=question)
        if not await self._journal.append_once(asked, key):
            return False
        log.info("question_stored", action="store", question=question.id)
        self._take(question)
        return True
