"""The manifest asks for what the code uses: every method called and every event handled, and nothing else."""

from __future__ import annotations

import inspect
import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient
from typer.testing import CliRunner

import sre_advisor.setup
import sre_advisor.slack
from sre_advisor.broker.policy import policy_for
from sre_advisor.broker.policy.reading import parse_policy
from sre_advisor.cli import app
from sre_advisor.packaged import config_dir
from sre_advisor.slack import reactions, stops
from sre_advisor.slack.manifest import EVENT, Wanted, events, manifest, scopes
from sre_advisor.slack.scopes import FREE_EVENTS, FREE_METHODS, SCOPES

EVERY = [
    Wanted("usual" if usual else "mention-only", direct, reacts, groups, private, url)  # type: ignore[arg-type] # is one
    for usual, direct, reacts, groups, private, url in product(
        (True, False), (True, False), (True, False), (True, False), (True, False), (None, "https://advisor.example")
    )
]


def called() -> set[str]:
    """The Web API methods that the code calls through a client, by their names in Slack's documentation."""
    found: set[str] = set()
    for room in (sre_advisor.slack, sre_advisor.setup):
        for file in Path(str(room.__file__)).parent.glob("*.py"):
            for name in re.findall(r"client\.(\w+)\(", file.read_text(encoding="utf-8")):
                found |= methods_of(name)
    return found


def methods_of(name: str) -> set[str]:
    method = getattr(AsyncWebClient, name, None)
    if method is None:  # another client than Slack's
        return set()
    source = inspect.getsource(method)
    inner = re.findall(r"self\.(files_\w+)\(", source)
    return set(re.findall(r'api_call\(\s*"([\w.]+)"', source)).union(*(methods_of(one) for one in inner))


def test_every_method_that_is_called_has_its_scope_and_every_scope_is_for_something_that_is_used() -> None:
    listed = {need for scope in SCOPES for need in scope.needed_by if " " not in need} | set(FREE_METHODS)
    assert called() == listed


def test_every_event_that_is_subscribed_to_is_handled() -> None:
    bound = {name.removeprefix(EVENT) for s in SCOPES for name in s.needed_by if name.startswith(EVENT)}
    messages = {"app_mention", "message.channels", "message.groups", "message.im"}
    assert bound == {*messages, *reactions.EVENTS}
    assert {name for name, _ in FREE_EVENTS} == {stops.EVENT, "app_home_opened"}


@pytest.mark.parametrize("wanted", EVERY, ids=lambda w: json.dumps(w.__dict__ if hasattr(w, "__dict__") else str(w)))
def test_an_event_is_subscribed_to_only_with_its_scope_and_what_is_shown_is_only_what_works(wanted: Wanted) -> None:
    made, granted = manifest(wanted), set(scopes(wanted))
    for event in events(wanted):
        needing = [s.name for s in SCOPES if f"{EVENT}{event}" in s.needed_by]
        assert not needing or granted.intersection(needing), event
    features = made["features"]
    assert features["app_home"]["messages_tab_enabled"] is ("im:history" in granted)
    assert ("suggested_prompts" in features.get("agent_view", {})) <= ("im:history" in granted)
    assert ("slash_commands" in features) is ("shortcuts" in features) is ("commands" in granted)
    assert ("agent_view" in features) is ("assistant:write" in granted)
    assert made["settings"]["socket_mode_enabled"] is (wanted.url is None)
    addresses = re.findall(r'"(?:request_url|url)": "([^"]+)"', json.dumps(made))
    assert set(addresses) == ({"https://advisor.example/slack/events"} if wanted.url else set())


@pytest.mark.parametrize("wanted", EVERY[::5], ids=str)
def test_the_manifest_keeps_to_slacks_limits(wanted: Wanted) -> None:
    made = manifest(wanted)
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    agent = features.get("agent_view", {"agent_description": ""})
    assert len(agent["agent_description"]) <= 300
    assert len(agent.get("suggested_prompts", ())) <= 4
    for shortcut in features.get("shortcuts", ()):
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150
    for command in features.get("slash_commands", ()):
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 2000
    never = ("chat:write.public", "chat:write.customize", "channels:join", "files:read", "search:", "admin", "user:")
    assert not [scope for scope in scopes(wanted) if scope.startswith(never)]


def test_the_fewest_permissions_answer_mentions() -> None:
    wanted = Wanted("mention-only")
    assert scopes(wanted) == ["app_mentions:read", "chat:write", "users:read"]
    assert events(wanted) == ["app_home_opened", "app_mention"]


def printed(*options: str) -> Any:
    result = CliRunner().invoke(app, ["slack-manifest", *options])
    assert result.exit_code == 0, result.output
    return yaml.safe_load(result.stdout)


def test_the_shipped_manifest_is_the_one_that_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["slack-manifest"])
    shipped = (config_dir() / "slack-manifest.yaml").read_text(encoding="utf-8")
    assert result.stdout == shipped, "run: sre-advisor slack-manifest > config/slack-manifest.yaml"


def test_what_the_policy_uses_is_in_the_manifest_for_that_configuration(tmp_path: Path) -> None:
    policy = policy_for("C0A1", "ops").replace("reactions: false", "reactions: true")
    (tmp_path / "policy.yaml").write_text(policy + "direct_messages: {who: {groups: [S0A1]}}\n")
    (tmp_path / "advisor.yaml").write_text("policy: {file: policy.yaml}\n")
    made = printed("--config", str(tmp_path / "advisor.yaml"), "--private-channels")
    granted = set(made["oauth_config"]["scopes"]["bot"])
    assert {"im:history", "reactions:read", "usergroups:read", "groups:history"} <= granted
    assert made["features"]["app_home"]["messages_tab_enabled"] is True


@pytest.mark.parametrize("url", ["http://advisor.example", "advisor.example", "https://"])
def test_an_address_that_slack_would_not_send_to_is_one_clear_line(url: str) -> None:
    result = CliRunner().invoke(app, ["slack-manifest", "--url", url])
    assert result.exit_code == 2
    assert "https:// addresses only" in result.output


def test_a_policy_with_members_of_groups_somewhere_needs_the_scope_that_tells_of_them() -> None:
    policy = parse_policy("who: {all: true}\nchannels: {C0A1: {who: {groups: [S0A1]}}}\n", "the policy")
    assert Wanted.by(policy, "usual", private_channels=False, url=None).user_groups
    none = parse_policy("who: {all: true}\nchannels: {C0A1: {}}\n", "the policy")
    assert not Wanted.by(none, "usual", private_channels=False, url=None).user_groups
