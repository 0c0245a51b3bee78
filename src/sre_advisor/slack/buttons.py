"""The buttons under an answer and its commands: as blocks, and what their presses mean. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.slack.blocks import Block, actions, button, clip

EVIDENCE, AGAIN, RAN = "show_evidence", "ask_again", "ran_command"
RAN_ONE = re.compile(rf"{RAN}_\d+")
DONE = "✓ "
"""Stands before the label of a command that somebody says they ran."""


def answer_buttons(question: str) -> list[Block]:
    """What can be said of an answer, and what more can be had of it."""
    return [
        actions(
            button("👍 Helpful", "vote_helpful", question),
            button("👎 Not helpful", "vote_not_helpful", question),
            button("✔️ This was the cause", "vote_was_the_cause", question, "primary"),
            button("It was something else…", "tell_outcome", question),
        ),
        actions(button("🔎 Show evidence", EVIDENCE, question), button("🔁 Ask again", AGAIN, question)),
    ]


def ran_buttons(question: str, commands: Iterable[tuple[int, str]]) -> Block:
    """One button for each command, by its number in the answer; the label names it where there are several."""
    known = tuple(commands)
    labels = {n: "I ran this" if len(known) == 1 else f"I ran: {inert(one_line(clip(c, 30)))}" for n, c in known}
    return actions(*(button(labels[n], f"{RAN}_{n}", f"{question}#{n}") for n, _ in known))


def ran_of(value: str) -> tuple[str, int] | None:
    """The question and the command's number behind such a button."""
    question, _, number = value.rpartition("#")
    return (question, int(number)) if question and number.isascii() and number.isdigit() else None


def marked(blocks: object, action: str) -> list[Block]:
    """A message's blocks with this button shown as pressed, everything else as it was."""
    made = _marked(blocks, action)
    return made if isinstance(made, list) else []


def _marked(part: Any, action: str) -> Any:
    if isinstance(part, list):
        return [_marked(inner, action) for inner in part]
    if not isinstance(part, Mapping):
        return part
    same = {str(key): _marked(value, action) for key, value in part.items()}
    if same.get("action_id") != action or same.get("type") != "button":
        return same
    label = str(same["text"]["text"]).removeprefix(DONE)
    return same | {"text": {"type": "plain_text", "text": clip(DONE + label, 75), "emoji": True}}
