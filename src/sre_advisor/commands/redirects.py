"""Redirections of a statement: what is written, what arrives on its input, and the words that stand behind them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from sre_advisor.commands.hygiene import restore
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.words import Invocation

if TYPE_CHECKING:
    from sre_advisor.commands.parse import Walk

_GROUPS = {"pipeline", "list", "negated_command"}
_PARTS = {"heredoc_start", "heredoc_body", "heredoc_end", "file_descriptor"}


class Redirects:
    """The redirections of one statement; `owner` is the command to which words behind them belong."""

    def __init__(self, walk: Walk, targets: list[Invocation], owner: Invocation | None) -> None:
        self.walk, self.targets, self.owner = walk, targets, owner

    def visit(self, node: Node, depth: int) -> None:
        """Visit one redirection."""
        if node.type == "herestring_redirect":
            self._herestring(node, depth)
        elif node.type == "heredoc_redirect":
            self._heredoc(node, depth)
        else:
            self._file(node, depth)

    def _file(self, node: Node, depth: int) -> None:
        """`< in`, `> out`, `2>&1`: the grammar counts all words that follow, but only the first one is the file."""
        operator = next((c.type for c in node.children if not c.is_named), "")
        for place, child in enumerate(c for c in node.named_children if c.type != "file_descriptor"):
            if place == 0:
                self._target(child, operator, depth)
            else:
                self._word(child, depth)

    def _target(self, node: Node, operator: str, depth: int) -> None:
        for made in self.walk.words(node, depth + 1):
            if operator == "<":
                self.walk.script.inputs.append(made)
                self._fill(None)
            elif operator not in {">&", "<&"} or not re.fullmatch(r"\d+-?|-", made):
                self.walk.script.writes.append(made)

    def _word(self, node: Node, depth: int) -> None:
        """A word behind a redirection is an argument as any other."""
        made = self.walk.words(node, depth + 1)
        if self.owner is None:
            self.walk.script.doubts.append("to what the words behind a redirection belong is not understood")
        else:
            self.owner.words += made

    def _herestring(self, node: Node, depth: int) -> None:
        for child in node.named_children:
            for made in self.walk.words(child, depth + 1):
                self._fill(str(made) if made.static else None)
                self._reveals(made.vars)

    def _heredoc(self, node: Node, depth: int) -> None:
        """A here-document: its text arrives on the input of what it is attached to."""
        start = next((c for c in node.named_children if c.type == "heredoc_start"), None)
        body = next((c for c in node.named_children if c.type == "heredoc_body"), None)
        content = self.walk.text(body) if body is not None else ""
        literal = start is not None and re.search(r"[\"'\\]", self.walk.text(start)) is not None
        expands = not literal and re.search(r"[$`\\]", content) is not None
        self._fill(None if expands else restore(content))
        if not literal:
            self._reveals(tuple(re.findall(r"\$\{?!?(\w+)", content)))
        if not literal and body is not None:
            if re.search(r"`|\$\(", content) and not body.named_child_count:
                self.walk.script.doubts.append("a substitution inside a here-document is not understood")
            self.walk.nested(body, depth + 1)
        for child in node.named_children:
            if child.type in _PARTS:
                continue
            if child.type.endswith("_redirect"):
                self.visit(child, depth + 1)
            elif self.walk.is_statement(child):
                later = self.walk.statement(child, depth + 1)
                self.walk.feed(list(self.targets), later)
                self.targets += later
            else:
                self._word(child, depth)

    def _reveals(self, names: tuple[str, ...]) -> None:
        """Doubt input made of variables that speak of credentials."""
        if any(secret_word(name) for name in names):
            self.walk.script.doubts.append("a variable that speaks of a credential is handed on")

    def _fill(self, content: str | None) -> None:
        """Note what arrives on the input of the targets."""
        for invocation in self.targets:
            invocation.stdin = None if invocation.fed else content
            invocation.fed = True


def last_command(node: Node | None) -> Node | None:
    """The simple command at which a statement ends; None where it ends in anything else."""
    while node is not None and node.type in _GROUPS and node.named_children:
        node = node.named_children[-1]
    return node
