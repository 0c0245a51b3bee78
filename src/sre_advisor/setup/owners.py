"""Who owns a path, by CODEOWNERS (the last matching line wins) or an OWNERS file: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

CODEOWNERS = ("CODEOWNERS", ".github/CODEOWNERS", ".gitlab/CODEOWNERS", "docs/CODEOWNERS")
OWNERS = ("OWNERS", "OWNERS.yaml")
MOST = 5
Rule = tuple[str, tuple[str, ...]]


def read_codeowners(text: str) -> tuple[Rule, ...]:
    """Each line's pattern and owners, in order; section headings and comments left out."""
    rules: list[Rule] = []
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if words and not words[0].startswith(("[", "^[")):
            rules.append((words[0], tuple(word for word in words[1:] if "@" in word)))
    return tuple(rules)


def owners_of(path: str, rules: Sequence[Rule]) -> tuple[str, ...]:
    """The owners of a folder or file by the last rule that covers it."""
    for pattern, owners in reversed(rules):
        if _covers(pattern, path.strip("/")):
            return owners[:MOST]
    return ()


def read_owners_file(text: str) -> tuple[str, ...]:
    """The people of an OWNERS file: its approvers, or simply its lines."""
    approvers = re.search(r"^approvers:\s*\n((?:[ \t]*-[ \t]*\S+.*\n?)+)", text, re.MULTILINE)
    lines = approvers[1].splitlines() if approvers else text.splitlines()
    names = [line.partition("#")[0].strip().lstrip("-").strip() for line in lines]
    return tuple(name for name in names if re.fullmatch(r"[@\w.+/-]+", name))[:MOST]


def nearest_owners(path: str, files: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The owners named in the OWNERS file nearest above the path; `files` maps its folder to owners."""
    parts = path.strip("/").split("/")
    for depth in range(len(parts), -1, -1):
        found = files.get("/".join(parts[:depth]))
        if found:
            return found
    return ()


def _covers(pattern: str, path: str) -> bool:
    plain = pattern.strip("/").removesuffix("/**").removesuffix("/*")
    if plain in ("", "*", "**"):
        return True
    if pattern.startswith("/") or "/" in plain:
        plain = plain.removeprefix("**/")
        return path == plain or path.startswith(f"{plain}/") or fnmatchcase(path, plain)
    return any(fnmatchcase(part, plain) for part in path.split("/"))
