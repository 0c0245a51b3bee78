"""What is read from standard input, or said of one command, without settings or backends."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

commands = typer.Typer()


@commands.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def explain_command(
    command: Annotated[
        list[str] | None, typer.Argument(help="A command, quoted or not; without it, one a line on standard input.")
    ] = None,
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one JSON string a line and print one JSON object a line.")
    ] = False,
) -> None:
    """Say what a command would do, without running it: read, read a secret, change, or not known."""
    from sre_advisor.app.lines import BrokenLine, commands_of, explain_lines, explain_words

    if not command and sys.stdin.isatty():
        raise typer.BadParameter("give a command, or one a line on standard input")
    if jsonl and not command:
        sys.exit(explain_lines(sys.stdin.buffer))
    try:
        found = commands_of(command or (), sys.stdin.buffer)
    except BrokenLine as broken:
        typer.echo(f"sre-advisor: {broken}", err=True)
        sys.exit(2)
    sys.exit(explain_words(found, as_json=jsonl))


@commands.command()
def check_claims(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one claim with its evidence a line, print one verdict a line.")
    ] = False,
) -> None:
    """Hold claims on standard input against the evidence they cite."""
    from sre_advisor.app.lines import check_claims as checked

    if not jsonl:
        raise typer.BadParameter("claims are read as JSON lines only: add --jsonl")
    sys.exit(checked(sys.stdin.buffer))


@commands.command()
def redact(
    jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one JSON string a line; write text and findings as one object a line.")
    ] = False,
    mask_emails: Annotated[bool, typer.Option("--mask-emails", help="Also take out e-mail addresses.")] = False,
    mask_ips: Annotated[bool, typer.Option("--mask-ips", help="Also take out IP addresses.")] = False,
) -> None:
    """Read text on stdin and write it without secrets: the same way as everything the advisor reads."""
    from sre_advisor.broker.redaction import RedactionConfig, Redactor
    from sre_advisor.broker.redaction.pipe import BrokenLine, redact_json_lines, redact_text
    from sre_advisor.credentials import Credentials

    config = RedactionConfig(mask_emails=mask_emails, mask_ips=mask_ips)
    redactor = Redactor(Credentials().all_values(), config).numbering()
    try:
        (redact_json_lines if jsonl else redact_text)(redactor, sys.stdin.buffer, sys.stdout.buffer)
    except BrokenLine as broken:
        typer.echo(f"sre-advisor: {broken}", err=True)
        raise typer.Exit(2) from None
