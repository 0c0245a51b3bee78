"""What the words of a message to the advisor are meant as; a question unless they plainly are something else. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 200
"""Characters of a correction: what is longer is a question of its own."""

_STOP = re.compile(
    r"(please )?(stop|cancel|abort|enough)( (it|this|that|now|here|looking|please|the (investigation|search)))*"
)
_CORRECTION = re.compile(
    r"(sorry[,:; ]+)?(i (meant|mean)|i should have said|meant|correction:|typo:)\s+\S"
    r"|(sorry|oops|actually|rather)[,:;]?\s+(?!to |for |about |but )\S"
    r"|no[,:;]\s*(?!thanks|thank you|problem|idea|worries|need)\S"
    r"|not\s+[\w.-]+\s*[,;:]\s*(but\s+)?[\w.-]+"
    r"|\*\s?[\w.-]+|[\w.-]+\*$"
)
_AFTERTHOUGHT = re.compile(r"[\w ,.-]+,\s*i (mean|meant)$")

_STATES = (
    "fine|ok|okay|good|well|healthy|up|down|slow|fast|failing|working|broken|not|never|always|only|just|still|already|"
    "at|in|on|since|until|before|after|like|also|ever|when|where|better|worse|normal|green|red|yesterday|today|last"
)
_CAUSE = re.compile(
    rf"(?:(?:it|this|that) was (?!(?:{_STATES})\b)"
    r"|(?:the )?(?:root )?cause (?:was|is|turned out to be) |root cause:\s*)"
    r"(?P<cause>\S.*)",
    re.DOTALL,
)
_REMEDY = re.compile(
    r"(?:(?:it|this|that) (?:was|is|got) )?(?:now )?(?:fixed|solved|resolved) (?:by|with) (?P<remedy>\S.*)", re.DOTALL
)
_THEN = re.compile(r"[,;.]?\s+(?:and )?(?:(?:we|i) )?(?:fixed|solved|resolved) (?:it )?(?:by|with)\s+", re.IGNORECASE)


class Meaning(StrEnum):
    """The kinds of message."""

    QUESTION = "question"
    STOP = "stop"
    CORRECTION = "correction"
    OUTCOME = "outcome"


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody says the cause was, and what fixed it; either may be empty."""

    cause: str
    remedy: str


def meaning(text: str) -> Meaning:
    """What the words are meant as; whether that can be (something runs, something was answered) the caller knows."""
    if is_stop(text):
        return Meaning.STOP
    if outcome_in(text) is not None:
        return Meaning.OUTCOME
    return Meaning.CORRECTION if is_correction(text) else Meaning.QUESTION


def is_stop(text: str) -> bool:
    """Whether the words do nothing but ask to end what runs."""
    return _STOP.fullmatch(" ".join(re.sub(r"[.,!]", " ", _said(text)).split())) is not None


def is_correction(text: str) -> bool:
    """Whether the words put right what the same person asked before, and ask nothing themselves."""
    said = _said(text)
    if len(said) > LONGEST or "?" in said:
        return False
    return _CORRECTION.match(said) is not None or _AFTERTHOUGHT.fullmatch(said.rstrip(".! ")) is not None


def outcome_in(text: str) -> Told | None:
    """The cause and the remedy that the words tell, with “it was …” or “fixed by …”; None for a question."""
    words = " ".join(text.split())
    said = words.casefold()
    if said.endswith("?") or len(said) != len(words):
        return None
    if found := _REMEDY.match(said):
        return Told("", words[found.start("remedy") :])
    if found := _CAUSE.match(said):
        cause, *remedy = _THEN.split(words[found.start("cause") :], maxsplit=1)
        return Told(cause.rstrip(" ,;."), (remedy[0] if remedy else "").rstrip())
    return None


def _said(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").split())
