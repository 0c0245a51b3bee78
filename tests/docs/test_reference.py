"""The reference pages say what the code does: no more, no less."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

import sre_advisor
from scripts.reference.commands import commands_page, parameters
from scripts.reference.meanings import MEANINGS
from scripts.reference.pages import FOLDER, pages
from scripts.reference.policy import WHEN, all_keys
from scripts.reference.settings import all_settings
from sre_advisor.broker.policy import Policy
from sre_advisor.cli import app
from sre_advisor.investigate.answer import Answer
from sre_advisor.model import Claim, Diagnosis, Evidence, FirstLook, Line, Question, Verdict
from sre_advisor.settings import Settings

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", ["cli.md", "policy.md", "settings.md", "tools.md", "what-it-may-touch.md"])
async def test_a_generated_page_is_what_the_code_gives(name: str) -> None:
    on_disk = (FOLDER / name).read_text(encoding="utf-8")
    assert on_disk == (await pages())[name], "run: python -m scripts.reference"


def test_every_command_and_option_is_on_the_page_and_explained() -> None:
    import typer.main

    group: Any = typer.main.get_command(app)
    headings = set(re.findall(r"^## sre-advisor ([a-z -]+)$", commands_page(), re.MULTILINE))
    commands = dict(_flat(group, ""))
    assert headings == set(commands)
    for command in (group, *commands.values()):
        assert command.help
        for name, _, told in parameters(command):
            assert told, f"{name} is not explained"
            assert f"`{name}`".replace("|", "\\|") in commands_page()


def _flat(group: Any, before: str) -> Iterator[tuple[str, Any]]:
    """Every command with its whole name, those of groups too."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _flat(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def test_every_key_of_the_policy_is_explained_and_every_rule_is_one_the_code_gives() -> None:
    assert [key.path for key in all_keys() if not key.field.description] == []
    assert {key.path for key in all_keys() if "." not in key.path} == set(Policy.model_fields)
    folder = Path(sre_advisor.__file__).parent
    code = "".join(
        file.read_text() for room in ("broker/policy", "connectors") for file in (folder / room).rglob("*.py")
    )
    given = set(re.findall(r'Refused\(\s*"([a-z_]+)"', code)) | set(re.findall(r'"(channel_[a-z]+): ', code))
    given |= set(re.findall(r'"(who|kill_switch)"', code))
    assert given == set(WHEN)


def test_every_setting_is_explained_and_no_explanation_is_left_over() -> None:
    every = list(all_settings())
    assert [one.path for one in every if not one.meaning] == []
    assert {one.path.split(".")[0].removesuffix("[]") for one in every} == set(Settings.model_fields)
    used = {one.meaning for one in every if not one.field.description}
    assert [key for key, meaning in MEANINGS.items() if meaning not in used] == []


def keys_of(model: type[BaseModel], prefix: str) -> set[str]:
    """The keys of a model's JSON; lines and claims are described once."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(f"{prefix}{name}")
        inner = next((one for one in get_args(field.annotation) if isinstance(one, type)), None)
        if inner is not None and issubclass(inner, BaseModel) and inner not in (Line, Claim):
            found |= keys_of(inner, f"{prefix}{name}[].")
    return found


def test_every_key_of_the_answers_json_is_described_and_no_other() -> None:
    answer = Answer(
        Question("q", "q", "why?", NOW), "offline", FirstLook(headline=""),
        Diagnosis(verdict=Verdict.NOT_ENOUGH, summary=""), (), 0, 0, 0.0, 0.0,
    )  # fmt: skip
    produced = set(answer.as_json())
    produced |= keys_of(FirstLook, "first_look.") | keys_of(Diagnosis, "diagnosis.") | keys_of(Evidence, "evidence[].")
    produced |= keys_of(Line, "line.") | keys_of(Claim, "claim.")
    page = (FOLDER / "ask-json.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)) == produced
