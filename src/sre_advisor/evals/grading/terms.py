"""Whether a text says a thing: groups of synonyms, of which each must be there and not denied. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_DENIED = re.compile(
    r"\b(?:not(?! (?:only|just|enough|sufficient))|no(?! (?:longer|more|free))|never|neither|nor|without|cannot|"
    r"(?:is|was|are|were|does|did|has|have)n['’]t|unlikely|rather than|instead of|other than|"
    r"(?:ruled|rules|rule|ruling) out|exclud(?:e|es|ed|ing))\b"
    r"(?:(?!\bbut\b)[^.;,]){0,40}$"
)
"""Words that deny what follows in their clause; "but" and punctuation end it, "not enough" denies nothing."""
_DENIED_AFTER = re.compile(r"^[^.;,]{0,30}\b(?:is|was|were|are|can be) (?:not|ruled out|unlikely|excluded|innocent)\b")


def says(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether each group has a synonym in the text that is not denied in its clause; no groups, nothing to say."""
    low = " ".join(text.casefold().split())
    return all(any(_stands(low, term) for term in group) for group in groups)


def _stands(low: str, term: str) -> bool:
    for match in _pattern(term).finditer(low):
        if not _DENIED.search(low[: match.start()]) and not _DENIED_AFTER.search(low[match.end() :]):
            return True
    return False


@lru_cache(5_000)
def _pattern(term: str) -> re.Pattern[str]:
    """From the start of a word on, so that "expir" finds "expired" and "pool" does not find "spool"."""
    words = r"[\s_-]*".join(map(re.escape, term.casefold().split()))
    return re.compile(rf"(?<![^\W_]){words}")
