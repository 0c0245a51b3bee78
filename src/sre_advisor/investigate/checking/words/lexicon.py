"""Everyday English of incident reports: a word that is none of these, where a name stands, is taken for a name."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from sre_advisor.packaged import config_dir

_ENDINGS = (
    "'s",
    "’s",
    "s",
    "es",
    "ed",
    "d",
    "ing",
    "ly",
    "er",
    "ers",
    "est",
    "ment",
    "ness",
    "able",
    "ation",
    "ations",
    "ally",
    "y",
)


@cache
def words() -> frozenset[str]:
    """The words of config/everyday_words.txt, read once."""
    lines = (config_dir() / "everyday_words.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(20_000)
def is_ordinary(word: str) -> bool:
    """Whether the word, or what it is derived from, is everyday English."""
    low = word.casefold().strip("'’")
    if low in words() or not low.isascii():
        return True
    for ending in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= 3:
            stem = low[: -len(ending)]
            if (
                stem in words()
                or f"{stem}e" in words()
                or f"{stem}y" in words()
                or (stem[-1] == stem[-2] and stem[:-1] in words())
            ):
                return True
            if stem.endswith("i") and f"{stem[:-1]}y" in words():
                return True
    return low.startswith(("un", "re", "pre", "non", "mis", "over", "out")) and any(
        low.removeprefix(p) in words() for p in ("un", "re", "pre", "non", "mis", "over", "out")
    )


def is_english(text: str) -> bool:
    """Whether most plain words of the text are everyday English."""
    plain = [w for w in re.findall(r"[^\W\d_]{2,}", text) if w.islower()]
    return not plain or sum(is_ordinary(w) for w in plain) >= 0.6 * len(plain)
