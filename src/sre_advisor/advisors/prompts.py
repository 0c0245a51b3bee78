"""The prompts: reviewed like code, rendered strictly, known by their hash."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from sre_advisor.advisors.briefing import ON_FILE
from sre_advisor.model import HYPOTHESIS_LIMIT, SUMMARY_LIMIT
from sre_advisor.packaged import prompts_dir

NAMES = ("system", "last_turn", "repetition", "repair", "mend")


class PromptError(Exception):
    """A template is missing or broken; says which and where."""


@dataclass(frozen=True, slots=True)
class Prompts:
    """The templates of one directory; `hash` changes when any of them, or what the system prompt says, does."""

    system: str
    hash: str
    _environment: Environment

    def last_turn(self, why: str) -> str:
        """The notice that the next answer must be the last."""
        return self._environment.get_template("last_turn.md.j2").render(why=why)

    def repetition(self) -> str:
        """The nudge after calls that were all made before."""
        return self._environment.get_template("repetition.md.j2").render()

    def repair(self, problem: str) -> str:
        """The request to mend an answer that could not be used."""
        return self._environment.get_template("repair.md.j2").render(problem=problem)

    def mend(self, failed: Sequence[tuple[str, str]]) -> str:
        """The one request to mend claims that do not hold: (place in the answer, why it does not hold)."""
        return self._environment.get_template("mend.md.j2").render(failed=failed)


def load_prompts(directory: Path | None = None, system: Path | None = None) -> Prompts:
    """The prompts in `directory`, by default the packaged ones, with another `system` if one is tried.

    Raises PromptError.
    """
    where = directory or prompts_dir()
    # Prompts are plain text for a model, not HTML: escaping would only distort them.
    environment = Environment(loader=FileSystemLoader(where), undefined=StrictUndefined, autoescape=False)  # noqa: S701
    digest = hashlib.sha256()
    try:
        for name in NAMES:
            digest.update((where / f"{name}.md.j2").read_bytes() + b"\0")
            environment.get_template(f"{name}.md.j2")
        tried = (
            environment.from_string(system.read_text("utf-8")) if system else environment.get_template("system.md.j2")
        )
        words = tried.render(on_file=ON_FILE, hypothesis_limit=HYPOTHESIS_LIMIT, summary_limit=SUMMARY_LIMIT)
    except (OSError, TemplateError, UnicodeDecodeError) as error:
        raise PromptError(f"the prompts in {system or where} cannot be used: {error}") from error
    digest.update(words.encode())
    return Prompts(words, digest.hexdigest()[:16], environment)
