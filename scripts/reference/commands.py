"""docs/reference/cli.md, from the program's commands."""

from __future__ import annotations

from typing import Any

import typer.main

from scripts.reference.table import code, table
from sre_advisor.cli import app

HEAD = """# Commands

Every command of `sre-advisor` with its options. This page is made from the code by `python -m scripts.reference`.

`--config FILE` may stand before or after the command and names the settings file; without it `./advisor.yaml` is used
when it is there. Settings also come from the environment, see [settings](settings.md); secrets only from there.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | `doctor`: something does not work; `privileges`: a credential stops `run`; \
`init`: written, but something that was named could not be read; \
`audit verify`: the record is not whole; `audit show`, `audit export`: no such investigation; \
`recordings lint`: something should not be shared; `evals compare`: a gate is broken; \
`evals canary`: the model does worse |
| 2 | the command line, the settings or the question cannot be used, or `run` found a credential that can write; \
one line on stderr for each problem |
| 3 | `evals run`: ended before everything was asked; the same command goes on |
| 130 | interrupted |
"""


def commands_page() -> str:
    """The page's text."""
    group: Any = typer.main.get_command(app)
    lines = [HEAD, "## sre-advisor", "", f"{group.help}", "", *_parameters(group), ""]
    for name, command in commands(group):
        lines += [f"## sre-advisor {name}", "", f"{command.help}", "", code(_usage(name, command)), ""]
        lines += [*_parameters(command), ""]
    return "\n".join(lines).rstrip() + "\n"


def commands(group: Any) -> list[tuple[str, Any]]:
    """Every command by its whole name, in alphabetical order; a group stands for its commands."""
    found: list[tuple[str, Any]] = []
    for name in sorted(group.commands):
        command = group.commands[name]
        inner = commands(command) if hasattr(command, "commands") else [("", command)]
        found += [(f"{name} {rest}".strip(), one) for rest, one in inner]
    return found


def parameters(command: Any) -> list[tuple[str, ...]]:
    """For each argument and option: what is written, its default, its meaning."""
    return [(_written(one), _default(one), str(one.help or "")) for one in command.params if one.name != "help"]


def _parameters(command: Any) -> list[str]:
    rows = [(code(name), code(default), told) for name, default, told in parameters(command)]
    return table(("option", "default", "meaning"), rows)


def _usage(name: str, command: Any) -> str:
    arguments = [str(one.name).upper() for one in command.params if one.param_type_name == "argument"]
    return " ".join(["sre-advisor", name, *arguments, "[OPTIONS]"])


def _written(one: Any) -> str:
    if one.param_type_name == "argument":
        return str(one.name).upper()
    names = ", ".join(one.opts)
    return names if one.is_flag else f"{names} {one.metavar or 'VALUE'}"


def _default(one: Any) -> str:
    return "" if one.default in (None, False) or one.is_flag else str(one.default)
