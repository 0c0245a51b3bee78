"""Whether a question asks for a text that is drafted from the record, and for which. Pure."""

from __future__ import annotations

import re
from enum import StrEnum


class Kind(StrEnum):
    """What can be drafted."""

    STATUS = "status update"
    TIMELINE = "timeline"


_AUDIENCE = r"(?:customers?|users?|stakeholders?|public|management|kunden|nutzer)"
_WORDS = r"(?:update|message|note|announcement|comms|communication)s?"
_NAMES = (
    (Kind.TIMELINE, r"time-?\s?line|post-?\s?(?:incident|mortem)|zeitleiste|chronolog\w+"),
    (
        Kind.STATUS,
        (
            r"status[- ]?(?:update|page|message|report|meldung)|incident\s+update|"
            rf"{_AUDIENCE}\s+{_WORDS}|{_WORDS}\s+(?:for|to)\s+(?:the\s+|our\s+)?{_AUDIENCE}"
        ),
    ),
)
# A name that goes on with a hyphen is a service's ("timeline-api").
_DOCUMENTS = tuple((kind, re.compile(rf"(?<![\w-])(?:{names})(?![\w-])", re.IGNORECASE)) for kind, names in _NAMES)
_REQUEST = re.compile(
    r"\b(?:draft|write|prepare|compose|give|show|make|create|start|produce|generate|need|want|get|post|send|publish|"
    r"schreib\w*|entw[uü]rf\w*|erstell\w*|verfass\w*|formulier\w*)\b",
    re.IGNORECASE,
)
_ASKS_ABOUT = re.compile(
    r"(?:<@\w+>|\W)*(?:(?:what|how)(?!\s+about\b)|why|who|whose|when|where|which|do|does|did|is|are|was|were|has|have|had|"
    r"will|should|was|warum|wer|wie|wann|wo|ist|sind|hat|haben)\b",
    re.IGNORECASE,
)
_SHORT = 5
"""Words up to which the name of a document alone asks for it."""


def wanted(question: str) -> Kind | None:
    """Which draft a follow-up asks for; a question about something of such a name asks for none."""
    named = next((kind for kind, names in _DOCUMENTS if names.search(question)), None)
    if named is None or _ASKS_ABOUT.match(question):
        return None
    return named if _REQUEST.search(question) or len(question.split()) <= _SHORT else None
