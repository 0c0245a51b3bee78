"""A run that is killed goes on where it was, and asks nothing twice that was finished."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from sre_advisor.evals.trials.store import TRIALS
from tests.standins.model_script import Step, answer
from tests.standins.model_server import ModelServer

CASES = ("nothing-1", "not-enough-evidence-1", "not-enough-evidence-2")
TRIALS_EACH = 6


def _unsure(_request: dict[str, Any]) -> Step:
    return answer({
        "verdict": "not_enough_evidence", "summary": "It cannot be told.", "hypotheses": [], "ruled_out": [],
        "not_checked": [], "commands": [],
    })  # fmt: skip


async def _started(server: ModelServer, out: Path, cache: Path) -> asyncio.subprocess.Process:
    only = [part for case in CASES for part in ("--only", case)]
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": "src", "HOME": str(cache), "XDG_CACHE_HOME": str(cache),
        "ANTHROPIC_API_KEY": server.api_key, "SRE_ADVISOR_MODEL__BASE_URL": server.url,
    }  # fmt: skip
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sre_advisor.cli", "evals", "run", "--suite", "bundled", "--model", "claude-sonnet-5-5",
        "--trials", str(TRIALS_EACH), "--parallel", "3", "--out", str(out), *only, env=environment,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


def _finished(out: Path) -> int:
    path = out / TRIALS
    return path.read_bytes().count(b"\n") if path.exists() else 0


async def test_a_run_killed_in_the_middle_never_asks_a_finished_trial_again(tmp_path: Path) -> None:
    out, total = tmp_path / "run", len(CASES) * TRIALS_EACH
    async with ModelServer(_unsure, delay_s=0.3) as server:
        process = await _started(server, out, tmp_path)
        async with asyncio.timeout(60):
            while _finished(out) < 5:
                assert process.returncode is None, (await process.communicate())[1].decode()
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        await process.wait()
        finished, asked = _finished(out), len(server.requests)
        assert 5 <= finished < total
        with (out / TRIALS).open("ab") as stream:  # as if it had died while writing a line
            stream.write(b'{"case": "nothing-1", "arm": "clau')

        resumed = await _started(server, out, tmp_path)
        stdout, stderr = await resumed.communicate()
        assert resumed.returncode == 0, (stdout + stderr).decode()
        assert len(server.requests) - asked == total - finished
    assert _finished(out) == total
