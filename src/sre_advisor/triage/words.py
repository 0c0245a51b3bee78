"""Words of identifiers, paths and prose, so that a diff, a metric's name and a log line can be compared."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

_CAMEL = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
NAME = 200
"""Characters up to which a text may be a name that comes again."""
_STOP = frozenset(
    re.findall(
        r"\w+",
        """
        the and for with from that this not are was has have into over per our its been when than then will all any out
        use used using return returns func function def class const var let new nil null none true false self ctx err
        import package public private static void string int float bool struct type map list get set add http https
        www com org net svc cluster local service services server client request requests response handler api app
        fix feat chore refactor docs test perf style src pkg cmd lib internal main config total sum avg max min count
        rate ratio pct percent above below seconds minutes ms error errors failed failing failure warn info debug
        """,
    )
)
"""Words of every code base and every metric: shared by all, they tell nothing apart."""


def split_identifier(text: str) -> list[str]:
    """Lower-case words of an identifier or sentence, cut at case changes, digits and punctuation."""
    return list(_split(text)) if len(text) <= NAME else [w.lower() for w in _CAMEL.findall(text)]


@lru_cache(maxsize=4096)  # thousands of series share a few names
def _split(text: str) -> tuple[str, ...]:
    return tuple(w.lower() for w in _CAMEL.findall(text))


def stem(word: str) -> str:
    """A crude English stem, enough to let "retries" meet "retry" and "timeouts" meet "timeout"."""
    for ending, put in (("ies", "y"), ("sses", "ss"), ("ing", ""), ("ed", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            return word[: len(word) - len(ending)] + put
    return word


def telling_words(text: str) -> frozenset[str]:
    """Stems of the words of `text` that could tell one thing from another (three letters or more, no filler)."""
    return frozenset(stem(w) for w in split_identifier(text) if len(w) > 2 and w not in _STOP and not w.isdigit())


def as_written(text: str, stems: Sequence[str]) -> list[str]:
    """For each stem the first word of `text` that has it: people are shown words, never stems."""
    written: dict[str, str] = {}
    for word in split_identifier(text):
        written.setdefault(stem(word), word)
    return [written.get(one, one) for one in stems]


def squash(name: str) -> str:
    """A name without case and punctuation, for comparing spellings of one name."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())
