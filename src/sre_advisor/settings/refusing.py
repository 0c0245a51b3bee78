"""What may not stand in the environment or the file: unknown variables, and secrets."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sre_advisor.credentials import NAMES as SECRETS
from sre_advisor.settings.parts import PREFIX, Settings, SettingsError


def refuse_unknown_variables() -> None:
    """A variable with our prefix that sets nothing is a mistake, not noise; raises SettingsError."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    for variable in sorted(os.environ):
        upper = variable.upper()
        if upper.startswith(PREFIX) and upper.partition("__")[0] not in known and upper not in _OTHER_VARIABLES:
            raise SettingsError(f"{variable}: no such setting; the parts are {', '.join(Settings.model_fields)}")


_OTHER_VARIABLES = frozenset({"SRE_ADVISOR_REQUIRE_SERVERS", "SRE_ADVISOR_CONFIG"})


def refuse_secrets(content: Mapping[str, Any], path: Path) -> None:
    """A secret in the file is refused by its name, before anything could print it; raises SettingsError."""
    database = content.get("database")
    url = database.get("url") if isinstance(database, dict) else None
    if isinstance(url, str) and re.search(r"://[^/@\s]*:[^/@\s]+@", url):
        raise SettingsError(
            f"{path}: database.url: holds a password; set {PREFIX}DATABASE__URL in the environment or use a passfile"
        )
    for place, key in _keys(content, ""):
        if key.casefold() in _SECRET_KEYS or place in ("database.key", "database.previous_keys"):
            raise SettingsError(
                f"{path}: {place}: secrets are never read from this file; set one of {', '.join(SECRETS)} "
                "(or the same with _FILE) in the environment, or use a …_env or …_file key"
            )


_SECRET_KEYS = frozenset(
    {"token", "password", "api_key", "bot_token", "app_token", "secret", "slack_bot_token", "slack_app_token",
     "anthropic_api_key", "github_token", "signing_secret"}
)  # fmt: skip


def _keys(value: object, place: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{place}.{key}" if place else str(key)
            found += [(here, str(key)), *_keys(inner, here)]
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += _keys(inner, f"{place}[{number}]")
    return found
