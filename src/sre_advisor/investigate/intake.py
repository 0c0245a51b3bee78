"""Whether a question can be answered at all, said before anything is read."""

from __future__ import annotations

QUESTION_LIMIT = 8_000
"""Characters; a longer one is a log file, not a question."""


class Unanswerable(Exception):
    """The question cannot be taken as it is; the message says why and what to do."""


def admit(text: str) -> str:
    """The question's words on one line each, or Unanswerable."""
    clean = "\n".join(" ".join(line.split()) for line in text.replace("\x00", " ").strip().splitlines())
    clean = clean.encode("utf-8", "replace").decode("utf-8")
    if not any(c.isalnum() for c in clean):
        raise Unanswerable("the question has no words: ask for example “why is checkout failing?”")
    if len(clean) > QUESTION_LIMIT:
        raise Unanswerable(
            f"the question has {len(clean):,} characters and {QUESTION_LIMIT:,} are the most: "
            "ask in a few sentences and let the advisor read the logs itself"
        )
    return clean
