"""The demo's thread, word for word, as a person on call reads it.

After a change that is meant, read the new text aloud, then keep it: `GOLDEN=write pytest tests/e2e/test_transcript.py`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.run import demo_slack, thread_about
from sre_advisor.replay.world import load_world

GOLDEN = Path(__file__).parent / "golden"
FOLLOW_UPS = (
    "what about the database?",
    "and inventory?",
    "show me the commit",
    "are you sure?",
    "since when?",
    "what changed?",
    "which runbook?",
    "how do I roll back?",
    "what about foobar?",
    "tell me a joke",
)


def settled(text: str) -> str:
    """The text without what differs between two runs: durations, sizes of pictures and the moments of reading."""
    text = re.sub(r"\d+\.\d s ·", "0.0 s ·", text)
    text = re.sub(r"Done after \d+(\.\d)? s", "Done after 0.0 s", text)
    text = re.sub(r", \d+ bytes\)", ", 0 bytes)", text)
    return re.sub(r"read \d\d:\d\d:\d\d UTC", "read 00:00:00 UTC", text)


async def transcript(folder: Path, *questions: str) -> str:
    async with demo_slack(load_world(WORLD), 0, folder) as slack:
        return settled(await thread_about(slack, *questions, times=False))


def hold(name: str, text: str) -> None:
    assert "dropped in checking" not in text
    path = GOLDEN / name
    if os.environ.get("GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    assert text == path.read_text()


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)


async def test_the_demos_answer_reads_as_agreed(tmp_path: Path) -> None:
    hold("answer.txt", await transcript(tmp_path, "why is checkout failing?"))


async def test_follow_ups_read_as_agreed(tmp_path: Path) -> None:
    hold("follow-ups.txt", await transcript(tmp_path, "why is checkout failing?", *FOLLOW_UPS))


async def test_the_summary_fits_a_notification_and_the_first_look_a_phone(tmp_path: Path) -> None:
    async with demo_slack(load_world(WORLD), 0, tmp_path) as slack:
        await thread_about(slack, "why is checkout failing?")
        root = next(m for m in slack.state.in_channel("incidents") if "why is checkout" in m.text)
        look = slack.state.message_text(slack.state.thread(root.channel, root.ts)[2])
    cited = re.sub(r" `E\d+`", "", look)
    assert len(cited) <= 1_300


async def test_a_misspelt_service_is_said_and_the_first_look_still_comes(tmp_path: Path) -> None:
    text = await transcript(tmp_path, "why is chekout failing?")
    assert "“chekout” is no service I know: did you mean checkout?" in text
    assert "the trouble seems to be in payments" in text
