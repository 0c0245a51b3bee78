"""A question asked of live systems, recorded, all of them stopped: asked again, the answer is the same."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.live.faults import Incident
from tests.live.test_faults import live, program

CLOCK = ("duration_s", "read_at", "asked_at", "id", "investigation")
"""Fields of an answer that tell when it was made or how the question is called."""


async def test_a_recorded_question_gets_the_same_answer_when_everything_is_stopped(tmp_path: Path) -> None:
    incident = Incident("pool", 11, datetime.now(UTC))
    recording = tmp_path / "recording.tar.gz"
    async with live(tmp_path, incident) as garden:
        told = await garden.ask("what is going on?")
        _, listed, _ = await program(tmp_path, "audit", "list")
        name = next(word for word in listed.split() if word.startswith("terminal-"))
        code, out, err = await program(tmp_path, "record", "--investigation", name, "--out", str(recording))
        assert code == 0, out + err

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code, out, err = await program(
        elsewhere, "ask", "what is going on?", "--recording", str(recording), "--json"
    )
    assert code == 0, err
    again = json.loads(out)
    assert json.dumps(_without_clock(again), indent=1) == json.dumps(_without_clock(told), indent=1)
    assert not list(elsewhere.iterdir())


def _without_clock(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _without_clock(v) for k, v in value.items() if k not in CLOCK}
    return [_without_clock(v) for v in value] if isinstance(value, list) else value
