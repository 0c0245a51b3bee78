"""A credential known to write keeps `run` from starting, unless the policy says why not."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import SettingsError, load_settings
from sre_advisor.setup.privileges import refuse_writers
from sre_advisor.setup.privileges.asking import review
from tests.connectors.github.standin import Standin
from tests.setup.privileges.conftest import answer, backends, github, grant

ROOT = Path(__file__).parents[3]
GITHUB = "ghp_" + "a1" * 18


def settings_file(tmp_path: Path, hub: Standin, slack: LocalSlack) -> Path:
    file = tmp_path / "advisor.yaml"
    content = backends(tmp_path, **github(hub), slack={"api_url": slack.api_url, "connections": 1})
    file.write_text(yaml.safe_dump(content))
    return file


async def program(*words: str, environment: dict[str, str]) -> tuple[int, str, str]:
    """What the program ends with and prints."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sre_advisor.cli", *words, stdout=-1, stderr=-1,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "src"), **environment},
    )  # fmt: skip
    try:
        out, err = await asyncio.wait_for(process.communicate(), 60)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, out.decode(), err.decode()


async def test_run_ends_with_2_and_the_reason_for_each_credential_that_writes(
    tmp_path: Path, hub: Standin, slack: LocalSlack
) -> None:
    answer(hub, scopes="repo, workflow", push=True)
    grant(slack, "chat:write.public", "channels:join")
    tokens = {"GITHUB_TOKEN": GITHUB, "SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
    file = str(settings_file(tmp_path, hub, slack))
    code, out, err = await program("run", "--config", file, environment=tokens)
    assert code == 2
    refusals = [line for line in err.splitlines() if line.startswith("sre-advisor: ")]
    assert "GITHUB_TOKEN (environment variable GITHUB_TOKEN) can write: scope repo; scope workflow" in refusals[0]
    assert "SLACK_BOT_TOKEN" in refusals[1]
    assert "channels:join" in refusals[1]
    assert "chat:write.public" in refusals[1]
    assert len(refusals) == 2

    code, out, _ = await program("privileges", "--json", "--config", file, environment=tokens)
    told = json.loads(out)
    assert code == 1
    assert told["ok"] is False
    stopping = {one["credential"] for one in told["credentials"] if one["stops_run"]}
    assert stopping == {"GITHUB_TOKEN", "SLACK_BOT_TOKEN"}
    assert {method for method, *_ in hub.seen} == {"GET"}, "a review never writes"
    for token in tokens.values():
        assert token not in out + err
    assert set(told) | set(told["credentials"][0]) == documented_keys()


async def test_the_policys_exception_is_read_by_the_program(tmp_path: Path, hub: Standin, slack: LocalSlack) -> None:
    answer(hub, scopes="repo", push=True)
    reason = "the App is approved in January"
    (tmp_path / "policy.yaml").write_text(f"write_credentials: [{{credential: GITHUB_TOKEN, reason: {reason}}}]\n")
    file = settings_file(tmp_path, hub, slack)
    with file.open("a") as more:
        more.write(f"policy: {{file: '{tmp_path}/policy.yaml'}}\n")
    code, out, _ = await program("privileges", "--config", str(file), environment={"GITHUB_TOKEN": GITHUB})
    assert code == 0
    assert reason in out


def documented_keys() -> set[str]:
    page = (ROOT / "docs/reference/privileges.md").read_text()
    return set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))


async def test_an_exception_with_a_reason_lets_it_start_and_stands_in_the_review(tmp_path: Path, hub: Standin) -> None:
    answer(hub, scopes="repo", push=True)
    settings, credentials = (
        load_settings(None, backends(tmp_path, **github(hub))),
        Credentials({"GITHUB_TOKEN": GITHUB}),
    )
    with pytest.raises(SettingsError, match="GITHUB_TOKEN"):
        await refuse_writers(settings, credentials, {"SLACK_BOT_TOKEN": "another one"})
    reason = "the App is approved in January"
    found = await refuse_writers(settings, credentials, {"GITHUB_TOKEN": reason, "GONE": "an old one"})
    shown: Any = found.as_json()
    entry = next(one for one in shown["credentials"] if one["credential"] == "GITHUB_TOKEN")
    assert (entry["access"], entry["exception"], entry["stops_run"]) == ("writes", reason, False)
    assert shown["unused_exceptions"] == ["GONE"]


async def test_what_cannot_be_asked_is_a_finding_and_holds_the_start_up_for_no_longer_than_the_deadline(
    tmp_path: Path,
) -> None:
    async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    hanging = {"url": f"http://127.0.0.1:{port}"}
    config = backends(
        tmp_path,
        prometheus=hanging,
        alertmanager={"url": "http://127.0.0.1:9"},
        slack={"api_url": f"http://127.0.0.1:{port}/api/"},
        github={"repositories": ["acme/shop"], "base_url": f"http://127.0.0.1:{port}"},
    )
    tokens = {"GITHUB_TOKEN": GITHUB, "SLACK_BOT_TOKEN": "xoxb-" + "1" * 12}
    began = asyncio.get_running_loop().time()
    found = await review(load_settings(None, config), Credentials(tokens), {}, deadline_s=1)
    assert asyncio.get_running_loop().time() - began < 3
    server.close()
    assert not found.stopping
    by_name = {one.credential: one for one in found.credentials}
    for name in ("prometheus (no credential)", "alertmanager (no credential)", "GITHUB_TOKEN", "SLACK_BOT_TOKEN"):
        assert by_name[name].access == "unknown"
        assert any("ask" in finding for finding in by_name[name].findings), name
