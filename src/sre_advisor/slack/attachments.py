"""What is too long for a message, as small files for its thread. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.patching import patch_title
from sre_advisor.investigate.visible import inert, one_line, visible
from sre_advisor.model import Patch, Question
from sre_advisor.slack.blocks import SECTION, clip

TITLE = 150
"""Characters of a file's title."""
SHOWN = SECTION - 100
"""Characters of a document that a message still shows by itself."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A small file: its bytes and title, words that say what a picture shows, and how Slack shows a text (diff, …)."""

    name: str
    content: bytes
    title: str
    alt: str = ""
    snippet: str | None = None


def file_name(part: str, question: Question, ending: str) -> str:
    """The name that a part of a question's answer has in its thread, by which it is found again after a crash."""
    return f"{part}-{question.id}.{ending}"


def patch_name(question: Question) -> str:
    """The name of the patch's file, which the commands to apply it use."""
    return file_name("patch", question, "patch")


def attachments(given: Answer) -> tuple[tuple[str, Attachment], ...]:
    """The files that go with an answer, by the part of it they are."""
    found: list[tuple[str, Attachment]] = []
    if given.diagnosis.patch is not None:
        found.append(("patch", _patch(given.question, given.diagnosis.patch)))
    if len(given.diagnosis.document) > SHOWN:
        found.append(("document", _document(given.question, given.diagnosis.document)))
    return tuple(found)


def picture(question: Question, part: str, png: bytes, title: str, alt: str) -> Attachment:
    """A PNG."""
    return Attachment(file_name(part, question, "png"), png, _said(title), clip(inert(one_line(alt)), 1000))


def _patch(question: Question, patch: Patch) -> Attachment:
    content = patch.diff.encode("utf-8", "replace")
    return Attachment(patch_name(question), content, _said(patch_title(patch)), snippet="diff")


def _document(question: Question, text: str) -> Attachment:
    """The whole text; the first line is its title."""
    title = text.strip().splitlines()[0].strip("# ") if text.strip() else "Draft"
    content = visible(text).encode("utf-8", "replace")
    return Attachment(file_name("document", question, "md"), content, _said(title or "Draft"), snippet="markdown")


def _said(text: str) -> str:
    return clip(inert(one_line(text)), TITLE)
