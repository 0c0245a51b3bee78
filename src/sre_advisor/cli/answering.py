"""Being asked: in Slack, on the terminal, about the bundled incident."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish, leave_when_told
from sre_advisor.cli.options import Config, Json

commands = typer.Typer()


@commands.command()
def run(config: Config = None) -> None:
    """Connect to Slack and answer mentions until stopped."""
    leave_when_told()  # importing what follows takes a second
    from sre_advisor.app.serve import run_slack

    finish(run_slack(config))


@commands.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    config: Config = None,
    recording: Annotated[
        str | None,
        typer.Option(
            "--recording", help="Ask a recorded world: a folder, a .tar.gz or .zip, or `demo`.", metavar="PATH|demo"
        ),
    ] = None,
    json: Json = False,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Keep the first look's chart in this PNG.", metavar="FILE")
    ] = None,
    patch: Annotated[
        Path | None, typer.Option("--patch", help="Where to keep a proposed patch that applies.", metavar="FILE")
    ] = None,
) -> None:
    """Ask a question on the terminal: the same way as in Slack, without Slack."""
    from sre_advisor.app.ask import ask_on_terminal

    finish(ask_on_terminal(question, config, _folder(recording), as_json=json, chart=chart, patch_file=patch))


def _folder(recording: str | None) -> Path | None:
    """The place of a recording; `demo` is the bundled one."""
    if recording != "demo":
        return Path(recording) if recording else None
    from sre_advisor.demo.incident import WORLD

    return WORLD


@commands.command()
def demo(
    ask: Annotated[
        str | None, typer.Option("--ask", help="Ask this, print the thread and exit.", metavar="QUESTION")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port of the page.", min=0, max=65535, metavar="PORT")] = 8765,
) -> None:
    """Start a bundled incident with a local Slack; no account needed."""
    if ask is None:
        leave_when_told()
    from sre_advisor.demo.run import run_demo

    finish(run_demo(ask, port))
