"""Making a recording is on record, asks nothing of anybody, and does not keep a program that is told to stop."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import pytest

from sre_advisor.app.assembly import Assembly, assembled
from sre_advisor.app.metrics import Metrics
from sre_advisor.app.recording.asked import asked_on_record
from sre_advisor.app.recording.closed import ClosedIncidents
from sre_advisor.app.recording.making import recorded
from sre_advisor.credentials import Credentials
from sre_advisor.journal.archive import open_archive
from sre_advisor.journal.events import QuestionAnswered, QuestionAsked, RecordingBegun, RecordingEnded
from sre_advisor.model import Question
from sre_advisor.settings import Settings, SettingsError
from sre_advisor.terminal.record import entries_table, page
from tests.servers.recording_http import recording_server

PLACE, TEXT = "C1-100.1", "why is checkout failing?"


@asynccontextmanager
async def answered(folder: Path, **settings: object) -> AsyncGenerator[Assembly]:
    """The rooms, with one question on record that was asked and answered in Slack."""
    (folder / "docs").mkdir()
    (folder / "docs" / "checkout.md").write_text("# Checkout\n\nRestart it.\n")
    given: dict[str, object] = {
        "docs": {"folders": [{"name": "docs", "path": str(folder / "docs")}]},
        "database": {"url": f"sqlite:///{folder}/journal.db"},
    }
    async with assembled(Settings.model_validate(given | settings), Credentials({}), None) as parts:
        question = Question(PLACE, PLACE, TEXT, datetime.now(UTC), channel="C1", thread_ts="100.1", ts="100.1")
        await parts.journal.append(
            QuestionAsked(investigation=PLACE, question=PLACE, asked=question),
            QuestionAnswered(
                investigation=PLACE, question=PLACE, model_calls=0, tool_calls=0, cost_usd=0, duration_s=1
            ),
        )  # fmt: skip
        yield parts


async def test_a_recording_is_on_record_and_counts_as_no_question(tmp_path: Path) -> None:
    async with answered(tmp_path) as parts:
        metrics = Metrics()
        parts.journal.tell(metrics.tell)
        await recorded(parts, await asked_on_record(parts, PLACE), tmp_path / "r.tar.gz")
        assert await parts.journal.unfinished() == ()
        assert len(await parts.journal.of_kinds("question_asked")) == 1
        assert "sre_advisor_questions_asked_total 0.0" in metrics.text(0, 0).decode()
        begun, ended = await parts.journal.of_kinds("recording_begun", "recording_ended")
        database = parts.settings.database
    assert isinstance(begun, RecordingBegun)
    assert isinstance(ended, RecordingEnded)
    assert (begun.of, begun.text, ended.trouble) == (PLACE, TEXT, "")
    assert begun.investigation == ended.investigation != PLACE
    with open_archive(database) as archive:
        listed = entries_table(archive.entries())
        shown = page(list(archive.records(begun.investigation)))
    assert f"recording of {PLACE}: {TEXT}" in listed
    assert f"recording of {PLACE}: {TEXT}" in shown
    assert "read E1 " in shown


async def test_why_there_is_no_recording_is_on_record(tmp_path: Path) -> None:
    (tmp_path / "r.zip").write_text("here already")
    async with answered(tmp_path) as parts:
        with pytest.raises(SettingsError):
            await recorded(parts, await asked_on_record(parts, PLACE), tmp_path / "r.zip")
        (ended,) = await parts.journal.of_kinds("recording_ended")
    assert isinstance(ended, RecordingEnded)
    assert "is there already" in ended.trouble


async def test_a_fault_that_nobody_foresaw_is_on_record_by_its_name_and_told_to_who_asked(tmp_path: Path) -> None:
    async with answered(tmp_path) as parts:
        with pytest.raises(ValueError, match="null byte"):
            await recorded(parts, await asked_on_record(parts, PLACE), tmp_path / "r\0.zip")
        (ended,) = await parts.journal.of_kinds("recording_ended")
    assert isinstance(ended, RecordingEnded)
    assert ended.trouble == "ValueError"


@pytest.mark.alone
async def test_a_recording_of_a_slow_system_is_given_up_when_the_program_stops(tmp_path: Path) -> None:
    async with recording_server() as server:
        server.delay_s = 8
        prometheus = {"url": server.url, "timeout_s": 2}
        recordings = {"folder": str(tmp_path / "kept")}
        async with answered(tmp_path, prometheus=prometheus, recordings=recordings) as parts:
            closed = ClosedIncidents(parts)
            await closed.hear(PLACE)
            began = monotonic()
            await closed.stop(within_s=0.5)
            assert monotonic() - began < 2
            (ended,) = await parts.journal.of_kinds("recording_ended")
    assert isinstance(ended, RecordingEnded)
    assert ended.trouble == "was given up"
    assert not list(tmp_path.rglob("*.tar.gz"))


async def test_a_recording_that_ends_in_time_is_waited_for(tmp_path: Path) -> None:
    async with answered(tmp_path, recordings={"folder": str(tmp_path / "kept")}) as parts:
        closed = ClosedIncidents(parts)
        await closed.hear(PLACE)
        await closed.stop(within_s=60)
        (ended,) = await parts.journal.of_kinds("recording_ended")
    assert isinstance(ended, RecordingEnded)
    assert ended.trouble == ""
    assert len(list(tmp_path.rglob("*.tar.gz"))) == 1
