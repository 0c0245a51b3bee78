"""One program call as the judges of programs see it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sre_advisor.commands.effect import Effect
from sre_advisor.commands.secrets import secret_file
from sre_advisor.commands.words import Word

_GIT_NAMES = re.compile(
    r"""["']?(?:\$\(|`)\s*git\s+(?:-C\s+[\w./-]+\s+)?(?:--no-pager\s+)?
    (?:rev-parse|rev-list|merge-base|branch\s+--show-current|symbolic-ref|describe
    |log\b[^|;&]*--(?:format|pretty)=["']?(?:format:)?%[Hh]["']?(?=[\s)`|]))""",
    re.VERBOSE,
)
"""Git's ways to print names and hashes, which never look like options; a commit's message may say anything."""
LISTERS = frozenset(
    {
        "ls",
        "find",
        "grep",
        "head",
        "tail",
        "sort",
        "uniq",
        "kubectl",
        "docker",
        "pgrep",
        "pidof",
        "date",
        "hostname",
        "whoami",
        "pwd",
        "nproc",
        "which",
        "seq",
        "id",
        "uname",
        "fgrep",
        "egrep",
        "wc",
        "aws",
        "git",
        "helm",
        "podman",
    }
)
"""Programs whose output may be handed on as plain names: they print what exists and make up nothing."""


@dataclass(slots=True)
class Scene:
    """What surrounds a call: the whole source, the variables given values in it, and the way to judge what is inside.

    `run` judges a list of words as a command of its own, `run_text` a string as shell source.
    """

    source: str
    depth: int
    run: Callable[[Call], Effect]
    run_text: Callable[[str, int], Effect]
    assigned: dict[str, list[Word | None]] = field(default_factory=dict[str, "list[Word | None]"])
    functions: frozenset[str] = frozenset()

    def settled(self, item: Word) -> bool:
        """Whether a word is plain, a placeholder, or a name some listing printed, not made up."""
        if item.complex:
            return False
        if item.subs is not None and (not item.whole or not item.subs or not LISTERS.issuperset(item.subs)):
            return False
        if item.subs is not None and "git" in item.subs and not _GIT_NAMES.match(item):
            return False
        return all(self._settled_variable(name, item.whole) for name in item.vars)

    def _settled_variable(self, name: str, whole: bool) -> bool:
        if name not in self.assigned:
            return name.isidentifier()
        values = self.assigned[name]
        return whole and all(
            v is not None and not v.vars and not v.startswith("-") and not self._risky(v) for v in values
        )

    def _risky(self, value: Word) -> bool:
        return (value.glob and secret_file(value)) or not self.settled(value)


@dataclass(slots=True)
class Call:
    """A program's name and arguments, and what reaches it."""

    name: str
    args: Sequence[Word]
    scene: Scene
    stdin: str | None = None
    fed: bool = False
    piped: tuple[str, ...] = ()
    open_args: bool = False

    def inner(self, words: Sequence[Word], *, open_args: bool = False) -> Effect:
        """The effect of running these words as a command of their own, with the same input."""
        if not words:
            return self.scene.run(Call("", (), self.scene))
        made = Call(words[0], words[1:], self.scene, self.stdin, self.fed, self.piped, open_args or self.open_args)
        return self.scene.run(made)

    def script(self, text: str) -> Effect:
        """The effect of running this text as shell source."""
        return self.scene.run_text(text, self.scene.depth + 1)

    @property
    def settled(self) -> bool:
        """Whether every argument is known, a placeholder, or a listed name."""
        return all(self.scene.settled(a) for a in self.args) and not self.unseen

    @property
    def unseen(self) -> bool:
        """Whether arguments arrive that nobody can see (xargs behind anything but a listing)."""
        return self.open_args and not (self.piped and LISTERS.issuperset(self.piped))
