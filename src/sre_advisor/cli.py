"""The program's commands; each hands over to the room that does it."""

from __future__ import annotations

import gc
import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.app.evals.commands import evals
from sre_advisor.app.finishing import finish as _finish
from sre_advisor.app.finishing import troubles_told as _troubles_told

app = typer.Typer(
    name="sre-advisor",
    help="A read-only SRE advisor: evidence first, every claim checked, nothing changed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COLLECT_AFTER = 50_000
"""Objects made before the collector looks at the young ones: importing an SDK makes half a million that stay."""

Config = Annotated[
    Path | None,
    typer.Option("--config", help="Settings file (default: ./advisor.yaml).", show_default=False, metavar="FILE"),
]


class _Chosen:
    """The --config given before the subcommand."""

    file: Path | None = None


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
    del version
    _Chosen.file = config


@app.command()
def run(config: Config = None) -> None:
    """Connect to Slack and answer mentions until stopped."""
    from sre_advisor.app.serve import run_slack

    _finish(run_slack(config or _Chosen.file))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What you want to know.")],
    config: Config = None,
    recording: Annotated[
        str | None,
        typer.Option(
            "--recording", help="Ask a recorded world: a folder, a .tar.gz or .zip, or `demo`.", metavar="PATH|demo"
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
    chart: Annotated[
        Path | None, typer.Option("--chart", help="Keep the first look's chart in this PNG.", metavar="FILE")
    ] = None,
    patch: Annotated[
        Path | None, typer.Option("--patch", help="Where to keep a proposed patch that applies.", metavar="FILE")
    ] = None,
) -> None:
    """Ask a question on the terminal: the same way as in Slack, without Slack."""
    from sre_advisor.app.ask import ask_on_terminal

    _finish(
        ask_on_terminal(
            question, config or _Chosen.file, _folder(recording), as_json=json, chart=chart, patch_file=patch
        )
    )


def _folder(recording: str | None) -> Path | None:
    """The place of a recording; `demo` is the bundled one."""
    if recording != "demo":
        return Path(recording) if recording else None
    from sre_advisor.demo.incident import WORLD

    return WORLD


@app.command()
def demo(
    ask: Annotated[
        str | None, typer.Option("--ask", help="Ask this, print the thread and exit.", metavar="QUESTION")
    ] = None,
    port: Annotated[int, typer.Option("--port", help="Port of the page.", min=0, max=65535, metavar="PORT")] = 8765,
) -> None:
    """Start a bundled incident with a local Slack; no account needed."""
    from sre_advisor.demo.run import run_demo

    _finish(run_demo(ask, port))


@app.command()
def doctor(
    config: Config = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Try every backend: reachable, authorised, how fast, and what to do; exit code 1 when something does not work."""
    from sre_advisor.app.backends import live_connectors
    from sre_advisor.setup.doctor import examine

    _finish(examine(config or _Chosen.file, live_connectors, as_json=json))


class ManifestProfile(StrEnum):
    """What the Slack app is to do."""

    USUAL = "usual"
    MENTION_ONLY = "mention-only"


@app.command()
def slack_manifest(
    config: Config = None,
    profile: Annotated[
        ManifestProfile, typer.Option("--profile", help="mention-only: answers mentions, with the fewest permissions.")
    ] = ManifestProfile.USUAL,
    url: Annotated[
        str | None,
        typer.Option("--url", help="Where Slack reaches the advisor, when it sends by HTTP.", metavar="HTTPS-URL"),
    ] = None,
    private_channels: Annotated[
        bool, typer.Option("--private-channels", help="Hear follow-ups in private channels too.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead of YAML.")] = False,
) -> None:
    """Print the Slack app's manifest for this configuration, with no permission that it does not use."""
    from sre_advisor.app.manifest import print_manifest

    async def printed() -> int:
        file = config or _Chosen.file
        return print_manifest(file, profile.value, url, private_channels=private_channels, as_json=json)

    _finish(printed())


@app.command()
def privileges(
    config: Config = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Review what each configured credential can do, without sending a write; exit code 1 when one stops `run`."""
    from sre_advisor.setup.privileges import review_privileges

    _finish(review_privileges(config or _Chosen.file, as_json=json))


@app.command()
def init(
    prometheus: Annotated[str | None, typer.Option(help="Address of Prometheus.", metavar="URL")] = None,
    alertmanager: Annotated[str | None, typer.Option(help="Address of Alertmanager.", metavar="URL")] = None,
    repository: Annotated[
        list[str] | None, typer.Option(help="A local mirror or checkout; may be repeated.", metavar="PATH[=NAME]")
    ] = None,
    docs: Annotated[
        list[Path] | None, typer.Option(help="A folder of runbooks in Markdown; may be repeated.", metavar="PATH")
    ] = None,
    github: Annotated[
        list[str] | None, typer.Option(help="A repository on GitHub; may be repeated.", metavar="OWNER/NAME")
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(help="Channel in Slack that may ask; its policy is written too.", metavar="ID[=NAME]"),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "--config", help="File to write (default: ./advisor.yaml).", show_default=False, metavar="FILE"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; use what the options say.")] = False,
) -> None:
    """Look at what Prometheus, Alertmanager and the repositories hold and write advisor.yaml for you to correct."""
    from sre_advisor.setup.asking import asked
    from sre_advisor.setup.init import Wanted, initialise

    wanted = Wanted(
        prometheus, alertmanager, tuple(repository or ()), tuple(docs or ()), tuple(github or ()),
        output or _Chosen.file, force, channel,
    )  # fmt: skip
    if not yes and sys.stdin.isatty():
        wanted = _troubles_told(partial(asked, wanted))
    _finish(initialise(wanted))


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
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


@app.command()
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


@app.command()
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


@app.command("stop-all")
def stop_all(
    config: Config = None,
    reason: Annotated[str, typer.Option("--reason", help="Said in every thread that is stopped.", metavar="TEXT")] = "",
) -> None:
    """Stop all investigations of every replica and refuse new questions, until `resume`."""
    from sre_advisor.app.halting import stop_all

    _finish(stop_all(config or _Chosen.file, reason))


@app.command()
def resume(config: Config = None) -> None:
    """Answer questions again after `stop-all`."""
    from sre_advisor.app.halting import resume_all

    _finish(resume_all(config or _Chosen.file))


@app.command()
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
        _finish(record_investigation(config or _Chosen.file, investigation, out))
    if start is None or service is None:
        raise typer.BadParameter("say what to record: --from and --service, or --investigation")
    _finish(record_span(config or _Chosen.file, start, end, service, question, out))


recordings = typer.Typer(name="recordings", help="Look at recordings before they are shared.", no_args_is_help=True)
app.add_typer(recordings)


@recordings.command()
def lint(
    paths: Annotated[list[Path], typer.Argument(help="Recordings: folders, .tar.gz or .zip.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Find what should not be shared: secrets, people, internal addresses; exit code 1 when something is found."""
    from sre_advisor.app.recorded import lint_recordings

    _finish(lint_recordings(paths, as_json=json))


@recordings.command("show")
def show_recording(
    path: Annotated[Path, typer.Argument(help="A folder, .tar.gz or .zip.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Say what a recording holds and what it leaves out."""
    from sre_advisor.app.recorded import show_recording

    _finish(show_recording(path, as_json=json))


audit = typer.Typer(name="audit", help="Verify, read, export and expire the record.", no_args_is_help=True)
app.add_typer(audit)
app.add_typer(evals)

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
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")] = False,
) -> None:
    """Walk the chain and say which record was altered, removed, moved, wiped or cut off: exit code 1."""
    from sre_advisor.app.audit import verify_record

    _finish(verify_record(config or _Chosen.file, head, file, as_json=json))


@audit.command()
def show(
    investigation: Annotated[str, typer.Argument(help="Its name, or how the name begins.")], config: Config = None
) -> None:
    """Print what one investigation asked, read, was refused, spent and answered."""
    from sre_advisor.app.audit import show_record

    _finish(show_record(config or _Chosen.file, investigation))


@audit.command("list")
def list_(
    config: Config = None,
    since: Since = None,
    limit: Annotated[int, typer.Option("--limit", help="The most to list.", metavar="N", min=1, max=100_000)] = 50,
) -> None:
    """List the investigations on record, the one touched last first."""
    from sre_advisor.app.audit import list_record

    _finish(list_record(config or _Chosen.file, since, limit))


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

    _finish(export_record(config or _Chosen.file, investigation, since, output))


@audit.command()
def expire(
    older_than: Annotated[str, typer.Option("--older-than", help="How long untouched, such as 90d.", metavar="TIME")],
    config: Config = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be deleted.")] = False,
) -> None:
    """Delete the content of old investigations, each leaving a signed gap in the chain."""
    from sre_advisor.app.audit import expire_record

    _finish(expire_record(config or _Chosen.file, older_than, dry_run=dry_run))


def main() -> None:
    """Run the program; every expected trouble is one line on stderr and exit code 2."""
    gc.set_threshold(COLLECT_AFTER)
    app()


if __name__ == "__main__":
    main()
