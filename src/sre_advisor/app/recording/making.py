"""Reading what a recording lacks, through the broker, and writing it."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

from sre_advisor.app.assembly import Assembly
from sre_advisor.app.recording.answers import answers_of, earlier_signals
from sre_advisor.app.recording.asked import Asked
from sre_advisor.app.recording.manifest import manifest_of
from sre_advisor.app.recording.names import file_name, own_name
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.journal.events import RecordingBegun, RecordingEnded
from sre_advisor.model import Question
from sre_advisor.replay.capture import AFTER, BEFORE, Span, capture
from sre_advisor.replay.recorder import Recorder
from sre_advisor.replay.writer import CannotWrite, Captured, write_recording
from sre_advisor.settings import SettingsError


async def recorded(parts: Assembly, asked: Asked, out: Path) -> Path:
    """Read what is missing through the broker, and write all of it.

    Both ends are on record, under a name of the recorder's own: it asks nothing that anybody would answer.
    """
    own = Question(id=own_name(), investigation=own_name(), text=asked.question.text, asked_at=asked.now)
    begun = RecordingBegun(
        investigation=own.investigation, question=own.id, of=asked.on_record, text=asked.question.text
    )  # fmt: skip
    await parts.journal.append(begun)
    trouble = "was given up"
    try:
        made = await _made(parts, asked, own, out)
        trouble = ""
    except Exception as error:  # whatever it is: the record says why there is no recording, and who asked is told
        trouble = str(error) if isinstance(error, SettingsError) else type(error).__name__
        raise
    finally:
        ended = RecordingEnded(investigation=own.investigation, question=own.id, trouble=trouble)
        await parts.journal.append(ended)
    return made


async def _made(parts: Assembly, asked: Asked, own: Question, out: Path) -> Path:
    settings, now = parts.settings, asked.now
    async with AsyncExitStack() as stack:
        scratch = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sre-advisor-record-"))
        stack.callback(shutil.rmtree, scratch, ignore_errors=True)
        client = PrometheusClient(settings.prometheus) if settings.prometheus.url else None
        recorder = Recorder(client, settings.docs, settings.git, scratch, parts.investigator.broker.redactor)
        stack.push_async_callback(recorder.close)
        desk = parts.investigator.broker.including([recorder]).desk(own, now, parts.journal.append)
        answers = await answers_of(parts, desk, asked)
        span = Span(asked.start - BEFORE, now, min(now + AFTER, datetime.now(UTC)))
        answers += await earlier_signals(desk, span, asked)
        around = await capture(
            desk, recorder, span, asked.looked_at or tuple(desk.evidence),
            [folder.name for folder in settings.docs.folders], [r.name for r in settings.git.repositories],
        )  # fmt: skip
        captured = Captured(
            manifest_of(parts, desk, asked, answers, around, recorder),
            answers, around.metrics, around.eras, around.docs,
            _code(recorder),
        )  # fmt: skip
        redactor = parts.investigator.broker.redactor.numbering()
        try:
            return await asyncio.to_thread(write_recording, captured, out, redactor)
        except CannotWrite as trouble:
            raise SettingsError(str(trouble)) from None


def _code(recorder: Recorder) -> dict[str, Path | bytes]:
    """The bundles by their names, and beside each what ids became in it."""
    found: dict[str, Path | bytes] = {}
    for name, (_, made, file) in recorder.bundled.items():
        found[f"{file_name(name)}.bundle"] = file
        if made.commits:
            found[f"{file_name(name)}.commits"] = "".join(
                f"{old} {new}\n" for old, new in made.commits.items()
            ).encode()
    return found
