"""From a first look and an answer to Slack's blocks. Pure; every text from outside stays literal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Line,
    Outcome,
    SuggestedCommand,
    Verdict,
)
from sre_advisor.slack.blocks import (
    Block,
    actions,
    bullets,
    button,
    clip,
    code,
    context,
    date,
    escape,
    fold,
    link,
    literal,
    measure,
    mrkdwn_section,
    paragraph,
    plain_section,
    rich,
)

BLOCKS, CHARACTERS = 45, 10_000
"""What one message may hold: Slack takes 50 blocks and about 13,000 characters; the rest is margin."""

VERDICTS = {
    Verdict.LIKELY_CAUSE: "🎯 Likely cause",
    Verdict.COMPETING: "⚖️ Competing hypotheses",
    Verdict.NOT_ENOUGH: "🤷 Not enough evidence",
    Verdict.NOTHING_WRONG: "✅ Nothing seems wrong",
}
LABELS = {
    CommandLabel.READ_ONLY: "👁 reads only",
    CommandLabel.READS_SECRET: "🔑 reads a secret",
    CommandLabel.CHANGES_STATE: "⚠️ changes state",
    CommandLabel.UNKNOWN: "❓ unknown, treat as changing",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is posted: blocks, and the text that notifications and screen readers get."""

    blocks: tuple[Block, ...]
    text: str


def first_look(look: FirstLook, evidence: Sequence[Evidence]) -> Message:
    """The first look as one message."""
    links = {e.id: e.link for e in evidence if e.link}
    since = f"  ·  since {date(look.since.timestamp(), f'{look.since:%H:%M} UTC')}" if look.since else ""
    blocks = [mrkdwn_section(f"*First look*{since}\n{escape(look.headline)}")]
    for title, lines in (
        ("Firing", look.firing),
        ("What moved", look.moved),
        ("What changed", look.changed),
        ("Runbook", look.runbook),
        ("Owners", look.owners),
        ("Could not be seen", look.unread),
    ):
        if lines:
            blocks.append(_lines(title, lines, links))
    blocks.append(context("Found without a model, from what could be read just now. Read-only: nothing was changed."))
    return Message(tuple(fit(blocks)), clip(f"First look: {look.headline}", 3000))


def answer(given: Answer) -> Message:
    """The diagnosis as one message: summary first, evidence folded, buttons last."""
    diagnosis = given.diagnosis
    links = {e.id: e.link for e in given.evidence if e.link}
    head = [mrkdwn_section(f"*{VERDICTS[diagnosis.verdict]}*\n{escape(diagnosis.summary)}")]
    head += [context(f"Note: {t}") for t in given.trouble[:2]]
    body = [block for n, h in enumerate(diagnosis.hypotheses, 1) for block in _hypothesis(n, h, links)]
    if diagnosis.ruled_out:
        body.append(rich(_title("Ruled out"), _claims(diagnosis.ruled_out, links)))
    if diagnosis.not_checked:
        body.append(rich(_title("Not checked"), bullets([[literal(clip(t, 300))] for t in diagnosis.not_checked[:6]])))
    body += [block for c in diagnosis.commands for block in _command(c)]
    tail = [*_evidence(diagnosis, given.evidence), context(_footer(given)), _buttons(given.question.id)]
    return Message(tuple(fit(head, body, tail)), clip(f"{VERDICTS[diagnosis.verdict]}: {diagnosis.summary}", 3000))


def fit(head: Sequence[Block], body: Sequence[Block] = (), tail: Sequence[Block] = ()) -> list[Block]:
    """Head and tail whole, and as much of the body as Slack's limits leave room for."""
    room = CHARACTERS - sum(measure(b) for b in (*head, *tail))
    kept: list[Block] = []
    for block in body:
        room -= measure(block)
        if room < 0 or len(head) + len(kept) + len(tail) + 1 >= BLOCKS:
            kept.append(context("Shortened to fit: the whole answer is on record (sre-advisor show)."))
            break
        kept.append(block)
    return [*head, *kept, *tail]


def notice(text: str) -> Message:
    """A short word from the advisor itself."""
    return Message((plain_section(text),), clip(text, 3000))


