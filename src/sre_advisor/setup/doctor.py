"""Try everything that is configured, all at once, and say what to do about what does not work."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from sre_advisor.broker.redaction import Redactor
from sre_advisor.credentials import Credentials
from sre_advisor.logs import set_up_logs
from sre_advisor.settings import DEFAULT_FILE, Settings, SettingsError, load_settings
from sre_advisor.setup import backends, claude, database, policy, slack
from sre_advisor.setup.backends import Connect
from sre_advisor.setup.checkup import DEADLINE_S, Check, State, tried

ICONS = {
    State.OK: "[green]✔[/green]",
    State.NOT_CONFIGURED: "[dim]–[/dim]",
    State.NOT_CHECKED: "[yellow]?[/yellow]",
}
BAD = "[red]✘[/red]"


async def examine(config: Path | None, connect: Connect, *, as_json: bool = False) -> int:
    """Print every check; 0 when everything that is configured works, 1 when something does not."""
    settings, credentials = load_settings(config), Credentials()
    if config is None and not DEFAULT_FILE.exists() and not settings.has_backends:
        raise SettingsError(f"there is no ./{DEFAULT_FILE}: run `sre-advisor init`, or name a file by --config")
    redactor = Redactor(credentials.all_values())
    set_up_logs(settings.log.level, settings.log.format, lambda text: redactor.text(text)[0])
    checks = await check_all(settings, credentials, connect)
    if as_json:
        shown = {"ok": all(check.fine for check in checks), "checks": [check.as_json() for check in checks]}
        sys.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2) + "\n")
    else:
        _print(Console(highlight=False), checks)
    return 0 if all(check.fine for check in checks) else 1


async def check_all(
    settings: Settings, credentials: Credentials, connect: Connect, deadline_s: float = DEADLINE_S
) -> tuple[Check, ...]:
    """Every check, in a stable order, each within its own deadline."""
    trials = [
        *backends.trials(settings, credentials, connect),
        *slack.trials(settings, credentials),
        *claude.trials(settings, credentials),
        *database.trials(settings),
        *policy.trials(settings, credentials),
    ]
    groups = await asyncio.gather(*(tried(name, trial, deadline_s) for name, trial in trials))
    return tuple(check for group in groups for check in group)


def _print(console: Console, checks: Sequence[Check]) -> None:
    wide = max(len(check.name) for check in checks)
    for check in checks:
        took = "       " if check.seconds is None else f"{check.seconds:5.2f} s"
        icon, name = ICONS.get(check.state, BAD), escape(f"{check.name:<{wide}}")
        console.print(f"{icon} {name}  {check.state.value:<14}  {took}  {escape(check.detail)}", soft_wrap=True)
        if check.advice:
            console.print(f"  {'':<{wide}}  [cyan]→ {escape(check.advice)}[/cyan]", soft_wrap=True)
    bad = [check.name for check in checks if not check.fine]
    if bad:
        console.print(f"\n[red]{len(bad)} of {len(checks)} need attention:[/red] {escape(', '.join(bad))}")
    else:
        working = sum(1 for check in checks if check.state is State.OK)
        console.print(f"\n[green]Everything that is configured works[/green] (checks passed: {working}).")
