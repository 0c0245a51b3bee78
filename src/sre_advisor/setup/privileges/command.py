"""`sre-advisor privileges`: the review on paper."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sre_advisor.broker.policy import read_policy
from sre_advisor.credentials import Credentials
from sre_advisor.logs import set_up_logs
from sre_advisor.packaged import config_dir
from sre_advisor.settings import load_settings
from sre_advisor.setup.privileges.asking import review
from sre_advisor.setup.privileges.review import Access, Review, Reviewed, exceptions_in

COLOURS = {Access.READS: "green", Access.WRITES: "red", Access.UNKNOWN: "yellow"}


async def review_privileges(config: Path | None, *, as_json: bool) -> int:
    """Print the review; 0 when `run` would start with these credentials, 1 when one of them stops it."""
    settings, credentials = load_settings(config), Credentials()
    set_up_logs(settings.log.level, settings.log.format)
    policy, _ = await asyncio.to_thread(read_policy, settings.policy.file or config_dir() / "policy.yaml")
    found = await review(settings, credentials, exceptions_in(policy))
    if as_json:
        sys.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=2) + "\n")
    else:
        _show(Console(highlight=False), found)
    return 1 if found.stopping else 0


def _show(console: Console, found: Review) -> None:
    for one in found.credentials:
        console.print("\n".join(_entry(one)), soft_wrap=True)
    for name in found.unused_exceptions:
        console.print(f"[yellow]The policy excepts {escape(name)}, which is no credential of these.[/yellow]")
    if found.stopping:
        names = escape(", ".join(one.credential for one in found.stopping))
        console.print(f"[red]`run` will not start: {names} can write.[/red]", soft_wrap=True)
    else:
        console.print("[green]No credential is known to write beyond what is allowed.[/green]")


def _entry(one: Reviewed) -> list[str]:
    colour = COLOURS[one.access]
    lines = [f"[bold]{escape(one.credential)}[/bold]  [{colour}]{one.access.value}[/{colour}]  {escape(one.source)}"]
    rows = [
        ("reads", ", ".join(one.reads)),
        ("may change", one.may_change),
        ("can write", "; ".join(one.writes)),
        ("worst", one.worst),
        *(("found", finding) for finding in one.findings),
        *(("narrow", advice) for advice in one.narrow),
        ("excepted", one.exception or ""),
    ]
    return [*lines, *(f"  {name:<11} {escape(text)}" for name, text in rows if text), ""]
