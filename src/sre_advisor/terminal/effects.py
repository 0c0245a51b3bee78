"""Telling a person on a terminal what a command would do."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sre_advisor.commands import Effect
from sre_advisor.model import CommandLabel
from sre_advisor.terminal.voice import LABELS

STYLES = {
    CommandLabel.READ_ONLY: "green",
    CommandLabel.READS_SECRET: "bold yellow",
    CommandLabel.CHANGES_STATE: "bold red",
    CommandLabel.UNKNOWN: "bold yellow",
}
UNDO = {True: "yes, it can be undone", False: "no, it cannot be undone", None: "not known whether it can be undone"}


def show_effect(console: Console, command: str, effect: Effect) -> None:
    """The command and beneath it what it would do, how far that reaches, whether it can be undone and why we say so."""
    visible = command.encode("unicode_escape").decode() if not command.isprintable() else command
    console.print(f"[bold]{escape(visible)}[/]", soft_wrap=True)
    table = Table.grid(padding=(0, 2))
    table.add_column(width=9, style="cyan")
    table.add_column(ratio=1, overflow="fold")
    table.add_row("would", f"[{STYLES[effect.label]}]{LABELS[effect.label]}[/]")
    if effect.label is not CommandLabel.READ_ONLY:
        table.add_row("reaches", escape(effect.blast_radius))
    if effect.label is CommandLabel.CHANGES_STATE:
        table.add_row("undo", UNDO[effect.reversible])
    table.add_row("because", escape(effect.why))
    console.print(table)
