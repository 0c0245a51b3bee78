"""A patch and a drafted document: short ones in the message, long ones as files beside it. Pure."""

from __future__ import annotations

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.patching import patch_title, proposal_commands
from sre_advisor.investigate.visible import one_line
from sre_advisor.slack.attachments import SHOWN, patch_name
from sre_advisor.slack.blocks import Block, clip, code, context, literal, paragraph, rich

BEGINNING = 400
"""Characters of a document that is a file of its own."""
ON_RECORD = "Slack took no file here, and it is too long for a message. It is on record."


def patch_blocks(given: Answer, without: frozenset[str]) -> list[Block]:
    """What the patch is, why, and what a person would run to propose it; the diff itself when there is no file."""
    proposed = given.diagnosis.patch
    if proposed is None:
        return []
    name = patch_name(given.question)
    title = paragraph(literal(clip(patch_title(proposed), 300), bold=True), literal("\n"))
    why = paragraph(literal(clip(one_line(proposed.why), 300)))
    steps = code("\n".join(proposal_commands(proposed, name)))
    if "patch" not in without:
        where, diff = f"The file {name} is in this thread. In a clone; you review it, you push it:", list[Block]()
    elif len(proposed.diff) <= SHOWN:
        where, diff = f"In a clone, with this saved as {name}; you review it, you push it:", [code(proposed.diff)]
    else:
        where, diff = ON_RECORD, list[Block]()
    return [rich(title, why, *diff, paragraph(literal(where)), steps)]


def document_blocks(given: Answer, without: frozenset[str]) -> list[Block]:
    """The draft, or its beginning when the whole is a file."""
    text = given.diagnosis.document
    if not text:
        return []
    if len(text) <= SHOWN:
        return [rich(code(text))]
    told = "The whole is the file below." if "document" not in without else ON_RECORD
    return [rich(code(clip(text, BEGINNING))), context(told)]
