"""What is wrong with a configuration is said in one line that names the place and never a value."""

import os
from pathlib import Path

import pytest

from sre_advisor.credentials import Credentials, CredentialUnreadable
from sre_advisor.settings import SettingsError, load_settings


def written(folder: Path, text: str) -> Path:
    path = folder / "advisor.yaml"
    path.write_text(text)
    return path


SECRET = "sw0rd" + "fish" * 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prometeus: {url: http://p:9090}", "prometeus: no such setting"),
        ("prometheus: {uri: http://p:9090}", "prometheus.uri: no such setting"),
        ("prometheus: {url: ftp://p}", "prometheus.url: needs http"),
        ("log: {}\nprometheus: [1, 2", "line 2: is no valid YAML"),
        ("- a\n- b", "must hold keys"),
        ("log:\n  level: 2024-13-45", "holds a value that is none: month must be in 1..12"),
        ("limits: {tool_calls: " + "9" * 5000 + "}", "holds a value that is none"),
        ("a: " + "[" * 5000, "is nested too deeply"),
        ("services: &a\n  - *a", "line 2: is no valid YAML: aliases"),
        ("log: {}\nlog: {}", "line 2: is no valid YAML: the key 'log' is given twice"),
        ("services: [{name: web}, {name: Web}]", "services: two services are called web"),
        ("docs: {folders: [{name: a, path: x}, {name: a, path: y}]}", "docs: two docs folders are called a"),
        ("git: {repositories: [{name: a, path: x}, {name: a, path: y}]}", "git: two repositories are called a"),
        ("limits: {tool_calls: many}", "limits.tool_calls: Input should be a valid integer"),
        (f"slack: {{bot_token: {SECRET}}}", "slack.bot_token: secrets are never read from this file"),
        (f"github: {{token: {SECRET}}}", "github.token: secrets are never read from this file"),
        (f"database: {{url: 'postgresql+psycopg://me:{SECRET}@db/x'}}", "database.url: holds a password"),
        (f"database: {{previous_keys: [{SECRET}]}}", "database.previous_keys: secrets are never read from this file"),
        ("database: {url: 'mysql://db/x'}", "database.url: use sqlite:///FILE or postgresql"),
    ],
)
def test_a_wrong_setting_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        load_settings(written(tmp_path, text))
    assert said in str(refusal.value)
    assert SECRET not in str(refusal.value)


def test_a_named_file_that_is_missing_is_an_error_and_a_default_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"none\.yaml: there is no such file"):
        load_settings(tmp_path / "none.yaml")
    assert not load_settings(None).has_backends


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRE_ADVISOR_PROMETHEUS__URL", "http://from-environment:9090")
    monkeypatch.setenv("SRE_ADVISOR_DATABASE__URL", "sqlite:///elsewhere.db")
    settings = load_settings(written(tmp_path, "prometheus: {url: 'http://from-file:9090', timeout_s: 3}"))
    assert settings.prometheus.url == "http://from-environment:9090"
    assert settings.prometheus.timeout_s == 3
    assert settings.database.url == "sqlite:///elsewhere.db"


@pytest.mark.parametrize("variable", ["SRE_ADVISOR_PROMETEUS__URL", "SRE_ADVISOR_LIMITS__TOOL_CALS"])
def test_an_unknown_variable_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "1")
    with pytest.raises(SettingsError, match="no such setting"):
        load_settings(written(tmp_path, ""))


def test_a_secret_can_come_from_a_file_that_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(SECRET + "\n")
    credentials = Credentials({"GITHUB_TOKEN_FILE": str(file)})
    assert credentials.get("GITHUB_TOKEN") == SECRET
    file.write_text("rotated" * 3)
    assert credentials.get("GITHUB_TOKEN") == "rotated" * 3


@pytest.mark.parametrize("content", [None, ""])
def test_a_secret_file_that_cannot_be_used_is_named(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "token").write_text(content)
    with pytest.raises(CredentialUnreadable, match="SLACK_BOT_TOKEN_FILE names"):
        Credentials({"SLACK_BOT_TOKEN_FILE": str(tmp_path / "token")}).get("SLACK_BOT_TOKEN")


def test_what_is_no_plain_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(SettingsError, match="is no plain file"):
        load_settings(tmp_path / "pipe.yaml")
    with pytest.raises(SettingsError, match=r"cannot be read|no such file"):
        load_settings(Path("x" * 5000))


def test_relative_paths_are_relative_to_the_file_that_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    text = "policy: {file: policy.yaml}\ndocs: {folders: [{name: d, path: docs}]}\ndatabase: {url: 'sqlite:///j.db'}"
    monkeypatch.chdir(tmp_path)
    settings = load_settings(written(folder, text))
    assert settings.policy.file == folder / "policy.yaml"
    assert settings.docs.folders[0].path == folder / "docs"
    assert settings.database.url == f"sqlite:///{folder}/j.db"


def test_a_wrong_value_in_the_environment_is_blamed_on_its_variable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_ADVISOR_SERVICES", '[{"name": 1}]')
    with pytest.raises(SettingsError, match=r"SRE_ADVISOR_SERVICES \(environment\)\.0\.name"):
        load_settings(written(tmp_path, ""))
