"""The gitleaks rules (MIT, see rules/gitleaks.LICENSE.txt), read from their own file as it is.

Rules about file names alone are left out, since what we read has none; for the same reason a rule that gitleaks limits
to some files applies everywhere here, and an allowance that needs a path is never given. RE2 takes every expression as
it stands: gitleaks itself uses Go's RE2, so there is no look-around and no back-reference to replace.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from sre_advisor.broker.redaction.judge import entropy, is_identity, is_resource_name
from sre_advisor.broker.redaction.regex import Match, Pattern, quoted
from sre_advisor.broker.redaction.rule import ASSIGNED, SECRET_KIND, Rank, Rule

FILE = Path(__file__).parent / "rules" / "gitleaks.toml.gz"

GENERIC = "generic-api-key"

_WIDE = {
    "curl-auth-header": (16, 4000),
    "curl-auth-user": (16, 4000),
    "kubernetes-secret-yaml": (600, 600),
}
"""Characters to look at before and after a keyword, for rules that span lines."""


_LAST_NAME = re.compile(r"([\w.-]+)[^\w.-]*$")

_HEADS = {
    GENERIC: ASSIGNED,
    "hashicorp-tf-password": ASSIGNED,
    "kubernetes-secret-yaml": SECRET_KIND,
}
"""Rules whose keywords stand in every other log line: looked for with what must follow as well."""


_SHORTEST_KEYWORD = 3
"""A shorter keyword (`sk`, `ey`) stands in too many words: the expressions themselves are the gate."""


class Allowance(BaseModel):
    """What is not a secret although a rule found it."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    condition: Literal["OR", "AND"] = "OR"
    target: Literal["secret", "match", "line"] = Field("secret", alias="regexTarget")
    paths: tuple[str, ...] = ()
    regexes: tuple[str, ...] = ()
    stopwords: tuple[str, ...] = ()

    @cached_property
    def _expressions(self) -> tuple[Pattern, ...]:
        return tuple(Pattern(r) for r in self.regexes)

    @cached_property
    def _stops(self) -> Pattern | None:
        words = "|".join(quoted(word.lower().encode("latin-1")) for word in self.stopwords)
        return Pattern(words, spans_only=True) if words else None

    def covers(self, secret: bytes, match: bytes, line: bytes) -> bool:
        """Whether the finding is allowed; one that also asks for a path never is."""
        if self.condition == "AND" and self.paths:
            return False
        target = {"secret": secret, "match": match, "line": line}[self.target]
        if any(e.first(target) for e in self._expressions):
            return True
        return self._stops is not None and self._stops.first(secret.lower()) is not None


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    regex: str | None = None
    secret_group: int = Field(0, alias="secretGroup")
    entropy: float = 0.0
    keywords: tuple[str, ...] = ()
    allowlists: tuple[Allowance, ...] = ()


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)
    allowlist: Allowance
    rules: tuple[_Entry, ...]


@cache
def gitleaks_rules() -> tuple[Rule, ...]:
    """Every rule that has an expression."""
    file = _File.model_validate(tomllib.loads(gzip.decompress(FILE.read_bytes()).decode("utf-8")))
    entries = [entry for entry in file.rules if entry.regex]
    brief = [e for e in entries if min(map(len, e.keywords)) < _SHORTEST_KEYWORD]
    heads = _HEADS | dict.fromkeys((e.id for e in brief), "|".join(f"(?:{e.regex})" for e in brief))
    return tuple(_rule(entry, file.allowlist, heads.get(entry.id, "")) for entry in entries)


def _rule(entry: _Entry, everywhere: Allowance, head: str) -> Rule:
    assert entry.regex is not None
    back, ahead = _WIDE.get(entry.id, (256, 512))
    return Rule(
        id=entry.id,
        expression=entry.regex,
        keywords=() if head else tuple(k.lower() for k in entry.keywords),
        head=head,
        spans=_Secret(entry, (everywhere, *entry.allowlists)),
        rank=Rank.GENERIC if entry.id == GENERIC else Rank.NAMED,
        back=back,
        ahead=ahead,
        to_end=entry.id == "private-key",
    )


class _Secret:
    """The part of a hit that is the secret, unless its entropy is low or an allowance covers it."""

    def __init__(self, entry: _Entry, allowances: tuple[Allowance, ...]) -> None:
        self._entry, self._allowances = entry, allowances

    @cached_property
    def _groups(self) -> range:
        return range(1, Pattern(self._entry.regex or "").groups + 1)

    def __call__(self, text: bytes, match: Match) -> Iterator[tuple[int, int]]:
        group = self._entry.secret_group or next((g for g in self._groups if match.group(g)), 0)
        secret, whole = match.group(group) or b"", match.group(0) or b""
        value = secret.decode("latin-1")
        if self._entry.entropy and entropy(value) <= self._entry.entropy:
            return
        if self._entry.id == GENERIC and _is_no_key(text[match.start() : match.start(group)].decode("latin-1"), value):
            return
        line = _line(text, match.start(), match.end())
        if any(a.covers(secret, whole, line) for a in self._allowances):
            return
        yield match.start(group), match.end(group)


def _is_no_key(before: str, value: str) -> bool:
    """The generic rule's keyword may stand some words before the name that the value really has."""
    name = _LAST_NAME.search(before)
    return is_resource_name(value) or (name is not None and is_identity(name.group(1), value))


LINE_LIMIT = 2000
"""A line's allowances are looked for this far around a hit, so that one endless line stays linear."""


def _line(text: bytes, start: int, end: int) -> bytes:
    first = text.rfind(b"\n", max(0, start - LINE_LIMIT), start) + 1 or max(0, start - LINE_LIMIT)
    last = text.find(b"\n", end, end + LINE_LIMIT)
    return text[first : last if last >= 0 else end + LINE_LIMIT]
