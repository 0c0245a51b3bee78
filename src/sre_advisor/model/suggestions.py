"""What a person might do: commands and changes, as suggested and as checked."""

from __future__ import annotations

from enum import StrEnum

from sre_advisor.model.frozen import Frozen


class DraftCommand(Frozen):
    """A command an advisor suggests a person might run."""

    command: str
    why: str
    expected_effect: str = ""
    rollback: str | None = None


class CommandLabel(StrEnum):
    """What a command would do, found by parsing it; unknown is treated as changing."""

    READ_ONLY = "read_only"
    READS_SECRET = "reads_secret"
    CHANGES_STATE = "changes_state"
    UNKNOWN = "unknown"


class SuggestedCommand(DraftCommand):
    """A suggested command after parsing: what it would do and how far that reaches, in words."""

    label: CommandLabel
    reversible: bool | None = None
    blast_radius: str = ""
    label_why: str = ""


class DraftPatch(Frozen):
    """A change of code, configuration or a rule that an advisor proposes: a unified diff against `base_sha`."""

    repository: str
    base_sha: str
    diff: str
    why: str


class Patch(DraftPatch):
    """A proposed change that was seen to apply: `base_sha` in full, what it touches, what else was checked."""

    files: tuple[str, ...]
    added: int
    removed: int
    rules: str | None = None
