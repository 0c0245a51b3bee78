"""Without anything to read, each command that reads says what to do instead of finding everything calm."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sre_advisor.cli import app


@pytest.mark.parametrize(
    ("words", "way"),
    [
        (["run"], "run `sre-advisor init` or name a file by --config"),
        (["ask", "why?"], "ask the bundled incident by --recording demo"),
        (["record", "--from", "1h", "--service", "shop", "--out", "r"], "run `sre-advisor init` or name a file"),
        (["record", "--investigation", "C1-1.1", "--out", "r"], "run `sre-advisor init` or name a file"),
    ],
)
def test_a_command_with_nothing_to_read_is_one_line_that_says_what_to_do(
    words: list[str], way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 2
    assert done.stderr.startswith("sre-advisor: nothing to read is configured: ")
    assert way in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []
