"""A server that is not installed skips a test by name, except where none may be missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers.requirements import REQUIRE, find_program, require_program

ROOT = Path(__file__).resolve().parents[2]


def test_a_missing_program_skips_with_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REQUIRE, raising=False)

    with pytest.raises(pytest.skip.Exception, match="sudo apt-get install some-package"):
        require_program("no-such-program", package="some-package")


def test_a_missing_program_fails_where_every_server_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REQUIRE, "1")

    with pytest.raises(pytest.fail.Exception, match="sudo apt-get install some-package"):
        require_program("no-such-program", package="some-package")


def test_the_first_name_that_is_installed_is_found() -> None:
    found = find_program("no-such-program", "sh")

    assert found is not None
    assert found.name == "sh"


@pytest.mark.parametrize(("required", "outcome"), [("1", "failed"), ("", "skipped")])
def test_any_skip_becomes_a_failure_where_every_server_must_be_there(
    tmp_path: Path, required: str, outcome: str
) -> None:
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_runtest_makereport\n")
    (tmp_path / "test_it.py").write_text("import pytest\n\ndef test_it():\n    pytest.skip('no server')\n")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path), "--rootdir", str(tmp_path)],
        env={**os.environ, REQUIRE: required, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert f"1 {outcome}" in done.stdout
