"""Asking a recording on the terminal answers from it and writes nothing into the record of real questions."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sre_advisor.cli import app
from tests.replay.small_recording import write


def ask(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        app(["ask", "what is going on?", "--json", *words])
    return int(ended.value.code or 0)


def test_a_recording_in_one_file_is_asked_and_no_journal_is_left_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = write(tmp_path / "r.tar.gz")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    assert ask("--recording", str(recording)) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["asked_at"] == "2026-01-05T12:00:00Z"
    assert any("Slow" in line["text"] for line in told["first_look"]["firing"])
    assert [file.name for file in tmp_path.iterdir()] == ["r.tar.gz"]


def test_a_journal_that_was_chosen_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SRE_ADVISOR_DATABASE__URL", f"sqlite:///{tmp_path}/chosen.db")
    assert ask("--recording", str(write(tmp_path / "r"))) == 0
    assert (tmp_path / "chosen.db").exists()


def test_a_broken_recording_is_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "r.zip").write_bytes(b"PK\x03\x04nothing")
    assert ask("--recording", "r.zip") == 2
    assert capsys.readouterr().err.count("\n") == 1
