"""Making recordings, and looking at them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish
from sre_advisor.cli.options import Config, Json

commands = typer.Typer()
group = typer.Typer(name="recordings", help="Look at recordings before they are shared.", no_args_is_help=True)


@commands.command()
def record(
    out: Annotated[Path, typer.Option("--out", help="Folder, .tar.gz or .zip to write.", metavar="PATH")],
    config: Config = None,
    start: Annotated[
        str | None, typer.Option("--from", help="When it began: a time or how long ago (2h).", metavar="TIME")
    ] = None,
    end: Annotated[str, typer.Option("--to", help="When it is asked: a time or how long ago.", metavar="TIME")] = "0m",
    service: Annotated[str | None, typer.Option("--service", help="The service asked about.", metavar="NAME")] = None,
    question: Annotated[str | None, typer.Option("--question", help="What is asked.", metavar="TEXT")] = None,
    investigation: Annotated[
        str | None, typer.Option("--investigation", help="Record this one of the journal.", metavar="NAME")
    ] = None,
) -> None:
    """Record an incident so that it can be asked again: a stretch of time, or an investigation on record."""
    from sre_advisor.app.recording.commands import record_investigation, record_span

    if investigation is not None:
        finish(record_investigation(config, investigation, out))
    if start is None or service is None:
        raise typer.BadParameter("say what to record: --from and --service, or --investigation")
    finish(record_span(config, start, end, service, question, out))


@group.command()
def lint(
    paths: Annotated[list[Path], typer.Argument(help="Recordings: folders, .tar.gz or .zip.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Find what should not be shared: secrets, people, internal addresses; exit code 1 when something is found."""
    from sre_advisor.app.recorded import lint_recordings

    finish(lint_recordings(paths, as_json=json))


@group.command("show")
def show_recording(
    path: Annotated[Path, typer.Argument(help="A folder, .tar.gz or .zip.")], json: Json = False
) -> None:
    """Say what a recording holds and what it leaves out."""
    from sre_advisor.app.recorded import show_recording

    finish(show_recording(path, as_json=json))
