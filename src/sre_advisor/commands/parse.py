"""From shell source to a flat list of what it would start, through every construct that can hold a command."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import tree_sitter_bash
from tree_sitter import Language, Node, Parser

from sre_advisor.commands.hygiene import restore
from sre_advisor.commands.redirects import Redirects, last_command
from sre_advisor.commands.word_builder import EXPANSIONS, SUBSCRIPT_CODE, WordBuilder
from sre_advisor.commands.words import Invocation, Script, Word, word

_STATEMENTS = {
    "command",
    "pipeline",
    "list",
    "redirected_statement",
    "subshell",
    "compound_statement",
    "negated_command",
    "test_command",
    "if_statement",
    "for_statement",
    "while_statement",
    "case_statement",
    "c_style_for_statement",
    "function_definition",
    "declaration_command",
    "unset_command",
    "variable_assignment",
    "variable_assignments",
}
_SHELL_IN_COMMENT = re.compile(r"[;&|`\n>]|\$\(")
_PRINTERS = {"echo", "printf", "cat"}
DEPTH_LIMIT = 60


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_bash.language()))


def parse(source: str) -> Script:
    """Everything this source would start, read and write; what the grammar does not understand becomes a doubt."""
    data = source.encode()
    root = _parser().parse(data).root_node
    walk = Walk(data)
    if root.has_error:
        walk.script.doubts.append("the shell syntax is not fully understood")
    walk.statements(root, 0)
    return walk.script


class Walk:
    """One pass over a syntax tree."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.script = Script()
        self.made: dict[int, Invocation] = {}
        """What each simple command of the tree became."""
        self.special = {
            "command": self.command,
            "pipeline": self.pipeline,
            "redirected_statement": self.redirected,
            "declaration_command": self.declaration,
            "unset_command": self.declaration,
            "variable_assignment": self.plain_assignment,
            "for_statement": self.loop,
            "function_definition": self.function,
            "comment": self.comment,
            "file_redirect": self.loose_redirect,
            "herestring_redirect": self.loose_redirect,
            "heredoc_redirect": self.loose_redirect,
        }

    def text(self, node: Node) -> str:
        """The source of a node."""
        return self.data[node.start_byte : node.end_byte].decode()

    def is_statement(self, node: Node) -> bool:
        """Whether a node runs something of its own."""
        return node.type in _STATEMENTS

    # --- statements ------------------------------------------------------------------------------------------

    def statements(self, node: Node, depth: int) -> list[Invocation]:
        """Visit all children of a node that merely groups statements."""
        found: list[Invocation] = []
        for child in node.named_children:
            found += self.statement(child, depth + 1)
        return found

    def statement(self, node: Node, depth: int) -> list[Invocation]:
        """Visit one statement; the invocations found in it, outermost first."""
        if depth > DEPTH_LIMIT:
            self.script.doubts.append("nested too deeply")
            return []
        kind = node.type
        special = self.special.get(kind)
        if special is not None:
            return special(node, depth)
        if kind in EXPANSIONS or kind in _HOLDERS:
            return self.nested(node, depth)
        if kind == "test_command":
            self.test(node)
        if kind == "ERROR":
            self.script.doubts.append("the shell syntax is not fully understood")
        return self.statements(node, depth)

    def nested(self, node: Node, depth: int) -> list[Invocation]:
        """Visit commands hidden anywhere below a node that is itself no statement."""
        if depth > DEPTH_LIMIT:
            self.script.doubts.append("nested too deeply")
            return []
        found: list[Invocation] = []
        for child in node.named_children:
            if child.type in _STATEMENTS:
                found += self.statement(child, depth + 1)
            elif child.named_child_count:
                found += self.nested(child, depth + 1)
        return found

    def comment(self, node: Node, _depth: int) -> list[Invocation]:
        """A comment is nothing, unless some shells would run it."""
        if _SHELL_IN_COMMENT.search(self.text(node)):
            self.script.doubts.append("a comment holds shell syntax, which some shells would run")
        return []

    def function(self, node: Node, depth: int) -> list[Invocation]:
        """A function's body counts as run, since its call cannot be told from any other word."""
        name = node.child_by_field_name("name")
        if name is not None:
            self.script.functions.add(self.text(name))
        return self.statements(node, depth)

    def test(self, node: Node) -> None:
        """Doubt brackets that are not what they look like."""
        text = self.text(node)
        if text.startswith("[ ") and re.search("[<>]", text):
            self.script.doubts.append("a test with < or > in single brackets is a redirection")
        if not _BRACKETS.fullmatch(text):
            self.script.doubts.append("brackets that may be a file name pattern")
        if SUBSCRIPT_CODE.search(text):
            self.script.doubts.append("a substitution inside a subscript may be run by the comparison")

    def plain_assignment(self, node: Node, depth: int) -> list[Invocation]:
        """Visit an assignment to a variable of the shell."""
        self.assignment(node, depth)
        return []

    def loose_redirect(self, node: Node, depth: int) -> list[Invocation]:
        """Visit a redirection attached to no simple command."""
        Redirects(self, [], None).visit(node, depth)
        return []

    def pipeline(self, node: Node, depth: int) -> list[Invocation]:
        """Visit the stages, each fed by those before it."""
        found: list[Invocation] = []
        for child in node.named_children:
            stage = self.statement(child, depth + 1)
            self.feed(found, stage)
            found += stage
        return found

    def feed(self, before: list[Invocation], stage: list[Invocation]) -> None:
        """Tell the invocations of a pipeline stage what arrives on their input."""
        if not before:
            return
        names = tuple(i.words[0] if i.words else word("") for i in before)
        for invocation in stage:
            if not invocation.fed:
                invocation.fed = True
                invocation.stdin = _printed(before[-1]) if len(before) == 1 else None
            invocation.piped = (*names, *invocation.piped)

    def redirected(self, node: Node, depth: int) -> list[Invocation]:
        """Visit a statement and its redirections."""
        found: list[Invocation] = []
        redirects: Redirects | None = None
        for child in node.named_children:
            if not child.type.endswith("_redirect"):
                found += self.statement(child, depth + 1)
                continue
            if redirects is None:
                ends_in = last_command(node.child_by_field_name("body"))
                redirects = Redirects(self, found, self.made.get(ends_in.id) if ends_in is not None else None)
            redirects.visit(child, depth + 1)
        return found

    def loop(self, node: Node, depth: int) -> list[Invocation]:
        """Visit a for loop; its variable takes each of the values."""
        variable = node.child_by_field_name("variable")
        name = self.text(variable) if variable is not None else ""
        self.spaced(node.children_by_field_name("value"))
        for value in node.children_by_field_name("value"):
            self.script.assigned.setdefault(name, []).extend(self.words(value, depth + 1))
        body = node.child_by_field_name("body")
        return self.statement(body, depth + 1) if body is not None else []

    # --- commands --------------------------------------------------------------------------------------------

    def command(self, node: Node, depth: int) -> list[Invocation]:
        """Visit a simple command: assignments, name, arguments, redirections."""
        made = Invocation([])
        slot = len(self.script.invocations)
        self.script.invocations.append(made)
        self.made[node.id] = made
        found = [made]
        self.spaced(node.named_children)
        for child in node.named_children:
            kind = child.type
            if kind == "variable_assignment":
                made.env += self.assignment(child, depth + 1, prefix=True)
            elif kind.endswith("_redirect"):
                Redirects(self, found, made).visit(child, depth + 1)
            elif kind == "command_name":
                for part in child.named_children:
                    made.words += self.words(part, depth + 1)
                if not child.named_child_count:
                    made.words += [word(self.text(child), opaque=True)]
            elif kind in _STATEMENTS:
                found += self.statement(child, depth + 1)
            else:
                made.words += self.words(child, depth + 1)
        assert self.script.invocations[slot] is made
        return found

    def spaced(self, nodes: list[Node]) -> None:
        """Doubt words that touch: the grammar splits where the shell would not (a quote before a backslash)."""
        for before, after in pairwise(nodes):
            if after.type.endswith("_redirect") or after.type in _STATEMENTS:
                continue
            if not _BLANK.fullmatch(self.data[before.end_byte : after.start_byte].decode()):
                self.script.doubts.append("the end of a word is not understood")

    def declaration(self, node: Node, depth: int) -> list[Invocation]:
        """`export A=b`, `declare -p`, `unset X`: a builtin whose arguments may be assignments."""
        made = Invocation([word(self.text(node.children[0]))])
        self.script.invocations.append(made)
        self.spaced(node.named_children)
        for child in node.named_children:
            if child.type == "variable_assignment":
                made.env += self.assignment(child, depth + 1, prefix=True)
                self.assignment(child, depth + 1)
            elif child.type == "variable_name":
                made.words.append(word(self.text(child)))
            else:
                made.words += self.words(child, depth + 1)
        return [made]

    def assignment(self, node: Node, depth: int, *, prefix: bool = False) -> list[tuple[str, Word]]:
        """Visit NAME=value; a prefix belongs to one command only."""
        name = node.child_by_field_name("name")
        value = node.child_by_field_name("value")
        label = self.text(name) if name is not None else ""
        values = self.words(value, depth + 1) if value is not None else [word("")]
        if name is not None and name.type != "variable_name":
            self.nested(name, depth + 1)
        if not prefix:
            appended = "+=" in self.text(node)[: len(label) + 2]
            self.script.assigned.setdefault(label.split("[")[0], []).extend([None] if appended else values)
        return [(label, v) for v in values] or [(label, word(""))]

    # --- words -----------------------------------------------------------------------------------------------

    def words(self, node: Node, depth: int) -> list[Word]:
        """The word or words (after brace expansion) that this node stands for."""
        kind = node.type
        if kind == "word":
            raw = self.text(node)
            if raw.isalnum() or not set(raw) & _SPECIAL:
                return [word(restore(raw))]
        builder = WordBuilder(self, depth)
        builder.add(node, depth)
        return builder.finish()


_HOLDERS = {"string", "concatenation", "array", "subscript", "case_item"}
_BRACKETS = re.compile(r"\[\[\s.*\s\]\]|\[\s.*\s\]|\(\(.*\)\)", re.DOTALL)
_BLANK = re.compile(r"(?:[ \t]|\\\n)+")
_SPECIAL = set("\\*?[{!~`$'\"\n")


def _printed(invocation: Invocation) -> str | None:
    """The text a plain `echo …` or `cat <<EOF` prints; None where that is not certain."""
    words = invocation.words
    if not words or words[0] not in _PRINTERS or not all(w.static and not w.glob for w in words):
        return None
    if words[0] == "cat":
        return invocation.stdin if len(words) == 1 else None
    rest = words[1:]
    if rest and (rest[0].startswith("-") or (words[0] == "printf" and (len(rest) > 1 or re.search(r"[%\\]", rest[0])))):
        return None
    return " ".join(rest)
