"""A recording of version 2 is read as it was written, and answers what it can and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

import sre_advisor
from sre_advisor.connectors.contract import NoData, Reading, Role, Scope, Tool
from sre_advisor.model import Series
from sre_advisor.replay.coverage import NotRecorded
from sre_advisor.replay.local_prometheus import installed
from sre_advisor.replay.opening import Recording, open_recording
from sre_advisor.replay.shelf import Shelf
from sre_advisor.replay.world import load_world
from tests.replay.small_recording import CHANGE, NOW, START, write

SIGNALS = {"start": START.isoformat(), "end": NOW.isoformat()}
needs_prometheus = pytest.mark.skipif(installed() is None, reason="needs prometheus: sudo apt-get install prometheus")


def tool(recording: Recording, name: str) -> Tool:
    return next(t for c in recording.connectors for t in c.tools() if t.name == name)


async def ask(recording: Recording, name: str, **args: Any) -> Reading:
    found = tool(recording, name)
    return await found.run(found.args.model_validate(args), recording.now)


@pytest.mark.parametrize("name", ["folder", "file.tar.gz", "file.zip"])
async def test_a_recording_is_read_as_it_was_written_in_every_form(name: str, tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / name), use_prometheus=False) as recording:
        assert (recording.id, recording.question, recording.now) == ("small-2", "what is going on?", NOW)
        assert [service.name for service in recording.catalogue.services] == ["web", "db"]
        assert (await ask(recording, "github_changes", **SIGNALS)).nouns == (CHANGE,)
        found = await ask(recording, "docs_search", query="restart")
        assert "runbooks/web.md" in json.dumps(found.body)


def test_the_same_recording_is_the_same_bytes(tmp_path: Path) -> None:
    one, other = write(tmp_path / "a.zip"), write(tmp_path / "b.zip")
    assert one.read_bytes() == other.read_bytes()


async def test_an_identical_request_gets_the_recorded_answer_in_other_words_for_the_same(tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / "r"), use_prometheus=False) as recording:
        same_moment = {"start": SIGNALS["start"].replace("+00:00", "Z"), "end": SIGNALS["end"]}
        reading = await ask(recording, "metrics_golden_signals", **same_moment)
        assert (reading.summary, reading.body) == ("as it was", {"rows": []})
        assert [n.service for n in reading.nouns if isinstance(n, Series)] == ["web"]
        with pytest.raises(NoData, match="nobody wrote"):
            await ask(recording, "thread_read", limit=40)
        assert (recording.coverage.identical, recording.coverage.asked) == (2, 2)


async def test_what_cannot_be_answered_is_called_not_recorded_and_counted(tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / "r"), use_prometheus=False) as recording:
        with pytest.raises(NotRecorded, match="not recorded"):
            await ask(recording, "github_changes", start=START.isoformat(), end=START.isoformat())
        await ask(recording, "alerts_active")
        assert (recording.coverage.not_recorded, recording.coverage.identical) == (1, 1)
        assert recording.coverage.share == 0.5


async def test_a_tool_keeps_its_role_and_a_narrowed_channel_is_not_given_the_recorded_answer(tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / "r"), use_prometheus=False) as recording:
        assert tool(recording, "github_changes").role is Role.CHANGES
        alerts = tool(recording, "alerts_active")
        assert alerts.scoped is not None
        with pytest.raises(NoData):
            await alerts.scoped(alerts.args(), recording.now, Scope(services=frozenset({"db"})))
        assert recording.coverage.identical == 0


@needs_prometheus
async def test_other_queries_are_answered_by_a_real_prometheus_over_the_recorded_series(tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / "r.tar.gz")) as recording:
        reading = await ask(recording, "metrics_query", query="sum(rate(requests_total[10m]))", kind="instant")
        assert isinstance(reading.body, dict)
        assert json.dumps(reading.body["series"]).count('"last": 12,') == 1
        assert recording.backend == "prometheus"
        assert recording.coverage.from_world == 1


@needs_prometheus
@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("unheld", "unheld"),
        ("requests_total offset 4h", "series are held of"),
        ("rate(requests_total[4h])", "series are held of"),
        ('{service="web"}', "unheld"),
        ("requests_total @ 1767600000", "named by @"),
        ("max_over_time(rate(requests_total[5m])[4h:1m])", "series are held of"),
    ],
)
async def test_a_query_beyond_what_was_recorded_is_not_answered_with_nothing(
    query: str, why: str, tmp_path: Path
) -> None:
    async with open_recording(write(tmp_path / "r")) as recording:
        with pytest.raises(NotRecorded, match=why):
            await ask(recording, "metrics_query", query=query, kind="instant")
        assert recording.coverage.not_recorded == 1


@needs_prometheus
async def test_a_metric_that_did_not_exist_then_has_no_data_which_is_an_answer(tmp_path: Path) -> None:
    async with open_recording(write(tmp_path / "r")) as recording:
        with pytest.raises(NoData):
            await ask(recording, "metrics_query", query="never_was", kind="instant")
        assert (recording.coverage.from_world, recording.coverage.not_recorded) == (1, 0)


@needs_prometheus
def test_a_recording_is_unpacked_and_served_once_a_process_and_gone_when_it_is_let_go(tmp_path: Path) -> None:
    path, programs, shelf = write(tmp_path / "r.zip"), installed(), Shelf()
    assert programs is not None
    one, other = shelf.take(path), shelf.take(path)
    server = one.prometheus(programs)
    assert one is other
    assert other.prometheus(programs) is server
    assert httpx.get(f"{server.url}/-/ready", trust_env=False).status_code == 200
    shelf.clear()
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}/-/ready", trust_env=False)
    assert not one.scratch.exists()


@needs_prometheus
def test_its_prometheus_ends_even_when_this_program_is_killed(tmp_path: Path) -> None:
    script = (
        "import sys,time; from pathlib import Path; from sre_advisor.replay.shelf import Shelf\n"
        "from sre_advisor.replay.local_prometheus import installed\n"
        "print(Shelf().take(Path(sys.argv[1])).prometheus(installed()).url, flush=True); time.sleep(60)"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(sre_advisor.__file__).parents[1])}
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(write(tmp_path / "r"))], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert httpx.get(f"{url}/-/ready", trust_env=False).status_code == 200
    child.kill()
    child.wait()
    until = time.monotonic() + 10
    while time.monotonic() < until:
        try:
            httpx.get(f"{url}/-/ready", trust_env=False)
        except httpx.HTTPError:
            return
        time.sleep(0.1)
    raise AssertionError("the server outlived the program")


async def test_secrets_are_gone_before_anything_is_written(tmp_path: Path) -> None:
    token = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"
    write(tmp_path / "r", question=f"why does {token} not work?")
    told = (tmp_path / "r" / "recording.json").read_text()
    assert token not in told
    assert json.loads(told)["redactions"] == 1


@pytest.mark.parametrize("name", ["folder", "file.tar.gz"])
def test_its_nouns_are_a_world_like_any_other(name: str, tmp_path: Path) -> None:
    world = load_world(write(tmp_path / name))
    assert (world.id, world.now, [alert.name for alert in world.alerts]) == ("small-2", NOW, ["Slow"])
    assert [(one.service, one.name, one.times.size) for one in world.series] == [("web", "requests_rate", 181)]
