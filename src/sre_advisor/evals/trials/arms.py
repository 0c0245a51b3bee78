"""Who is compared: a model with a prompt, as named on the command line."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.model.names import repeated

OFFLINE = "offline"
_SCRIPTED = re.compile(
    r"scripted:(?P<right>0(?:\.\d+)?|1(?:\.0+)?|\.\d+)(?:@(?P<ms>\d{1,6})ms)?(?:\$(?P<usd>\d{1,3}(?:\.\d+)?))?"
)


@dataclass(frozen=True, slots=True)
class Script:
    """A stand-in: right with this probability, after so many seconds, at so many USD a call."""

    right: float
    seconds: float = 0.0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of a comparison. `prompt` is the system prompt's file, None for the program's own prompts."""

    model: str
    prompt: Path | None = None
    prompt_hash: str = ""

    @property
    def name(self) -> str:
        """What it is called in tables and on the command line."""
        return f"{self.model}+{self.prompt.stem}:{self.prompt_hash[:8]}" if self.prompt else self.model

    @property
    def is_model(self) -> bool:
        """Whether a model is asked, which speaks with a prompt."""
        return self.model != OFFLINE and self.script is None

    @property
    def script(self) -> Script | None:
        """The stand-in's script, if the arm is one."""
        match = _SCRIPTED.fullmatch(self.model)
        if match is None:
            return None
        return Script(float(match["right"]), int(match["ms"] or 0) / 1000, float(match["usd"] or 0))


def parse_arms(models: list[str], prompts: list[Path]) -> tuple[Arm, ...]:
    """Every model with every prompt, and who speaks with none once; raises EvalTrouble for what cannot be asked."""
    if not models:
        raise EvalTrouble("no model to ask: give --model offline, --model claude-… or --model scripted:0.9")
    named = [Arm(_named(model)) for model in models]
    if prompts and not any(arm.is_model for arm in named):
        raise EvalTrouble(
            f"a prompt is given, but {', '.join(models)} speaks with none: name a model, or leave the prompt out"
        )
    told = [_prompt(file) for file in prompts] or [(None, "")]
    arms = [Arm(arm.model, *one) for arm in named for one in (told if arm.is_model else [(None, "")])]
    if double := repeated(a.name for a in arms):
        raise EvalTrouble(
            f"{', '.join(double)} is given twice; give each model and prompt once, and --trials for more trials"
        )
    return tuple(arms)


def _named(model: str) -> str:
    if model == OFFLINE or _SCRIPTED.fullmatch(model) or (model and not model.startswith("scripted")):
        return model
    raise EvalTrouble(
        f"--model {model[:80]!r}: write scripted:P with a probability P from 0 to 1, such as scripted:0.9, "
        "scripted:0.9@50ms or scripted:0.9@50ms$0.01"
    )


def _prompt(file: Path) -> tuple[Path, str]:
    try:
        return file, hashlib.sha256(file.read_bytes()).hexdigest()[:16]
    except OSError as error:
        raise EvalTrouble(
            f"--prompt {file}: cannot be read ({error.strerror}); name a system prompt's template"
        ) from None
