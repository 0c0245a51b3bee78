"""Words of a shell command: text that still knows which parts of it only the shell will fill in."""

from __future__ import annotations

from dataclasses import dataclass, field


class Word(str):
    """The text a program would receive, quotes removed; expansions stand in it as they were written.

    `vars` names the variables in it, `subs` the programs inside its substitutions (None without substitution), `whole`
    says that the word is one expansion and nothing else, `glob` that the shell would match file names, `complex` that
    its value cannot be told from the text at all.
    """

    __slots__ = ("complex", "glob", "subs", "vars", "whole")

    vars: tuple[str, ...]
    subs: tuple[str, ...] | None
    whole: bool
    glob: bool
    complex: bool

    @property
    def static(self) -> bool:
        """Whether the text is exactly what the program would receive (glob patterns aside)."""
        return not self.vars and self.subs is None and not self.complex


def word(
    text: str,
    *,
    names: tuple[str, ...] = (),
    subs: tuple[str, ...] | None = None,
    whole: bool = False,
    glob: bool = False,
    opaque: bool = False,
) -> Word:
    """A word of this text; without further arguments it is plain."""
    made = Word(text)
    made.vars, made.subs, made.whole, made.glob, made.complex = names, subs, whole, glob, opaque
    return made


@dataclass(slots=True)
class Invocation:
    """One program the shell would start, with what it is given.

    `stdin` is text known to arrive on its input (a here-document, or a plain echo in front of it); `piped` names the
    programs before it in the pipeline; `fed` says that anything arrives at all; `open_args` that words nobody can see
    are appended (xargs).
    """

    words: list[Word]
    env: list[tuple[str, Word]] = field(default_factory=list[tuple[str, Word]])
    stdin: str | None = None
    fed: bool = False
    piped: tuple[str, ...] = ()
    open_args: bool = False


@dataclass(slots=True)
class Script:
    """Everything a text of shell would start and touch, flattened."""

    invocations: list[Invocation] = field(default_factory=list[Invocation])
    writes: list[Word] = field(default_factory=list[Word])
    inputs: list[Word] = field(default_factory=list[Word])
    assigned: dict[str, list[Word | None]] = field(default_factory=dict[str, "list[Word | None]"])
    functions: set[str] = field(default_factory=set[str])
    doubts: list[str] = field(default_factory=list[str])
