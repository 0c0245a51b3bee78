"""The command group `audit`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish
from sre_advisor.cli.options import Config, Json

audit = typer.Typer(name="audit", help="Verify, read, export and expire the record.", no_args_is_help=True)

Since = Annotated[
    str | None, typer.Option("--since", help="A date, a time or how long ago (7d).", metavar="TIME", show_default=False)
]


@audit.command()
def verify(
    config: Config = None,
    head: Annotated[
        Path | None,
        typer.Option("--head", help="Heads written out earlier (default: database.head_file).", metavar="FILE"),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="Verify this export instead of the database.", metavar="FILE")
    ] = None,
    json: Json = False,
) -> None:
    """Walk the chain and say which record was altered, removed, moved, wiped or cut off: exit code 1."""
    from sre_advisor.app.audit import verify_record

    finish(verify_record(config, head, file, as_json=json))


@audit.command()
def show(
    investigation: Annotated[str, typer.Argument(help="Its name, or how the name begins.")], config: Config = None
) -> None:
    """Print what one investigation asked, read, was refused, spent and answered."""
    from sre_advisor.app.audit import show_record

    finish(show_record(config, investigation))


@audit.command("list")
def list_(
    config: Config = None,
    since: Since = None,
    limit: Annotated[int, typer.Option("--limit", help="The most to list.", metavar="N", min=1, max=100_000)] = 50,
) -> None:
    """List the investigations on record, the one touched last first."""
    from sre_advisor.app.audit import list_record

    finish(list_record(config, since, limit))


@audit.command()
def export(
    config: Config = None,
    investigation: Annotated[str | None, typer.Option("--investigation", help="Only this one.", metavar="NAME")] = None,
    since: Since = None,
    output: Annotated[
        Path | None, typer.Option("--output", help="File to write (default: standard output).", metavar="FILE")
    ] = None,
) -> None:
    """Write the record as JSON Lines that a third party can verify with the key."""
    from sre_advisor.app.audit import export_record

    finish(export_record(config, investigation, since, output))


@audit.command()
def expire(
    older_than: Annotated[str, typer.Option("--older-than", help="How long untouched, such as 90d.", metavar="TIME")],
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete the content of old investigations, each leaving a signed gap in the chain."""
    from sre_advisor.app.audit import expire_record

    finish(expire_record(config, older_than, dry_run=dry_run))
