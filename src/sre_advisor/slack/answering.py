"""Answering one question in its thread, whatever happens."""

from __future__ import annotations

from typing import Protocol

import structlog

from sre_advisor.investigate.answer import Answer, Voice
from sre_advisor.investigate.intake import Unanswerable, admit
from sre_advisor.journal.events import QuestionRefused
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.delivery import SlackVoice
from sre_advisor.work.halt import KillSwitch, Stopped

log = structlog.get_logger(__name__)


class Answers(Protocol):
    """Whoever can answer a question (investigate.Investigator)."""

    async def answer(self, question: Question, voice: Voice) -> Answer:
        """Answer it through the voice."""
        ...


class Answering:
    """What the worker runs for each question from Slack."""

    def __init__(self, investigator: Answers, voice: SlackVoice, journal: Journal) -> None:
        self._investigator, self._voice, self._journal = investigator, voice, journal
        self._switch = KillSwitch(journal)

    async def __call__(self, question: Question) -> None:
        """Answer in the thread, unless it has no words or everything is stopped; then say so, and close the question."""
        try:
            admit(question.text)
            await self._switch.run(lambda: self._answer(question))
        except Unanswerable as reason:
            await self._refuse(question, str(reason))
        except Stopped as stop:
            await self._refuse(question, str(stop))
            await self._voice.working(question, "")

    async def _answer(self, question: Question) -> None:
        """A defect of ours ends in an honest word in the thread."""
        await self._voice.working(question, "is looking at alerts, metrics, changes and runbooks…")
        try:
            await self._investigator.answer(question, self._voice)
        except Exception:  # a person is waiting: they get a word and a number to quote, the log gets the rest
            log.exception("answer_failed", action="answer")
            await self._refuse(
                question, f"Something broke in me while I looked into this (ref {question.id}). Ask again."
            )
            await self._voice.working(question, "")

    async def _refuse(self, question: Question, words: str) -> None:
        await self._voice.say(question, "refusal", words[:1].upper() + words[1:])
        await self._journal.append(
            QuestionRefused(investigation=question.investigation, question=question.id, rule=words)
        )
