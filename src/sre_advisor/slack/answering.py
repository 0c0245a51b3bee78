"""Answering one question in its thread, whatever happens."""

from __future__ import annotations

import asyncio
from typing import Protocol

import structlog

from sre_advisor.investigate.answer import Answer, Voice
from sre_advisor.investigate.intake import Unanswerable, admit
from sre_advisor.journal.events import QuestionRefused
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.model import Question
from sre_advisor.slack.door import By, Door, Refusal
from sre_advisor.slack.sessions import Sessions
from sre_advisor.slack.steering import Steering
from sre_advisor.slack.trouble import Undeliverable
from sre_advisor.slack.voice import SlackVoice
from sre_advisor.work.halt import KillSwitch, Stopped

log = structlog.get_logger(__name__)


class Answers(Protocol):
    """Whoever can answer a question (investigate.Investigator)."""

    async def answer(self, question: Question, voice: Voice) -> Answer:
        """Answer it through the voice."""
        ...

    async def conclude(self, question: Question, voice: Voice, why: str) -> Answer | None:
        """Close it with what is known by now; None when that is nothing."""
        ...


class Answering:
    """What the worker runs for each question from Slack."""

    def __init__(
        self, investigator: Answers, voice: SlackVoice, journal: Journal, door: Door, sessions: Sessions
    ) -> None:
        self._investigator, self._voice, self._journal, self._door = investigator, voice, journal, door
        self._switch = KillSwitch(journal)
        self._steering = Steering(journal, door.may_stop)
        self._sessions = sessions
        self._telling: dict[str, asyncio.Lock] = {}

    async def __call__(self, question: Question) -> None:
        """Answer in the thread, unless it may not or cannot be answered; then say so, and close the question.

        What is closed stays closed, however often it is handed over.
        """
        if await self._journal.is_closed(question):
            await self._voice.dismiss(question)
            return
        refusal = await self._door.refusal(question)
        if refusal is not None:
            await self._turn_away(question, refusal)
            return
        try:
            admit(question.text)
            await self._switch.run(lambda: self._steered(question))
        except (Unanswerable, Stopped) as reason:
            await self._refuse(question, str(reason), "intake")

    async def _steered(self, question: Question) -> None:
        """Work until it is done, corrected or stopped; what was stopped ends with what is known by then."""
        stopped = await self._steering.run(question, self._watched)
        await self._voice.dismiss(question)  # it was greeted when it came, also if it was never begun
        if stopped is None:
            return
        words = await self._sessions.stopped(stopped.stop)
        if not stopped.begun:
            await self._refuse(question, f"{words} before it was begun.", "intake")
            return
        try:
            known = await self._investigator.conclude(stopped.question, self._voice, f"{words}: what was known by then")
        except Undeliverable as refused:
            await self._close(question, refused)
            return
        if known is None:
            await self._refuse(question, f"{words} before anything was found.", "intake")

    async def _watched(self, question: Question) -> None:
        await self._voice.working(question, "is looking at alerts, metrics, changes and runbooks…")
        shown = asyncio.create_task(self._sessions.begin(question))
        try:
            await self._answer(question)
        finally:  # whatever happened, also a stop: nobody may be left watching "is looking"
            shown.cancel()
            await self._voice.working(question, "")
            await self._sessions.end(question)

    async def _answer(self, question: Question) -> None:
        try:
            await self._investigator.answer(question, self._voice)
        except Undeliverable as refused:
            await self._close(question, refused)
        except JournalUnavailable as trouble:  # what is not on record is not said: the next start answers it
            log.error("journal_unavailable", action="answer", error=str(trouble))
        except Exception:  # a person is waiting: they get a word and a number to quote, the log gets the rest
            log.exception("answer_failed", action="answer")
            await self._refuse(
                question, f"Something broke in me while I looked into this (ref {question.id}). Ask again.", "failure"
            )

    async def _turn_away(self, question: Question, refusal: Refusal) -> None:
        """Tell the asker alone, once for each rule and thread; the record holds every refusal.

        One at a time in a channel: direct messages that come together must not each be told.
        """
        channel = question.channel or ""
        async with self._telling.setdefault(channel, asyncio.Lock()):
            if not await self._door.told(question, refusal):
                await self._voice.whisper(question, refusal.said)
            if refusal.by == "quota":  # known only after it was shown that the question arrived
                await self._voice.working(question, "")
            log.info("question_refused", action="refuse", rule=refusal.rule)
            await self._record(question, refusal.on_record, refusal.by)

    async def _refuse(self, question: Question, words: str, by: By) -> None:
        try:
            await self._voice.say(question, "refusal", words[:1].upper() + words[1:])
        except Undeliverable as refused:
            await self._close(question, refused)
            return
        await self._record(question, words, by)

    async def _close(self, question: Question, refused: Undeliverable) -> None:
        """Slack takes no message there (not invited, archived, …): asking it again at each start would not help."""
        log.error("answer_undeliverable", action="close", error=refused.reason, channel=question.channel)
        await self._record(question, str(refused), "failure")

    async def _record(self, question: Question, rule: str, by: By) -> None:
        await self._journal.append(
            QuestionRefused(investigation=question.investigation, question=question.id, rule=rule, by=by)
        )
