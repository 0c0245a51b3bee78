"""The program: its options, its commands, its start."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from sre_advisor.cli import answering, halting, installing, lines, recordings
from sre_advisor.cli.audit import audit
from sre_advisor.cli.evals import evals
from sre_advisor.cli.options import Config

app = typer.Typer(
    name="sre-advisor",
    help="A read-only SRE advisor: evidence first, every claim checked, nothing changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COLLECT_AFTER = 50_000
"""Objects made before the collector looks at the young ones: importing an SDK makes half a million that stay."""


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"sre-advisor {version('sre-advisor')}")
        raise typer.Exit


@app.callback()
def main_options(
    config: Config = None,
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")] = (
        False
    ),
) -> None:
    """Options that stand before the command."""
    del version, config  # whoever takes a --config looks for this one too


for _file in (answering, installing, lines, halting, recordings):
    app.add_typer(_file.commands)
for _group in (recordings.group, audit, evals):
    app.add_typer(_group)


def main() -> None:
    """Run the program; every expected trouble is one line on stderr and exit code 2."""
    gc.set_threshold(COLLECT_AFTER)
    app()
