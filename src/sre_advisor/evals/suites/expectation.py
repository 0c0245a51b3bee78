"""What a good answer to a case says, and what none may say: `expect.yaml`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from sre_advisor.model import CommandLabel, Verdict


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("is no regular expression") from None
    return text


Pattern = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_pattern)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
Group = Annotated[tuple[Name, ...], Field(min_length=1)]
"""Words of which one must be said: synonyms, compared without case, each matching from the start of a word."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cause(_Part):
    """The true cause.

    `change` holds the ids that all name the guilty change, is empty where none is, and None where nothing is known
    about changes; `mechanism` is a group of synonyms for each thing that must be said.
    """

    service: tuple[Name, ...] = ()
    change: tuple[Name, ...] | None = None
    mechanism: tuple[Group, ...] = ()


class Citation(_Part):
    """Evidence the leading hypothesis must rest on: its tool, and what its request, summary or body mentions."""

    tool: Pattern = ".*"
    mentions: Name | None = None


class Never(_Part):
    """What must not be claimed as the cause or suggested."""

    services: tuple[Name, ...] = ()
    changes: tuple[Name, ...] = ()
    words: tuple[Pattern, ...] = ()
    commands: tuple[Pattern, ...] = ()


class CaseBudget(_Part):
    """The most one answer may take; None: not judged."""

    model_calls: int | None = Field(default=None, ge=0)
    usd: float | None = Field(default=None, gt=0)
    seconds: float | None = Field(default=None, gt=0)


class Expectation(_Part):
    """What is expected of a case."""

    verdict: tuple[Verdict, ...] = Field(default=(Verdict.LIKELY_CAUSE, Verdict.COMPETING), min_length=1)
    cause: Cause = Cause()
    must_cite: tuple[Citation, ...] = ()
    never: Never = Never()
    remedies: tuple[Group, ...] = ()
    command_classes: tuple[CommandLabel, ...] = (
        CommandLabel.READ_ONLY, CommandLabel.CHANGES_STATE, CommandLabel.UNKNOWN,
    )  # fmt: skip
    budget: CaseBudget = CaseBudget()
    rubric: tuple[Name, ...] = Field(default=(), description="statements for a judge: what a good answer says")
    tags: tuple[Name, ...] = ()
    question: str | None = None
    recording: Name | None = Field(default=None, description="where the recording lies in the suite, if not beside")
    note: str = ""

    @property
    def names_a_cause(self) -> bool:
        """Whether a good answer names a cause."""
        return any(v in (Verdict.LIKELY_CAUSE, Verdict.COMPETING) for v in self.verdict)

    @model_validator(mode="after")
    def _has_something_to_grade(self) -> Expectation:
        told = self.cause.service or self.cause.change is not None or self.cause.mechanism or self.rubric
        if self.names_a_cause and not told:
            raise ValueError("cause: says neither service nor change nor mechanism, so there is nothing to grade")
        return self
