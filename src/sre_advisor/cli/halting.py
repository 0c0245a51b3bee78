"""The kill switch."""

from __future__ import annotations

from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish
from sre_advisor.cli.options import Config

commands = typer.Typer()


@commands.command("stop-all")
def stop_all(
    config: Config = None,
    reason: Annotated[str, typer.Option("--reason", help="Said in every thread that is stopped.", metavar="TEXT")] = "",
) -> None:
    """Stop all investigations of every replica and refuse new questions, until `resume`."""
    from sre_advisor.app.halting import stop_all

    finish(stop_all(config, reason))


@commands.command()
def resume(config: Config = None) -> None:
    """Answer questions again after `stop-all`."""
    from sre_advisor.app.halting import resume_all

    finish(resume_all(config))
