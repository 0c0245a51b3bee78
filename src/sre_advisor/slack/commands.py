"""Suggested commands in copyable blocks, each with what it would do as a word and an icon. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from sre_advisor.investigate.visible import one_line
from sre_advisor.model import CommandLabel, SuggestedCommand
from sre_advisor.slack.blocks import Block, clip, code, context, literal, paragraph, rich
from sre_advisor.slack.buttons import ran_buttons

LABELS = {
    CommandLabel.READ_ONLY: "👁 reads only",
    CommandLabel.READS_SECRET: "🔑 reads a secret",
    CommandLabel.CHANGES_STATE: "⚠️ changes state",
    CommandLabel.UNKNOWN: "❓ unknown, treat as changing",
}
WHOLE = 1_500
"""Characters of a command that is shown."""
TOGETHER = 4
"""Commands of one kind and source that share a heading."""


def command_blocks(commands: Sequence[SuggestedCommand], question: str = "") -> list[Block]:
    """All commands, neighbours of one kind under one heading; with a question's id, buttons for having run them."""
    found: list[Block] = []
    for said, group in groupby(enumerate(commands), key=lambda c: (_lead(c[1]), _notes(c[1]))):
        alike = tuple(group)
        for start in range(0, len(alike), TOGETHER):
            few = alike[start : start + TOGETHER]
            shown = [_shown(c.command) for _, c in few]
            found += [rich(paragraph(literal(said[0], bold=True)), *shown), context(said[1])]
            found += [ran_buttons(question, [(n, c.command) for n, c in few])] if question else []
    return found


def _shown(command: str) -> Block:
    """The command to copy, whole or not at all: what is left of one that was cut off may do something else."""
    if len(command) <= WHOLE:
        return code(command)
    told = f"A command of {len(command):,} characters, too long to be shown whole; it is on record."
    return paragraph(literal(told, italic=True))


def _lead(command: SuggestedCommand) -> str:
    return "To look further" if command.label is CommandLabel.READ_ONLY else "If confirmed, you run it"


def _notes(command: SuggestedCommand) -> str:
    notes = [LABELS[command.label]]
    if command.label is not CommandLabel.READ_ONLY:
        notes += [command.blast_radius, command.label_why]
    notes += [command.why, command.expected_effect]
    if command.rollback:
        notes.append(f"rollback: {command.rollback}")
    elif command.label in (CommandLabel.CHANGES_STATE, CommandLabel.UNKNOWN) and command.reversible is not True:
        notes.append("no rollback given")
    return " · ".join(clip(one_line(n), 300) for n in notes if n)
