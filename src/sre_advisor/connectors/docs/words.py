"""Text as words to index and to search for; pure, and safe for any text."""

from __future__ import annotations

import re

_COMPOUND = re.compile(r"\b(?:[^\W_]*[a-z0-9][A-Z][^\W_]*|[A-Z]{2,}[a-z][^\W_]*)")
_SEAM = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_TEMPLATE = re.compile(r"\{\{[^{}]{0,300}\}\}")
_WORD = re.compile(r"[^\W_]+")
_WORD_OR_BREAK = re.compile(r"[^\W_]+|[.,;:!?()\n]")
_PREFIX_FROM = 5
QUERY_WORDS = 64
QUERY_CHARS = 20_000

# English function words: they say how a question is asked, not what it is about.
_STOP_TEXT = """
a about after again all also am an and any are as at be because been before being both but by can cannot could
did do does doing down during each else few for from further get gets getting got had has have having he her
here hers him his how i if in into is isn it its itself just keep keeps let ll m may me might more most must my
no nor not now of off on once only or other our out over own re s same shall she should so some such t than that
the their them then there these they this those through to too under until up us ve very was we were what when
where which while who whom why will with would you your
"""
_STOP = frozenset(_STOP_TEXT.split())


def split_names(text: str) -> str:
    """The text with every camelCase name followed by its parts: `KubePodDown` also as `Kube Pod Down`."""
    return _COMPOUND.sub(lambda name: f"{name[0]} {_SEAM.sub(' ', name[0])}", text)


def query_words(text: str) -> tuple[str, ...]:
    """What to search for: distinct words, names split, template markers and function words left out, at most 64."""
    cleaned = _TEMPLATE.sub(" ", text[:QUERY_CHARS])
    words = dict.fromkeys(w.casefold()[:64] for w in _WORD.findall(split_names(cleaned)))
    telling = [w for w in words if w not in _STOP and len(w) > 1]
    return tuple(telling or words)[:QUERY_WORDS]


def match_all(words: tuple[str, ...]) -> str:
    """An FTS5 expression for rows with every word; quoted, so that no word is an operator."""
    return " AND ".join(f'"{w}"' for w in words)


def neighbours(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of telling words that stand side by side, so that a phrase counts for more than its words; at most 64."""
    pairs: dict[tuple[str, str], None] = {}
    before = ""
    for token in _WORD_OR_BREAK.findall(split_names(_TEMPLATE.sub(" . ", text[:QUERY_CHARS]))):
        word = token.casefold()[:64]
        telling = word.isalnum() and word not in _STOP and len(word) > 1
        if telling and before:
            pairs[(before, word)] = None
        before = word if telling else ""
    return tuple(pairs)[:QUERY_WORDS]


def match_any(words: tuple[str, ...], pairs: tuple[tuple[str, str], ...] = ()) -> str:
    """An FTS5 expression for rows with any of the words or pairs; a longer word also matches as a beginning."""
    single = [f'"{w}"*' if len(w) >= _PREFIX_FROM else f'"{w}"' for w in words]
    return " OR ".join([*single, *(f'"{a} {b}"' for a, b in pairs)])


def key(name: str) -> str:
    """A name without case, blanks and punctuation, for comparing alert names, file stems and headings."""
    return re.sub(r"[\W_]+", "", name.casefold())


def snippet(text: str, words: tuple[str, ...], chars: int = 300) -> str:
    """The stretch of the text around the line that holds most of the words."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return ""
    scores = [sum(w in line.casefold() for w in words) for line in (x[:2000] for x in lines)]
    best = scores.index(max(scores))
    return " ".join(lines[best : best + 6])[:chars]
