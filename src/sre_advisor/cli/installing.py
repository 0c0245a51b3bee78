"""Setting up, and seeing whether what is set up works."""

from __future__ import annotations

import sys
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from sre_advisor.cli.finishing import finish, troubles_told
from sre_advisor.cli.options import Config, Json, the_config

commands = typer.Typer()


@commands.command()
def doctor(
    config: Config = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")] = False,
) -> None:
    """Try every backend: reachable, authorised, how fast, and what to do; exit code 1 when something does not work."""
    from sre_advisor.app.backends import live_connectors
    from sre_advisor.setup.doctor import examine

    finish(examine(config, live_connectors, as_json=json))


class ManifestProfile(StrEnum):
    """What the Slack app is to do."""

    USUAL = "usual"
    MENTION_ONLY = "mention-only"


@commands.command()
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
        return print_manifest(config, profile.value, url, private_channels=private_channels, as_json=json)

    finish(printed())


@commands.command()
def privileges(config: Config = None, json: Json = False) -> None:
    """Review what each configured credential can do, without sending a write; exit code 1 when one stops `run`."""
    from sre_advisor.setup.privileges import review_privileges

    finish(review_privileges(config, as_json=json))


@commands.command()
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
            "--output",
            "--config",
            help="File to write (default: ./advisor.yaml).",
            show_default=False,
            metavar="FILE",
            callback=the_config,
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
        output, force, channel,
    )  # fmt: skip
    if not yes and sys.stdin.isatty():
        wanted = troubles_told(partial(asked, wanted))
    finish(initialise(wanted))
