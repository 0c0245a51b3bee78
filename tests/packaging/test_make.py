"""What a person types after `make` reaches the program as it was typed."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).resolve().parents[2]
PRINTS_ITS_ARGUMENTS = '#!/bin/sh\nprintf \'%s\\n\' "$#" "$@"\n'


def checkout(folder: Path) -> Path:
    """A folder with the project's Makefile, where setting up is done and the program prints its arguments."""
    shutil.copy(ROOT / "Makefile", folder)
    for name, text in (
        ("scripts/setup-venv", "#!/bin/sh\n"),
        (".venv/bin/sre-advisor", PRINTS_ITS_ARGUMENTS),
        (".venv/bin/python", PRINTS_ITS_ARGUMENTS),
    ):
        script = folder / name
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(text, encoding="utf-8")
        script.chmod(0o755)
    return folder


def make_demo(folder: Path, *assignments: str) -> str:
    return make(folder, "demo", *assignments)


def make(folder: Path, *words: str) -> str:
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "ARGS", "WORKERS"))
    }
    return subprocess.run(
        ["make", "--no-print-directory", "--silent", *words],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def test_make_demo_alone_asks_nothing(tmp_path: Path) -> None:
    assert make_demo(checkout(tmp_path)) == "1\ndemo\n"


@pytest.mark.parametrize(
    ("words", "workers", "ends"),
    [
        ((), "2", ["--cov-report=term"]),
        (("ARGS=-k word",), "0", ["-k", "word"]),
        (("ARGS=-k word", "WORKERS=3"), "3", ["-k", "word"]),
    ],
)
def test_two_processes_share_all_tests_out_and_one_runs_those_that_are_named(
    tmp_path: Path, words: tuple[str, ...], workers: str, ends: list[str]
) -> None:
    told = make(checkout(tmp_path), "test", *words).splitlines()
    assert told[told.index("-n") + 1] == workers
    assert "--cov" in told
    assert told[-len(ends) :] == ends


def test_shell_and_make_syntax_in_a_question_is_not_carried_out(tmp_path: Path) -> None:
    folder = checkout(tmp_path)
    question = """it's "$HOME" `touch pwned` $(touch pwned) $(shell touch pwned) ${PATH}; touch pwned #x \\"""

    assert make_demo(folder, f"ASK={question}") == f"2\ndemo\n--ask={question}\n"
    assert not (folder / "pwned").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp", "Cs"]), min_size=1, max_size=60))
def test_any_question_reaches_the_program_as_typed(tmp_path: Path, question: str) -> None:
    typed = question.strip() or "why?"

    assert make_demo(checkout(tmp_path), f"ASK={typed}") == f"2\ndemo\n--ask={typed}\n"
