"""`init` writes what it found and says what it could not read."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sre_advisor.cli import app
from sre_advisor.settings import load_settings
from sre_advisor.setup.init import Wanted, completed
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


def test_a_person_is_asked_for_what_the_options_leave_open_only() -> None:
    asked: list[str] = []
    replies = iter(["http://am:9093", "/a /b=b", "", "acme/shop"])

    def ask(question: str) -> str:
        asked.append(question)
        return next(replies)

    got = completed(Wanted(prometheus="http://prom:9090"), ask)
    assert got == Wanted("http://prom:9090", "http://am:9093", ("/a", "/b=b"), (), ("acme/shop",))
    assert len(asked) == 4
    assert not any("Prometheus" in question for question in asked)
