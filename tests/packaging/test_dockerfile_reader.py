"""The reader that carries out the Dockerfile without an engine understands it as an engine would."""

from pathlib import Path

import pytest

from scripts.image_test.dockerfile import DockerfileError, assignments, exec_form, expand, ignored_by, parse

ROOT = Path(__file__).resolve().parents[2]


def test_lines_are_joined_at_a_backslash_and_comments_between_them_are_left_out() -> None:
    (stage,) = parse("FROM debian:bookworm-slim\nRUN one \\\n  # why two\n  && two\n")

    assert [(step.word, step.rest, step.line) for step in stage.steps] == [("RUN", "one && two", 2)]


def test_each_from_begins_a_stage_that_can_be_named() -> None:
    first, second = parse("FROM debian:bookworm-slim AS build\nFROM debian:bookworm-slim\nCOPY --from=build /a /b\n")

    assert (first.name, second.name) == ("build", "1")
    assert second.steps[0].option("from") == "build"
    assert second.steps[0].rest == "/a /b"


def test_an_instruction_it_does_not_know_is_refused_with_its_line() -> None:
    with pytest.raises(DockerfileError, match="line 2: ONBUILD"):
        parse("FROM debian:bookworm-slim\nONBUILD RUN x\n")


def test_a_step_before_the_first_from_is_refused() -> None:
    with pytest.raises(DockerfileError, match="before the first FROM"):
        parse("RUN x\n")


def test_variables_are_replaced_as_docker_does() -> None:
    assert expand(r"$A ${B} ${C:-c} \$D", {"A": "a", "B": "b"}) == "a b c $D"
    assert assignments('A=1 B="two words"') == {"A": "1", "B": "two words"}
    assert exec_form('["a", "b c"]') == ["a", "b c"]
    assert exec_form("a b") is None


@pytest.mark.parametrize(
    ("path", "ignored"),
    [
        ("src/sre_advisor/model.py", False),
        ("src/sre_advisor/__pycache__/model.pyc", True),
        ("tests/conftest.py", True),
        (".git/config", True),
        ("prompts/diagnose.md", False),
        ("advisor.yaml", True),
    ],
)
def test_the_builder_gets_only_what_the_image_needs(path: str, ignored: bool) -> None:
    patterns = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]

    assert ignored_by(Path(path), patterns) is ignored


def test_the_last_stage_of_the_image_runs_as_another_user_than_root_and_installs_no_build_tools() -> None:
    last = parse((ROOT / "Dockerfile").read_text(encoding="utf-8"))[-1]

    assert [step.rest for step in last.steps if step.word == "USER"] == ["advisor"]
    installed = " ".join(step.rest for step in last.steps if step.word == "RUN")
    assert not {"gcc", "build-essential", "python3-dev", "python3-pip", "make"} & set(installed.split())
