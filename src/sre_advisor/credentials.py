"""Secrets: from the environment or from files named there, read anew each time, never printed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "ANTHROPIC_API_KEY", "GITHUB_TOKEN")
LIMIT = 64 * 1024


class CredentialUnreadable(Exception):
    """A secret's file cannot be read; the message names the variable and the file, never the content."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The advisor's own secrets by name; `NAME` holds the secret, `NAME_FILE` the path of a file that does."""

    environment: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)

    def get(self, name: str) -> str | None:
        """The secret, or None when neither variable is set; raises CredentialUnreadable."""
        value = self.environment.get(name, "").strip()
        file = self.environment.get(f"{name}_FILE", "").strip()
        if value or not file:
            return value or None
        try:
            with Path(file).open("rb") as opened:
                read = opened.read(LIMIT).decode("utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise CredentialUnreadable(
                f"{name}_FILE names {file}, which cannot be read: check path and rights"
            ) from None
        if not read:
            raise CredentialUnreadable(f"{name}_FILE names {file}, which is empty")
        return read

    def model_key(self) -> str:
        """The key of the model's API, "" when there is none; raises CredentialUnreadable."""
        return self.get("ANTHROPIC_API_KEY") or ""

    def source(self, name: str) -> str:
        """Where the secret would come from, in words."""
        if self.environment.get(name, "").strip():
            return f"environment variable {name}"
        if self.environment.get(f"{name}_FILE", "").strip():
            return f"file named by {name}_FILE"
        return "not set"

    def file(self, name: str) -> Path | None:
        """The file the secret would come from, if it would come from one."""
        if self.environment.get(name, "").strip():
            return None
        file = self.environment.get(f"{name}_FILE", "").strip()
        return Path(file) if file else None

    def all_values(self) -> tuple[str, ...]:
        """Every secret that is set, for the redactor; unreadable ones are left out here and reported where used."""
        found: list[str] = []
        for name in NAMES:
            try:
                value = self.get(name)
            except CredentialUnreadable:
                continue
            if value:
                found.append(value)
        return tuple(found)
