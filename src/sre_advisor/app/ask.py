"""Asking on the terminal: the same way as in Slack, without Slack."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.broker.policy import Asker, Place, Refused, may_ask
from sre_advisor.credentials import Credentials
from sre_advisor.investigate.answer import Answer, Voice
from sre_advisor.investigate.chart import Chart
from sre_advisor.investigate.intake import Unanswerable, admit
from sre_advisor.journal.events import QuestionAsked, QuestionRefused
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.settings import Settings, SettingsError, load_settings
from sre_advisor.work.halt import KillSwitch, Stopped

if TYPE_CHECKING:
    from sre_advisor.replay.opening import Recording
    from sre_advisor.terminal.voice import TerminalVoice


async def ask_on_terminal(
    text: str,
    config: Path | None,
    recording: Path | None,
    *,
    as_json: bool,
    chart: Path | None = None,
    patch_file: Path | None = None,
) -> int:
    """Answer one question on standard output, a proposed patch into `patch_file`; 0 when it was answered."""
    question = _terminal_question(admit(text))
    if chart is not None and not await asyncio.to_thread(_has_folder, chart):
        raise SettingsError(f"--chart {chart}: there is no folder {chart.parent}; make it or name another")
    settings = load_settings(config).quieter()
    if recording is None:
        settings.require_backends(
            "run `sre-advisor init`, name a file by --config, or ask the bundled incident by --recording demo"
        )
    async with AsyncExitStack() as stack:
        world = await _opened(recording, stack) if recording else None
        if world is not None:
            settings = _with_own_journal(settings, stack)
        parts = await stack.enter_async_context(assembled(settings, Credentials(), None, world))
        if world is not None:
            question = replace(question, asked_at=world.asked_at or world.now)
        asked = QuestionAsked(investigation=question.investigation, question=question.id, asked=question)
        await parts.journal.append(asked)
        await _admitted(parts, question)
        spoken = _Silent() if as_json else _spoken(patch_file)
        voice = _Keeping(spoken, chart) if chart else spoken
        try:
            answer = await KillSwitch(parts.journal).run(lambda: parts.investigator.answer(question, voice))
        except Stopped as stop:
            refused = QuestionRefused(investigation=question.investigation, question=question.id, rule=str(stop))
            await parts.journal.append(refused)
            raise
    if answer.diagnosis.patch is not None and patch_file is not None:
        await asyncio.to_thread(_keep, answer.diagnosis.patch.diff, patch_file)
    if as_json:
        sys.stdout.write(json.dumps(answer.as_json(), ensure_ascii=False, indent=2) + "\n")
    return 0


def _has_folder(file: Path) -> bool:
    return file.absolute().parent.is_dir()


async def _admitted(parts: Assembly, question: Question) -> None:
    """Raises Unanswerable when the policy or a quota forbids the question; the refusal is on record then."""
    decision = may_ask(await parts.policies.current(), Asker(), Place())
    by: Literal["policy", "quota"] = "policy"
    words = str(decision) if isinstance(decision, Refused) else None
    if words is None:
        by, words = "quota", await parts.quotas.admit_question(question)
    if words is not None:
        refused = QuestionRefused(investigation=question.investigation, question=question.id, rule=words, by=by)
        await parts.journal.append(refused)
        raise Unanswerable(words)


async def _opened(recording: Path, stack: AsyncExitStack) -> Recording:
    from sre_advisor.replay.opening import open_recording

    return await stack.enter_async_context(open_recording(recording))


def _with_own_journal(settings: Settings, stack: AsyncExitStack) -> Settings:
    """What is asked of a recording does not belong into the record of real questions, unless one was chosen for it."""
    if "url" in settings.database.model_fields_set:
        return settings
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="sre-advisor-ask-"))
    database = settings.database.model_copy(update={"url": f"sqlite:///{folder}/journal.db"})
    return settings.model_copy(update={"database": database})


def _keep(diff: str, file: Path) -> None:
    """Write a patch as it was tried, line ends included; raises SettingsError."""
    try:
        file.write_text(diff, encoding="utf-8", newline="")
    except OSError as error:
        raise SettingsError(f"--patch {file}: cannot be written ({error.strerror})") from None


def _spoken(patch_file: Path | None) -> TerminalVoice:
    from rich.console import Console

    from sre_advisor.terminal.voice import TerminalVoice

    return TerminalVoice(Console(highlight=False), patch_file)


class _Silent:
    """A voice for callers who want the whole answer at the end."""

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing yet."""

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw nothing: nobody sees it."""

    async def answer(self, answer: Answer) -> None:
        """Say nothing: the caller has it."""


class _Keeping:
    """A voice that says what another does and keeps the chart in a file."""

    def __init__(self, voice: Voice, file: Path) -> None:
        self._voice, self._file, self._kept = voice, file, False

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say it."""
        await self._voice.first_look(question, look, evidence)

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw it into the file."""
        del question
        from sre_advisor.investigate.drawing import draw

        try:
            self._file.write_bytes(await asyncio.to_thread(draw, chart))
            self._kept = True
        except OSError as trouble:
            sys.stderr.write(f"sre-advisor: the chart could not be written to {self._file}: {trouble.strerror}\n")

    async def answer(self, answer: Answer) -> None:
        """Say it, and say when there was nothing to draw."""
        await self._voice.answer(answer)
        if not self._kept:
            sys.stderr.write("sre-advisor: no chart was written: nothing stands out that could be drawn\n")


def _terminal_question(text: str) -> Question:
    name = f"terminal-{datetime.now(UTC):%Y%m%dT%H%M%S}-{uuid4().hex[:6]}"
    return Question(id=name, investigation=name, text=text, asked_at=datetime.now(UTC))
