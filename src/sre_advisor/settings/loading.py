"""advisor.yaml, overlaid by the environment; what is wrong is said in one line each."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sre_advisor.settings.anchoring import anchored
from sre_advisor.settings.parts import PREFIX, Settings, SettingsError
from sre_advisor.settings.refusing import refuse_secrets, refuse_unknown_variables
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

DEFAULT_FILE = Path("advisor.yaml")
SIZE_LIMIT = 4_000_000


def load_settings(file: Path | None, content: Mapping[str, Any] | None = None) -> Settings:
    """Settings from `file` (None: ./advisor.yaml if it is there) and the environment; raises SettingsError.

    Relative paths are relative to the file's folder. `content`, when given, stands in for the file's.
    """
    path = file or DEFAULT_FILE
    if content is None:
        content = _read(path, named=file is not None)
    refuse_unknown_variables()
    refuse_secrets(content, path)
    try:
        settings = Settings(**dict(content))
    except ValidationError as error:
        raise SettingsError(_lines(error, path)) from None
    except RecursionError:
        raise SettingsError("environment: a variable holds JSON that is nested too deeply") from None
    except ValueError as error:  # pydantic-settings: a variable that should hold JSON does not
        raise SettingsError(f"environment: {str(error).splitlines()[0]}") from None
    return anchored(settings, path.parent) if file is not None else settings


def _read(path: Path, *, named: bool) -> dict[str, Any]:
    try:
        if not named and not path.exists():
            return {}
        content: object = parse_strict(read_strict(path, SIZE_LIMIT))
    except YamlProblem as problem:
        hint = "; `sre-advisor init` writes one" if problem.words == "there is no such file" else ""
        raise SettingsError(f"{_short(path)}: {problem}{hint}") from None
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(k, str) for k in content):
        raise SettingsError(f"{path}: must hold keys such as prometheus: or services:")
    return content


def _short(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"…{text[-200:]}"


def _lines(error: ValidationError, path: Path) -> str:
    lines: list[str] = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        place = ".".join(str(part) for part in problem["loc"])
        where = _variable(problem["loc"]) or f"{path}: {place}"
        if problem["type"] == "extra_forbidden":
            lines.append(f"{where}: no such setting; docs/reference/settings.md lists them")
        else:
            lines.append(f"{where}: {problem['msg'].removeprefix('Value error, ')}")
    return "\n".join(lines)


def _variable(place: tuple[int | str, ...]) -> str:
    """The variable that set what stands at this place, with the place within it; "" when none did."""
    for depth in range(len(place), 0, -1):
        name = PREFIX + "__".join(str(part) for part in place[:depth]).upper()
        if name in os.environ:
            return f"{name} (environment)" + "".join(f".{part}" for part in place[depth:])
    return ""
