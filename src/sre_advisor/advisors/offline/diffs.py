"""What a diff changes, in a line or two a person can read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINE = 100
_KEYED = re.compile(r"\s*[\"']?([\w.\-]+)[\"']?\s*[:=]\s*(.+?)\s*[,;]?\s*$")


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A setting that was given another value, or a line that came or went (`before` or `after` is None then)."""

    file: str
    before: str | None
    after: str | None

    @property
    def words(self) -> str:
        """The change as a person would tell it."""
        if self.before and self.after:
            return f"`{self.before}` became `{self.after}`"
        return f"added `{self.after}`" if self.after else f"removed `{self.before}`"


def key_lines(diff: str) -> tuple[KeyLine, ...]:
    """Settings with a new value first, then lines that came and went; moved lines are left out."""
    paired: list[KeyLine] = []
    single: list[KeyLine] = []
    for file, removed, added in _files(diff):
        moved = set(removed) & set(added)
        old = {k: line for line in removed if line not in moved and (k := _key(line))}
        new = {k: line for line in added if line not in moved and (k := _key(line))}
        paired += [KeyLine(file, old[k], new[k]) for k in old if k in new]
        told = {line for k in old if k in new for line in (old[k], new[k])}
        single += [KeyLine(file, line, None) for line in removed if line not in moved | told]
        single += [KeyLine(file, None, line) for line in added if line not in moved | told]
    return (*paired, *single)


def _files(diff: str) -> Iterator[tuple[str, list[str], list[str]]]:
    file, removed, added = "", list[str](), list[str]()
    for line in diff.splitlines():
        if line.startswith("diff --git "):
            if removed or added:
                yield file, removed, added
            file, removed, added = line.rpartition(" b/")[2], [], []
        elif line.startswith("-") and not line.startswith("---") and line[1:].strip():
            removed.append(_short(line[1:]))
        elif line.startswith("+") and not line.startswith("+++") and line[1:].strip():
            added.append(_short(line[1:]))
    if removed or added:
        yield file, removed, added


def _key(line: str) -> str | None:
    match = _KEYED.match(line)
    return match[1] if match else None


def _short(line: str) -> str:
    text = " ".join(line.split())
    return text if len(text) <= LINE else text[: LINE - 1].rsplit(" ", 1)[0] + "…"