def _title(text: str) -> Block:
    return paragraph(literal(text, bold=True))


def _lines(title: str, lines: Iterable[Line], links: dict[str, str]) -> Block:
    return rich(_title(title), bullets([[literal(clip(n.text, 420)), *_cites(n.cites, links)] for n in lines]))


def _cites(ids: Sequence[str], links: dict[str, str]) -> list[Block]:
    runs: list[Block] = []
    for i in ids[:4]:
        runs.append(literal(" "))
        runs.append(link(links[i], i) if i in links else literal(i, code=True))
    return runs


def _claims(claims: Iterable[Claim], links: dict[str, str], sign: str = "") -> Block:
    return bullets([[literal(sign + clip(c.text, 420)), *_cites(c.cites, links)] for c in claims])


def _hypothesis(number: int, hypothesis: Hypothesis, links: dict[str, str]) -> list[Block]:
    head = paragraph(
        literal(f"{number}. {clip(hypothesis.statement, 500)} ", bold=True),
        literal(f"({hypothesis.confidence.value} confidence)"),
    )
    parts = [head]
    if hypothesis.claims_for:
        parts.append(_claims(hypothesis.claims_for[:6], links))
    if hypothesis.claims_against:
        parts += [paragraph(literal("Against it:", italic=True)), _claims(hypothesis.claims_against[:4], links)]
    notes = [f"Would disprove it: {hypothesis.would_disprove}"] if hypothesis.would_disprove else []
    notes += [f"Confidence capped: {'; '.join(hypothesis.caps)}"] if hypothesis.caps else []
    return [rich(*parts), *(context(clip(n, 600)) for n in notes)]


def _command(command: SuggestedCommand) -> list[Block]:
    changing = command.label in (CommandLabel.CHANGES_STATE, CommandLabel.UNKNOWN)
    lead = "If confirmed, you run it" if command.label is not CommandLabel.READ_ONLY else "To look further"
    notes = [LABELS[command.label], command.blast_radius, command.why, command.expected_effect]
    if changing:
        notes.append(f"rollback: {command.rollback}" if command.rollback else "no rollback given")
    said = " · ".join(clip(n, 300) for n in notes if n)
    return [rich(paragraph(literal(lead, bold=True)), code(clip(command.command, 2000))), context(said)]


def _evidence(diagnosis: Diagnosis, evidence: Sequence[Evidence]) -> list[Block]:
    cited = {i for h in diagnosis.hypotheses for c in (*h.claims_for, *h.claims_against) for i in c.cites}
    cited |= {i for c in diagnosis.ruled_out for i in c.cites}
    shown = [e for e in evidence if e.id in cited][:10]
    if not shown:
        return []
    return [fold(f"Evidence ({len(shown)} of {len(evidence)} reads)", (_piece(e) for e in shown))]


def _piece(evidence: Evidence) -> Block:
    state = "" if evidence.outcome is Outcome.OK else f" [{evidence.outcome.value}]"
    asked = clip(json.dumps(evidence.request, ensure_ascii=False), 160)
    text = (
        f"{evidence.id} {evidence.source}/{evidence.tool}{state}, read {evidence.read_at:%H:%M:%S} UTC\n"
        f"{clip(evidence.summary, 240)}\nasked: {asked}"
    )
    return plain_section(text)


def _footer(given: Answer) -> str:
    dropped = given.diagnosis.claims_dropped
    parts = [
        f"By {given.advisor}",
        f"{given.model_calls} model calls",
        f"{given.tool_calls} reads",
        f"${given.cost_usd:.3f}",
        f"{given.duration_s:.1f} s",
        f"{dropped} claims dropped in checking" if dropped else "every claim checked",
        "read-only: nothing was changed",
    ]
    return " · ".join(parts)


def _buttons(question: str) -> Block:
    return actions(
        button("👍 Helpful", "vote_helpful", question),
        button("👎 Not helpful", "vote_not_helpful", question),
        button("✔️ This was the cause", "vote_was_the_cause", question, "primary"),
        button("It was something else…", "tell_outcome", question),
    )
