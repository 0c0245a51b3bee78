"""What should not be shared is found wherever in a recording it stands; what may be shared is not complained of."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from sre_advisor.broker.redaction import Redactor
from sre_advisor.cli import app
from sre_advisor.replay.lint import lint
from tests.replay.small_recording import edited, resealed, write

TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


def found(path: Path) -> list[str]:
    return [str(one) for one in lint(path, Redactor().numbering())]


@pytest.mark.parametrize("name", ["r", "r.tar.gz", "r.zip"])
def test_a_recording_of_nothing_private_passes(name: str, tmp_path: Path) -> None:
    assert found(write(tmp_path / name)) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (TOKEN, "a secret"),
        ("ask ada@acme.io", "an e-mail address: ada@acme.io"),
        ("10.1.2.3:8080 is down", "an internal IP address: 10.1.2.3"),
        ("see grafana.ops.internal", "an internal host name: grafana.ops.internal"),
        ("web.shop.svc.cluster.local", "an internal host name"),
        ("from /home/ada/shop/main.py", "a path of somebody's machine: /home/ada/shop/main.py"),
        ("<@U012ABCDEF> said so", "a person's account"),
    ],
)
def test_each_kind_is_found_in_the_manifest_and_in_documents(text: str, what: str, tmp_path: Path) -> None:
    def change(told: dict[str, Any]) -> None:
        told["question"] = text

    assert any(what in line and "recording.json:" in line for line in found(edited(write(tmp_path / "a"), change)))
    documents = resealed(write(tmp_path / "b"), "docs/runbooks/web.md", f"# web\n\n{text}\n".encode())
    assert any(what in line and "web.md:3" in line for line in found(documents))


def test_a_secret_is_never_printed(tmp_path: Path) -> None:
    path = resealed(write(tmp_path / "r"), "docs/runbooks/web.md", f"key {TOKEN}\n".encode())
    assert TOKEN not in "\n".join(found(path))


@pytest.mark.parametrize(
    "text", ["version 1.2.3.4.5", "127.0.0.1", "8.8.8.8", "ada@example.com", "/api/v1/query", "/etc/app"]
)
def test_what_may_be_shared_is_not_complained_of(text: str, tmp_path: Path) -> None:
    assert found(resealed(write(tmp_path / "r"), "docs/runbooks/web.md", f"# web\n\n{text}\n".encode())) == []


def test_a_bundle_is_named_as_unredacted_with_the_people_and_secrets_in_it(tmp_path: Path) -> None:
    def git(*words: str) -> None:
        who = ["-c", "user.name=Ada Example", "-c", "user.email=ada@acme.io"]
        subprocess.run(["git", *who, *words], cwd=tmp_path / "code", check=True, capture_output=True)

    (tmp_path / "code").mkdir()
    git("init", "--quiet", "--initial-branch=main")
    (tmp_path / "code" / "settings.py").write_text(f'TOKEN = "{TOKEN}"\n')
    git("add", "--all")
    git("commit", "--quiet", "--message", "start")
    git("bundle", "create", str(tmp_path / "shop.bundle"), "HEAD", "main")
    path = resealed(write(tmp_path / "r"), "code/shop.bundle", (tmp_path / "shop.bundle").read_bytes())
    said = "\n".join(found(path))
    for what in ("holds code and history as they are", "name as author: Ada Example", "ada@acme.io", "a secret ("):
        assert what in said
    assert TOKEN not in said


def test_the_exit_code_tells_whether_anything_was_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clean = write(tmp_path / "clean.zip")
    dirty = resealed(write(tmp_path / "dirty"), "docs/runbooks/web.md", b"10.1.2.3\n")
    for paths, code in (([clean], 0), ([clean, dirty], 1), ([tmp_path / "none"], 2)):
        with pytest.raises(SystemExit) as ended:
            app(["recordings", "lint", *map(str, paths)])
        assert ended.value.code == code
    assert "10.1.2.3" in capsys.readouterr().out
