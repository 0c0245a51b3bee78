"""Setting up on a machine that lacks something says what, and what to type."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def machine(folder: Path, pythons: dict[str, str]) -> Path:
    """A checkout and a PATH with only `pythons`: names and the shell text that stands for each."""
    (folder / "bin").mkdir()
    (folder / "scripts").mkdir()
    for tool in ("sh", "cat", "cksum", "dirname", "rm"):
        found = shutil.which(tool)
        assert found is not None
        (folder / "bin" / tool).symlink_to(found)
    for name, text in pythons.items():
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (folder / "bin" / name).chmod(0o755)
    for file in ("scripts/setup-venv", "pyproject.toml", "requirements.lock", "requirements-build.lock"):
        shutil.copy(ROOT / file, folder / file)
    return folder


def set_up(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / "scripts" / "setup-venv"), "run"],
        env={"PATH": str(folder / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_python_is_said_in_one_line_with_what_to_type(tmp_path: Path) -> None:
    done = set_up(machine(tmp_path, {}))

    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "apt-get install python3" in done.stderr


def test_an_older_python_counts_as_missing(tmp_path: Path) -> None:
    done = set_up(machine(tmp_path, {"python3": "exit 1"}))

    assert done.returncode != 0
    assert "Python 3.11 or newer is needed" in done.stderr


def test_a_python_that_cannot_make_environments_is_said_with_the_package_of_its_version(tmp_path: Path) -> None:
    lacks_ensurepip = 'case "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.12-venv ;; esac'

    done = set_up(machine(tmp_path, {"python3": lacks_ensurepip}))

    assert done.returncode != 0
    assert len(done.stderr.splitlines()) == 1
    assert "python3 cannot make a virtual environment" in done.stderr
    assert "apt-get install python3.12-venv" in done.stderr
    assert not (tmp_path / ".venv").exists()
