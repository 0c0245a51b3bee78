"""One word put together from its quoted, bare and expanded pieces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tree_sitter import Node

from sre_advisor.commands import quoting
from sre_advisor.commands.hygiene import restore
from sre_advisor.commands.words import Invocation, Word, word

if TYPE_CHECKING:
    from sre_advisor.commands.parse import Walk

EXPANSIONS = {"simple_expansion", "expansion", "command_substitution", "process_substitution", "arithmetic_expansion"}
SUBSCRIPT_CODE = re.compile(r"\w\[[^\]]*(?:\$\(|`)")
_PLAIN_VARIABLE = re.compile(r"\$\{?(\w+)\}?$")


class WordBuilder:
    """Puts one word together from its quoted, bare and expanded pieces."""

    def __init__(self, walk: Walk, depth: int) -> None:
        self.walk, self.depth = walk, depth
        self.text: list[str] = []
        self.names: list[str] = []
        self.subs: list[str] | None = None
        self.unquoted = ""
        self.pieces = 0
        self.expansions = 0
        self.opaque = False

    def add(self, node: Node, depth: int) -> None:
        """Append what one node of the syntax tree stands for."""
        kind = node.type
        if kind in {
            "word",
            "number",
            "test_operator",
            "extglob_pattern",
            "regex",
            "variable_name",
            "special_variable_name",
        }:
            self.bare(self.walk.text(node))
            if node.named_child_count:
                self.opaque = True
                self.walk.nested(node, depth + 1)
        elif kind == "raw_string":
            self.unquoted += "x" if self.unquoted.endswith("!") else ""
            self.piece(self.walk.text(node)[1:-1])
        elif kind == "ansi_c_string":
            self.piece(quoting.ansi_c(self.walk.text(node)[2:-1]))
        elif kind == "string":
            self.string(node, depth)
        elif kind in {"concatenation", "translated_string"}:
            self.sequence(node, depth)
        elif kind in EXPANSIONS:
            self.expansion(node, depth)
        elif kind == "brace_expression":
            self.bare(self.walk.text(node))
        else:
            self.opaque = True
            self.piece(self.walk.text(node))
            self.walk.nested(node, depth + 1)

    def piece(self, text: str) -> None:
        """Append text whose quotes are already undone."""
        if "[" in text and SUBSCRIPT_CODE.search(text):
            self.walk.script.doubts.append("a substitution inside a subscript may be run by arithmetic")
        self.pieces += 1
        self.text.append(text)

    def bare(self, raw: str) -> None:
        """Append unquoted source."""
        if "`" in re.sub(r"\\.", "", raw) or "\\`" in raw:
            self.opaque = True
            self.walk.script.doubts.append("a nested back-quote is not understood")
        self.unquoted += re.sub(r"\\.", "", raw, flags=re.DOTALL)
        self.piece(quoting.bare(raw))

    def string(self, node: Node, depth: int) -> None:
        """Append the inside of double quotes."""
        at = node.start_byte + 1
        for child in node.named_children:
            if child.type in EXPANSIONS:
                self.inside(self.walk.data[at : child.start_byte])
                self.expansion(child, depth)
                at = child.end_byte
        end = node.end_byte - 1 if self.walk.data[node.end_byte - 1 : node.end_byte] == b'"' else node.end_byte
        self.inside(self.walk.data[at:end])
        self.pieces = max(self.pieces, 1)

    def inside(self, data: bytes) -> None:
        """Append a literal stretch within double quotes."""
        if not data:
            return
        raw = data.decode()
        bare_raw = re.sub(r"\\.", "", raw, flags=re.DOTALL)
        if quoting.history(bare_raw):
            self.walk.script.doubts.append("an interactive shell would expand the history reference")
        if "`" in bare_raw or "$(" in bare_raw:
            self.walk.script.doubts.append("a substitution inside quotes is not understood")
        self.piece(quoting.double_quoted(raw))

    def sequence(self, node: Node, depth: int) -> None:
        """Append the parts of a word that touch, and what lies between them."""
        at = node.start_byte
        for child in node.named_children:
            gap = self.walk.data[at : child.start_byte].decode()
            if gap and (gap != "$" or node.type != "translated_string"):
                self.bare(gap)
            self.add(child, depth + 1)
            at = child.end_byte
        if node.end_byte > at:
            self.bare(self.walk.data[at : node.end_byte].decode())

    def expansion(self, node: Node, depth: int) -> None:
        """Append something only the shell can fill in."""
        raw = self.walk.text(node)
        self.expansions += 1
        self.unquoted += "$" if self.unquoted.endswith("!") else ""
        self.piece(raw)
        if node.type in {"command_substitution", "process_substitution"}:
            inner = self.walk.nested(node, depth + 1)
            if node.type == "process_substitution" and raw.startswith(">"):
                self.walk.feed([Invocation([word("tee")]), Invocation([word("tee")])], inner)
            self.subs = [*(self.subs or []), *(str(i.words[0]) if i.words else "" for i in inner)]
            if "\\`" in raw:
                self.walk.script.doubts.append("a nested back-quote is not understood")
            return
        plain = _PLAIN_VARIABLE.match(raw)
        if plain and not plain[1].isdigit():
            self.names.append(plain[1])
            return
        self.opaque = node.type != "arithmetic_expansion" or self.opaque
        self.names.append(raw)
        self.walk.nested(node, depth + 1)

    def finish(self) -> list[Word]:
        """The word, or the words its braces make."""
        text = restore("".join(self.text))
        if quoting.history(self.unquoted):
            self.walk.script.doubts.append("an interactive shell would expand the history reference")
        glob = any(c in self.unquoted for c in "*?[")
        subs = None if self.subs is None else tuple(self.subs)
        whole = self.expansions == 1 and self.pieces == 1
        spread = [text]
        if "{" in self.unquoted and "}" in self.unquoted and re.search(r"\{[^{}]*(?:,|\.\.)[^{}]*\}", text):
            expanded = quoting.braces(text)
            spread, self.opaque = (expanded, self.opaque) if expanded is not None else ([text], True)
        return [word(t, names=tuple(self.names), subs=subs, whole=whole, glob=glob, opaque=self.opaque) for t in spread]
