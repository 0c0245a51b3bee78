"""SIGTERM to the program at any moment of its start: it ends in order, with 0."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from benchmarks.measuring import process
from sre_advisor.broker.policy import policy_for
from sre_advisor.demo.local_slack import LocalSlack

PATIENCE_S = 60


def configuration(folder: Path, slack: LocalSlack) -> Path:
    (folder / "docs").mkdir()
    (folder / "docs" / "checkout.md").write_text("# Checkout\n\nAsk payments.\n")
    (folder / "policy.yaml").write_text(policy_for(slack.state.channel("incidents").id, "incidents"))
    file = folder / "advisor.yaml"
    settings = {
        "docs": {"folders": [{"name": "runbooks", "path": str(folder / "docs")}]},
        "slack": {"api_url": slack.api_url},
        "database": {"url": f"sqlite:///{folder}/journal.db"},
        "policy": {"file": str(folder / "policy.yaml")},
    }
    file.write_text(yaml.safe_dump(settings))
    return file


@asynccontextmanager
async def program(slack: LocalSlack, *command: str) -> AsyncGenerator[asyncio.subprocess.Process]:
    tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token, "ANTHROPIC_API_KEY": ""}
    started = await asyncio.create_subprocess_exec(
        *command, env=process.environment(tokens), stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield started
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


async def ended(started: asyncio.subprocess.Process) -> tuple[int | None, str]:
    """Its exit code, after what it still had to say."""
    _, said = await asyncio.wait_for(started.communicate(), PATIENCE_S)
    return started.returncode, said.decode()


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_a_program_that_waits_for_slack_to_let_it_in_ends_in_order(tmp_path: Path, method: str) -> None:
    slack = LocalSlack()
    await slack.start()
    slack.faults.late(method, 3 * PATIENCE_S, times=9)
    command = process.advisor(["run", "--config", str(configuration(tmp_path, slack))])
    async with program(slack, *command) as started:
        await slack.wait_until(lambda: slack.faults.injected["late"] >= 1, PATIENCE_S)
        started.send_signal(signal.SIGTERM)
        code, said = await ended(started)
    await slack.stop()
    assert code == 0
    assert "Traceback" not in said
    assert "never retrieved" not in said


async def test_a_program_that_still_loads_its_parts_ends_in_order(tmp_path: Path) -> None:
    slack = LocalSlack()
    await slack.start()
    (python, *words) = process.advisor(["run", "--config", str(configuration(tmp_path, slack))])
    async with program(slack, python, "-X", "importtime", *words) as started:
        assert started.stderr is not None
        # The package is done before the parts that the command needs of it, which take a second.
        async with asyncio.timeout(PATIENCE_S):
            while not (line := await started.stderr.readline()).endswith(b" sre_advisor.app\n"):
                assert line, "it ended before it was told to"
        started.send_signal(signal.SIGTERM)
        code, said = await ended(started)
    await slack.stop()
    assert code == 0
    assert "Traceback" not in said
