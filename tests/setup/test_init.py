"""`init` writes what it found and says what it could not read."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner

import sre_advisor
from sre_advisor.broker.policy import Allowed, Asker, Place, may_ask, read_policy
from sre_advisor.cli import app
from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.settings import load_settings
from sre_advisor.setup.asking import completed
from sre_advisor.setup.documents import read_headings
from sre_advisor.setup.init import Wanted, initialise
from tests.setup.conftest import repository

FILES = {
    "services/cart/Dockerfile": "FROM scratch\n",
    "services/cart/main.go": 'url := os.Getenv("PAYMENTS_URL")\n',
    "services/payments/Dockerfile": "FROM scratch\n",
    "services/payments/app.py": 'DB = "postgres://app@ledger:5432/x"\n',
    "services/payments/tests/test_app.py": 'CART = "http://cart:8080"\n',
    "compose.yaml": "services: {ledger: {image: 'postgres:16'}}\n",
    "docs/cart.md": "# Cart\n\nText\n",
    "docs/oncall.md": "# On call\n\n## When payments is slow\n\nText\n",
    "services/payments/OWNERS": "approvers:\n- grace\n",
}


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["init", *words])
    return result.exit_code, result.output


def test_services_are_found_in_repositories_alone(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    code, said = run("--repository", str(shop), "--output", str(tmp_path / "advisor.yaml"), "--yes")

    assert code == 0, said
    services = {one.name: one for one in load_settings(tmp_path / "advisor.yaml").services}
    assert set(services) == {"cart", "payments", "ledger"}
    assert services["cart"].depends_on == ("payments",)
    assert services["cart"].docs == ("shop-docs/cart.md",)
    assert services["payments"].depends_on == ("ledger",), "a test's address is no dependency"
    assert services["payments"].docs == ("shop-docs/oncall.md",)
    assert services["payments"].owners == ("grace",)
    assert services["payments"].repositories[0].paths == ("services/payments",)


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (("services/cart/config.yaml", "services/pay/main.py", "tools/package.json"), {"cart", "pay"}),
        (("cart/Dockerfile", "docs/package.json", "lib/go.mod"), {"cart"}),
        (("src/cart/go.mod", "src/words/words.go"), {"cart"}),
        (("Dockerfile", "main.go", "handlers/cart.go"), {"shop"}),
        (("README.md", "notes/cart.txt"), set[str]()),
    ],
)
def test_a_repositorys_layout_shows_its_services(files: tuple[str, ...], names: set[str], tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", dict.fromkeys(files, "text\n"))
    code, said = run("--repository", str(shop), "--output", str(tmp_path / "advisor.yaml"))
    assert code == 0, said
    assert {one.name for one in load_settings(tmp_path / "advisor.yaml").services} == names


def test_a_file_that_is_there_is_kept_unless_force_is_given(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    output = tmp_path / "advisor.yaml"
    output.write_text("log: {level: error}\n")
    words = ("--repository", str(shop), "--output", str(output))

    code, said = run(*words)
    assert code == 2
    assert "--force" in said
    assert output.read_text() == "log: {level: error}\n"

    assert run(*words, "--force")[0] == 0
    assert "services:" in output.read_text()


def test_what_cannot_be_read_is_said_in_a_line_and_left_out_as_a_comment(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    output = tmp_path / "advisor.yaml"
    code, said = run(
        "--prometheus", "http://127.0.0.1:9", "--alertmanager", "http://127.0.0.1:9", "--repository", str(shop),
        "--repository", str(tmp_path / "gone"), "--docs", str(tmp_path / "nowhere"), "--output", str(output),
    )  # fmt: skip

    assert code == 1
    assert "Traceback" not in said
    assert said.count("left out") == 3
    settings = load_settings(output)
    assert settings.prometheus.url is None
    assert [one.name for one in settings.git.repositories] == ["shop"]
    assert not settings.docs.folders
    assert "# http://127.0.0.1:9 could not be read: unreachable" in output.read_text()


async def test_a_token_is_taken_from_where_the_environment_says_and_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = "token-" + "7" * 12

    async def serve(request: web.Request) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({}, status=401)
        alert = {"labels": {"alertname": "A", "service": "cart"}, "status": {}, "startsAt": "2026-03-01T00:00:00Z"}
        return web.json_response([alert] if request.path.endswith("alerts") else [])

    alertmanager = web.Application()
    alertmanager.add_routes([web.get("/{path:.*}", serve)])
    async with TestServer(alertmanager) as server:
        wanted = Wanted(alertmanager=f"http://127.0.0.1:{server.port}", output=tmp_path / "advisor.yaml", force=True)
        assert await initialise(wanted) == 1
        assert "SRE_ADVISOR_ALERTMANAGER__TOKEN_ENV" in (tmp_path / "advisor.yaml").read_text()

        monkeypatch.setenv("SRE_ADVISOR_ALERTMANAGER__TOKEN_ENV", "MY_TOKEN")
        monkeypatch.setenv("MY_TOKEN", token)
        assert await initialise(wanted) == 0
    text = (tmp_path / "advisor.yaml").read_text()
    assert token not in text
    assert "name: cart  # seen in alerts" in text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nothing to look at"),
        (("--prometheus", "http://ada:" + "hunter2" + "@prom:9090"), "--prometheus: holds a user name or password"),
        (("--github", "just-a-name"), "write it as owner/name"),
        (("--repository", "."), None),
    ],
)
def test_what_is_no_use_is_one_clear_line(words: tuple[str, ...], said: str | None, tmp_path: Path) -> None:
    if said is None:
        words, said = ("--repository", f"{tmp_path}=one", "--repository", f"{tmp_path}=one"), "two are called one"
    code, output = run(*words, "--output", str(tmp_path / "advisor.yaml"))
    assert code == 2
    assert said in output
    assert "hunter2" not in output
    assert not (tmp_path / "advisor.yaml").exists()


PROGRAM = """
import signal
from sre_advisor.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""The program as a terminal starts it: jobs in the background of a script ignore the interrupt from birth."""


def on_a_terminal(folder: Path, *options: str) -> tuple[subprocess.Popen[str], int]:
    ours, theirs = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SRE_ADVISOR_")}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "init", *options],
        cwd=folder, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=environment | {"PYTHONPATH": str(Path(sre_advisor.__file__).parents[1])},
    )  # fmt: skip
    os.close(theirs)
    return process, ours


def test_on_a_terminal_a_person_is_asked_and_the_file_written(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    process, ours = on_a_terminal(tmp_path, "--prometheus", "http://127.0.0.1:9")
    os.write(ours, f"\n{tmp_path}/shoop\n{shop}\n\n\n\n".encode())
    _, said = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 1, said
    assert "Alertmanager" in said
    assert "shoop: there is no such folder" in " ".join(said.split())
    assert "Prometheus, like" not in said
    assert {one.name for one in load_settings(tmp_path / "advisor.yaml").services} == {"cart", "payments", "ledger"}


def test_interrupted_while_asked_it_ends_at_once_and_writes_nothing(tmp_path: Path) -> None:
    process, ours = on_a_terminal(tmp_path)
    assert process.stderr is not None
    while "Prometheus, like" not in process.stderr.readline(30):
        pass
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) == 130
    os.close(ours)
    process.stderr.close()
    assert list(tmp_path.iterdir()) == []


def test_a_person_is_asked_for_what_the_options_leave_open_only(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    asked: list[str] = []
    code = (f"{tmp_path}/a", f"{tmp_path}/b=b")
    replies = iter(["http://am:9093", " ".join(code), "", "acme/shop", "C0123ABCD"])

    def ask(question: str) -> str:
        asked.append(question)
        return next(replies)

    given = Wanted(prometheus="http://prom:9090", output=tmp_path / "advisor.yaml")
    got = completed(given, ask, pytest.fail)
    assert got == replace(
        given, alertmanager="http://am:9093", repositories=code, github=("acme/shop",), channel="C0123ABCD"
    )
    assert len(asked) == 5
    assert not any("Prometheus" in question for question in asked)


def test_an_answer_that_cannot_be_used_is_asked_for_again_and_the_others_kept(tmp_path: Path) -> None:
    replies = iter(["prom:9090/no", "http://prom:9090", "", "", "", "shop", "acme/shop", "incidents", "C0123ABCD"])
    told: list[str] = []
    got = completed(Wanted(output=tmp_path / "advisor.yaml"), lambda _: next(replies), told.append)
    assert (got.prometheus, got.github, got.channel) == ("http://prom:9090", ("acme/shop",), "C0123ABCD")
    assert [problem.split(":")[0] for problem in told] == ["--prometheus", "--github", "--channel"]


def test_the_channel_named_may_ask_at_once(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    output = tmp_path / "advisor.yaml"
    code, said = run("--repository", str(shop), "--channel", "C0123ABCD=ops: #1", "--output", str(output), "--yes")
    assert code == 0, said
    policy, _ = read_policy(load_settings(output).policy.file or Path())
    assert policy.channels["C0123ABCD"].name == "ops: #1"
    member = Asker("U0ADA", "T0HOME", guest=False, external=False, groups=frozenset())
    assert isinstance(may_ask(policy, member, Place("C0123ABCD")), Allowed)
    output.unlink()
    code, said = run("--repository", str(shop), "--channel", "C0123ABCD", "--output", str(output), "--yes")
    assert (code, output.exists()) == (2, False)
    assert "policy.yaml: is there already" in said


def test_a_channels_name_in_place_of_its_id_is_refused(tmp_path: Path) -> None:
    shop = repository(tmp_path / "shop", FILES)
    output = tmp_path / "advisor.yaml"
    code, said = run("--repository", str(shop), "--channel", "incidents", "--output", str(output), "--yes")
    assert (code, output.exists(), (tmp_path / "policy.yaml").exists()) == (2, False, False)
    assert "'incidents' is no channel's id" in said


def test_a_document_that_is_no_text_hides_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(bytes(range(128, 256)) * 40)
    (tmp_path / "cart.md").write_text("# Cart\n", encoding="utf-8")
    headings, trouble = read_headings(DocsFolder(name="docs", path=tmp_path))
    assert list(headings) == ["docs/cart.md"]
    assert not trouble
