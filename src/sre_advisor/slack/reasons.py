"""Hypotheses, what speaks for and against them, and what was not checked: as much as a phone shows. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sre_advisor.investigate.visible import one_line
from sre_advisor.model import Claim, Diagnosis, Evidence, Hypothesis, Standing
from sre_advisor.slack import folded
from sre_advisor.slack.blocks import Block, bullets, clip, context, link, literal, paragraph, rich, seen
from sre_advisor.slack.pages import Pages
from sre_advisor.slack.runs import day_of, runs

STATEMENT, NOTE, GAP, CLAIM = 200, 140, 140, 420
"""Characters of a hypothesis, of what would disprove it, of something that was not checked, and of a claim."""
MARKS = 60
"""Characters of the evidence that a claim cites, at most."""
EACH = 3
"""Claims of each hypothesis that are shown when there are several."""
AGAINST = "Against it:"


@dataclass(frozen=True, slots=True)
class Page:
    """What every line needs: where evidence can be opened, and which day its times mean."""

    links: dict[str, str]
    day: date

    def run(self, text: str, limit: int, **style: bool) -> list[Block]:
        """The text as literal runs."""
        return runs(clip(one_line(text), limit), self.day, **style)

    def cited(self, text: str, ids: Sequence[str], limit: int = CLAIM) -> list[Block]:
        """The text with the evidence it rests on."""
        marks = [
            link(self.links[i], i) if i in self.links else literal(clip(one_line(i), 12), code=True) for i in ids[:4]
        ]
        return [*self.run(text, limit), *(run for mark in marks for run in (literal(" "), mark))]


def page_of(evidence: Sequence[Evidence], pages: Pages) -> Page:
    """The page for this evidence; links lead to the given pages alone."""
    return Page({e.id: e.link for e in evidence if e.link and pages.allows(e.link)}, day_of(evidence))


@dataclass(frozen=True, slots=True)
class Reasoning:
    """What is shown, and what is folded."""

    blocks: list[Block]
    folds: list[Block]


@dataclass(slots=True)
class _Room:
    """What is left of the characters, and which claims found no place."""

    left: int
    more: list[Claim] = field(default_factory=list[Claim])

    def spend(self, shown: object) -> bool:
        """Whether there was room for this."""
        size = seen(shown)
        if size > self.left:
            return False
        self.left -= size
        return True

    def listed(self, claims: Sequence[Claim], page: Page, most: int = 10) -> list[list[Block]]:
        """The first claims that find room, the first of all shortened if need be; all others are kept for later."""
        items: list[list[Block]] = []
        for number, claim in enumerate(claims):
            limit = CLAIM if number else max(MARKS, min(CLAIM, self.left - MARKS))
            runs_ = [*page.cited(claim.text, claim.cites, limit), *_doubt(claim)]
            if number >= most or not self.spend(runs_):
                self.more += claims[number:]
                break
            items.append(runs_)
        return items


def reasoning(diagnosis: Diagnosis, page: Page, room: int, *, follows: bool) -> Reasoning:
    """The hypotheses and gaps within so many characters; what finds no room is folded, nothing is left out.

    A follow-up's reader asked for just this: what was looked at is shown as far as there is room.
    """
    space = _Room(room)
    gaps, folded_gaps = _gaps(diagnosis.not_checked, page, space)
    many = len(diagnosis.hypotheses) > 1
    leads = [f"{n}. " if many else "Still: " if follows else "" for n in range(1, len(diagnosis.hypotheses) + 1)]
    heads = [_head(lead, h, page) for lead, h in zip(leads, diagnosis.hypotheses, strict=True)]
    heads = [head for head in heads if space.spend(head)]
    notes = [_notes(h, space, brief=follows) for h in diagnosis.hypotheses]
    blocks: list[Block] = []
    for number, hypothesis in enumerate(diagnosis.hypotheses):
        title = [heads[number]] if number < len(heads) else []
        blocks += [*_hypothesis(title, hypothesis, page, space, EACH if many else 10), *notes[number]]
    looked: list[Block] = []
    ruled_out = list(diagnosis.ruled_out)
    if follows and ruled_out:
        before = len(space.more)
        items = space.listed(ruled_out, page)
        ruled_out = ruled_out[len(items) :]
        del space.more[before:]
        looked = [rich(paragraph(literal("Looked at", bold=True)), bullets(items))] if items else []
    folds = folded.claims("More for and against it" if blocks else "Claims", space.more)
    folds += [
        *folded.claims("More that was looked at" if looked else "Ruled out", ruled_out),
        *folded.lines("More that was not checked", folded_gaps),
    ]
    return Reasoning([*blocks, *looked, *gaps], folds)


def _gaps(gaps: Sequence[str], page: Page, space: _Room) -> tuple[list[Block], Sequence[str]]:
    """The first two things that were not checked, and the rest."""
    title = literal("Not checked", bold=True)
    shown = [page.run(text, GAP) for text in gaps[:2]]
    shown = [item for item in shown if space.spend(item)]
    return ([rich(paragraph(title), bullets(shown))] if shown else []), gaps[len(shown) :]


def _head(lead: str, hypothesis: Hypothesis, page: Page) -> Block:
    sure = [literal(f" ({hypothesis.confidence.value} confidence)")] if lead else []
    return paragraph(*page.run(f"{lead}{hypothesis.statement}", STATEMENT, bold=True), *sure)


def _notes(hypothesis: Hypothesis, space: _Room, *, brief: bool) -> list[Block]:
    told = hypothesis.would_disprove if not brief else ""
    notes = [f"Wrong if {told}"] if told else []
    notes += [f"Confidence capped: {'; '.join(hypothesis.caps)}"] if hypothesis.caps else []
    shown = [context(clip(one_line(n), NOTE)) for n in notes]
    return [block for block in shown if space.spend(block)]


def _hypothesis(title: list[Block], hypothesis: Hypothesis, page: Page, space: _Room, most: int) -> list[Block]:
    parts = list(title)
    if hypothesis.claims_for and (items := space.listed(hypothesis.claims_for, page, most)):
        parts.append(bullets(items))
    if hypothesis.claims_against and (items := space.listed(hypothesis.claims_against, page, most)):
        parts += [paragraph(literal(AGAINST, italic=True)), bullets(items)]
    return [rich(*parts)] if parts else []


def _doubt(claim: Claim) -> list[Block]:
    """What checking could not confirm, said beside the claim."""
    if claim.standing is not Standing.PARTLY:
        return []
    return [literal(f" (partly: {clip(one_line(claim.why), 200)})", italic=True)]
