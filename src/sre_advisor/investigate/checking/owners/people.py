"""People named as in a change log ("a.name"), and the things of records that tell of others of them."""

from __future__ import annotations

import re

from sre_advisor.investigate.checking.evidence.row import Row

PERSON = re.compile(r"[a-z]+\.[a-z]+")
"""Somebody, who may have a hand in more than one service."""
_NAMED = re.compile(r"(?<![\w./-])[a-z]+\.[a-z]+(?![\w/-]|\.\w)")
_NOBODY = frozenset(
    ("go", "py", "js", "ts", "rb", "sh", "rs", "md", "yaml", "yml", "json", "toml", "sql", "java", "conf", "txt", "com",
     "net", "org", "io", "local", "svc", "internal", "proto", "html", "css", "c", "h")
)  # fmt: skip
"""Endings of files and hosts."""


def of_others(one: str, other: str, ours: list[Row], theirs: list[Row]) -> bool:
    """Whether somebody and a thing stand in records of times of their own, and another person in that of the thing."""
    people = [t for t in (one, other) if is_person(t)]
    if len(people) != 1 or any(r is o for r in ours for o in theirs):
        return False
    things = theirs if people[0] == one else ours
    times = [{m.epoch // 60 for r in some for m in r.times} for some in (ours, theirs)]
    told = all(r.times for r in (*ours, *theirs)) and not times[0] & times[1]
    return told and any(is_person(t) and t != people[0] for r in things for t in _NAMED.findall(r.full))


def is_person(token: str) -> bool:
    """Whether the token is somebody's name rather than that of a file or a host."""
    return PERSON.fullmatch(token) is not None and token.rpartition(".")[2] not in _NOBODY
