"""From a first look and an answer to Slack's blocks. Pure; every text from outside stays literal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.model import Evidence, FirstLook, Line, Verdict
from sre_advisor.slack import folded
from sre_advisor.slack.blocks import (
    Block,
    bullets,
    clip,
    context,
    escape,
    literal,
    paragraph,
    plain_section,
    rich,
    seen,
)
from sre_advisor.slack.buttons import answer_buttons
from sre_advisor.slack.commands import command_blocks
from sre_advisor.slack.fit import fit
from sre_advisor.slack.long_texts import document_blocks, patch_blocks
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.reasons import Page, page_of, reasoning

PROSE = 1_200
"""Characters of an answer that stand before its commands and are not folded: what a phone shows."""

VERDICTS = {
    Verdict.LIKELY_CAUSE: "🎯 Likely cause",
    Verdict.COMPETING: "⚖️ Competing hypotheses",
    Verdict.NOT_ENOUGH: "🤷 Not enough evidence",
    Verdict.NOTHING_WRONG: "✅ Nothing seems wrong",
}
FOLLOW_UP = "💬 Follow-up"


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that notifications and screen readers get; `shortened` ends it if alone."""

    blocks: tuple[Block, ...]
    text: str
    shortened: str = "\n(Shortened: Slack refused the whole answer. It is on record.)"


def first_look(look: FirstLook, evidence: Sequence[Evidence], pages: Pages = NOWHERE) -> Message:
    """The first look as one message; evidence links to nothing but the given pages."""
    page = page_of(evidence, pages)
    blocks = [_head("First look", "", look.headline, page)]
    for title, lines in (
        ("Firing", look.firing),
        ("What moved", look.moved),
        ("What changed", look.changed),
        ("Runbook", look.runbook),
        ("Owners", look.owners),
        ("Could not be seen", look.unread),
    ):
        if lines:
            blocks.append(_lines(title, lines, page))
    blocks.append(context("Found by code, without a model · read-only"))
    return Message(tuple(fit(blocks)), _notification(f"First look: {look.headline}"))


def answer(given: Answer, pages: Pages = NOWHERE, without: frozenset[str] = frozenset()) -> Message:
    """The diagnosis as one message: what a phone shows first, then commands; all else folded, buttons last.

    Files of the parts named by `without` could not be put into the thread.
    """
    diagnosis, page = given.diagnosis, page_of(given.evidence, pages)
    follows = given.question.thread_ts != given.question.ts and not given.question.fresh
    title = FOLLOW_UP if follows else VERDICTS[diagnosis.verdict]
    first = next(iter(diagnosis.hypotheses), None)
    sure = f" · {first.confidence.value} confidence" if first and not follows else ""
    head = [_head(title, sure, diagnosis.summary, page)]
    head += [context(clip(f"⚠️ {one_line(t)}", 300)) for t in given.trouble[:2]]
    said = reasoning(diagnosis, page, PROSE - seen(head), follows=follows)
    body = [*said.blocks, *command_blocks(diagnosis.commands, given.question.id)]
    body += [*document_blocks(given, without), *patch_blocks(given, without)]
    folds = [*said.folds, *folded.evidence(diagnosis, given.evidence, given.question.asked_at)]
    tail = [context(_footer(given)), *answer_buttons(given.question.id)]
    return Message(tuple(fit(head, body, folds, tail)), _notification(f"{title}: {diagnosis.summary}"))


def notice(text: str) -> Message:
    """A short word from the advisor itself."""
    return Message((plain_section(text),), _notification(text))


def plain(message: Message) -> Message:
    """The message without blocks, for when Slack takes none of them; nothing in it has a meaning to Slack."""
    return Message((), clip(message.text, 2900) + message.shortened)


def _notification(text: str) -> str:
    return escape(clip(inert(one_line(text)), 600))


def _head(title: str, beside: str, summary: str, page: Page) -> Block:
    return rich(paragraph(literal(title, bold=True), literal(f"{beside}\n"), *page.run(summary, 420)))


def _lines(title: str, lines: Iterable[Line], page: Page) -> Block:
    return rich(paragraph(literal(title, bold=True)), bullets([page.cited(n.text, n.cites) for n in lines]))


def _footer(given: Answer) -> str:
    dropped = given.diagnosis.claims_dropped
    parts = [
        given.advisor,
        _count(given.model_calls, "model call") if given.model_calls else "",
        _count(given.tool_calls, "read"),
        f"${given.cost_usd:.3f}" if given.cost_usd else "",
        f"{given.duration_s:.1f} s",
        f"{_count(dropped, 'claim')} dropped in checking" if dropped else "every claim checked",
        "read-only: nothing was changed",
    ]
    return " · ".join(p for p in parts if p)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
