"""From a first look and an answer to Slack's blocks. Pure; every text from outside stays literal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.model import Claim, Evidence, FirstLook, Hypothesis, Line, Standing, Verdict
from sre_advisor.slack import folded
from sre_advisor.slack.blocks import (
    Block,
    bullets,
    clip,
    code,
    context,
    escape,
    link,
    literal,
    measure,
    paragraph,
    plain_section,
    rich,
)
from sre_advisor.slack.buttons import answer_buttons
from sre_advisor.slack.commands import command_blocks
from sre_advisor.slack.pages import NOWHERE, Pages
from sre_advisor.slack.runs import day_of, runs

BLOCKS, CHARACTERS = 45, 10_000
"""What one message may hold: Slack takes 50 blocks and about 13,000 characters; the rest is margin."""
CLAIMS, CAVEATS = 7, 4

VERDICTS = {
    Verdict.LIKELY_CAUSE: "🎯 Likely cause",
    Verdict.COMPETING: "⚖️ Competing hypotheses",
    Verdict.NOT_ENOUGH: "🤷 Not enough evidence",
    Verdict.NOTHING_WRONG: "✅ Nothing seems wrong",
}
FOLLOW_UP = "💬 Follow-up"


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that notifications and screen readers get."""

    blocks: tuple[Block, ...]
    text: str


@dataclass(frozen=True, slots=True)
class _Page:
    """What every line needs: where evidence can be opened, and which day its times mean."""

    links: dict[str, str]
    day: date

    def run(self, text: str, limit: int, **style: bool) -> list[Block]:
        return runs(clip(one_line(text), limit), self.day, **style)

    def cited(self, text: str, ids: Sequence[str]) -> list[Block]:
        marks = [link(self.links[i], i) if i in self.links else literal(i, code=True) for i in ids[:4]]
        return [*self.run(text, 420), *(run for mark in marks for run in (literal(" "), mark))]


def first_look(look: FirstLook, evidence: Sequence[Evidence], pages: Pages = NOWHERE) -> Message:
    """The first look as one message; evidence links to nothing but the given pages."""
    page = _page(evidence, pages)
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


def answer(given: Answer, pages: Pages = NOWHERE) -> Message:
    """The diagnosis as one message: summary first, what was ruled out and the evidence folded, buttons last."""
    diagnosis, page = given.diagnosis, _page(given.evidence, pages)
    follows = given.question.thread_ts != given.question.ts and not given.question.fresh
    title = FOLLOW_UP if follows else VERDICTS[diagnosis.verdict]
    first = next(iter(diagnosis.hypotheses), None)
    sure = f" · {first.confidence.value} confidence" if first and not follows else ""
    head = [_head(title, sure, diagnosis.summary, page)]
    head += [context(f"Note: {one_line(t)}") for t in given.trouble[:2]]
    many = len(diagnosis.hypotheses) > 1
    body = [
        block
        for n, h in enumerate(diagnosis.hypotheses, 1)
        for block in _hypothesis(f"{n}. " if many else "Still: " if follows else "", h, page, brief=follows)
    ]
    if follows and diagnosis.ruled_out:
        body.append(rich(_title("Looked at"), _claims(diagnosis.ruled_out, page)))
    if diagnosis.not_checked:
        gaps = [page.run(t, 300) for t in diagnosis.not_checked[:CAVEATS]]
        body.append(rich(_title("Not checked"), bullets(gaps)))
    body += command_blocks(diagnosis.commands, given.question.id)
    body += [rich(code(clip(diagnosis.document, 2900)))] if diagnosis.document else []
    body += folded.patch(diagnosis.patch)
    tail = [] if follows else folded.ruled_out(diagnosis.ruled_out)
    tail += [*folded.evidence(diagnosis, given.evidence), context(_footer(given)), *answer_buttons(given.question.id)]
    return Message(tuple(fit(head, body, tail)), _notification(f"{title}: {diagnosis.summary}"))


def fit(head: Sequence[Block], body: Sequence[Block] = (), tail: Sequence[Block] = ()) -> list[Block]:
    """Head and tail whole, and as much of the body as Slack's limits leave room for."""
    room = CHARACTERS - sum(measure(b) for b in (*head, *tail))
    kept: list[Block] = []
    for block in body:
        room -= measure(block)
        if room < 0 or len(head) + len(kept) + len(tail) + 1 >= BLOCKS:
            kept.append(context("Shortened to fit: the whole answer is on record."))
            break
        kept.append(block)
    return [*head, *kept, *tail]


def notice(text: str) -> Message:
    """A short word from the advisor itself."""
    return Message((plain_section(text),), _notification(text))


def plain(message: Message) -> Message:
    """The message without blocks, for when Slack takes none of them; nothing in it has a meaning to Slack."""
    return Message((), clip(message.text, 2900) + "\n(Shortened: Slack refused the whole answer. It is on record.)")


def _page(evidence: Sequence[Evidence], pages: Pages) -> _Page:
    return _Page({e.id: e.link for e in evidence if e.link and pages.allows(e.link)}, day_of(evidence))


def _notification(text: str) -> str:
    return escape(clip(inert(one_line(text)), 600))


def _head(title: str, beside: str, summary: str, page: _Page) -> Block:
    return rich(paragraph(literal(title, bold=True), literal(f"{beside}\n"), *page.run(summary, 700)))


def _title(text: str) -> Block:
    return paragraph(literal(text, bold=True))


def _lines(title: str, lines: Iterable[Line], page: _Page) -> Block:
    return rich(_title(title), bullets([page.cited(n.text, n.cites) for n in lines]))


def _claims(claims: Iterable[Claim], page: _Page) -> Block:
    return bullets([[*page.cited(c.text, c.cites), *_doubt(c)] for c in claims])


def _doubt(claim: Claim) -> list[Block]:
    """What checking could not confirm, said beside the claim."""
    return (
        [literal(f" (partly: {clip(one_line(claim.why), 200)})", italic=True)]
        if claim.standing is Standing.PARTLY
        else []
    )


def _hypothesis(lead: str, hypothesis: Hypothesis, page: _Page, *, brief: bool) -> list[Block]:
    sure = [literal(f" ({hypothesis.confidence.value} confidence)")] if lead else []
    parts = [paragraph(*page.run(f"{lead}{hypothesis.statement}", 500, bold=True), *sure)]
    if hypothesis.claims_for:
        parts.append(_claims(hypothesis.claims_for[:CLAIMS], page))
    if hypothesis.claims_against:
        parts += [paragraph(literal("Against it:", italic=True)), _claims(hypothesis.claims_against[:4], page)]
    told = hypothesis.would_disprove if not brief else ""
    notes = [f"Wrong if {told}"] if told else []
    notes += [f"Confidence capped: {'; '.join(hypothesis.caps)}"] if hypothesis.caps else []
    return [rich(*parts), *(context(clip(one_line(n), 600)) for n in notes)]


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
