"""A diagnosis without a model: what the first look's evidence says by itself, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from sre_advisor.advisors.contract import Advice, Brief, Desk
from sre_advisor.advisors.ledger import Ledger
from sre_advisor.model import (
    SUMMARY_LIMIT,
    Confidence,
    DraftClaim,
    DraftCommand,
    DraftDiagnosis,
    DraftHypothesis,
    Evidence,
    FirstLook,
    Line,
    Outcome,
    RankedChange,
    RankedService,
    Verdict,
)

NAME = "offline (no model)"
COMMANDS = 4
RULED_OUT = 4


class OfflineAdvisor:
    """Builds the same draft as a model would, from onset, movements, changes and runbooks alone."""

    @property
    def name(self) -> str:
        """The name an answer is signed with."""
        return NAME

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """Conclude from what was read; reads nothing more and costs nothing."""
        del desk, ledger
        return Advice(draft=conclude(brief.first_look, brief.evidence), advisor=NAME)


def conclude(look: FirstLook, evidence: Iterable[Evidence]) -> DraftDiagnosis:
    """The draft that the first look alone supports; pure."""
    read = tuple(evidence)
    not_checked = tuple(line.text for line in look.unread)
    commands = tuple(_runbook_commands(look, read))
    if not look.services:
        return _without_suspect(look, not_checked, commands)
    culprit = _culprit(look)
    suspect = _suspect(look, culprit)
    hypotheses = [_leading(look, suspect, culprit)]
    rival = _rival(look, suspect)
    if rival is not None:
        hypotheses.append(rival)
    sure = culprit is not None or rival is None
    return DraftDiagnosis(
        verdict=Verdict.LIKELY_CAUSE if sure else Verdict.COMPETING,
        summary=_cut(_summary(suspect, culprit, look)),
        hypotheses=tuple(hypotheses),
        ruled_out=tuple(_ruled_out(look, culprit)),
        not_checked=not_checked,
        commands=commands,
    )


def _without_suspect(look: FirstLook, gaps: tuple[str, ...], commands: tuple[DraftCommand, ...]) -> DraftDiagnosis:
    seen_well = not look.firing and not gaps
    return DraftDiagnosis(
        verdict=Verdict.NOTHING_WRONG if seen_well else Verdict.NOT_ENOUGH,
        summary=_cut(look.headline),
        not_checked=gaps,
        commands=commands,
    )


def _culprit(look: FirstLook) -> RankedChange | None:
    return next((c for c in look.changes if c.id == look.change), None)


def _suspect(look: FirstLook, culprit: RankedChange | None) -> RankedService:
    """The first in the ranking, unless the change that explains it was made to another of its leaders."""
    leaders = look.services[:3]
    return next((s for s in leaders if culprit and s.name == culprit.service), leaders[0])


def _leading(look: FirstLook, suspect: RankedService, culprit: RankedChange | None) -> DraftHypothesis:
    moved = [line for line in look.moved if line.text.startswith(suspect.name)] or list(look.moved[:1])
    claims = [*_claims(moved[:2]), *_claims(look.firing[:2])]
    if culprit is not None:
        why = f": {'; '.join(culprit.reasons[:3])}" if culprit.reasons else ""
        claims.insert(0, DraftClaim(text=f"{culprit.title}{why}", cites=_own(look)))
        return DraftHypothesis(
            statement=f"{culprit.title} made {suspect.name} fail, and what depends on it with it",
            confidence=Confidence.MEDIUM,
            claims_for=tuple(claims),
            claims_against=tuple(DraftClaim(text=d, cites=_own(look)) for d in culprit.doubts[:2]),
            would_disprove=f"{suspect.name} moved before the change was live, or stays bad after it is taken back",
            service=suspect.name,
            change=culprit.id,
        )
    reasons = [DraftClaim(text=f"{suspect.name}: {r}", cites=_own(look)) for r in suspect.reasons[:2]]
    return DraftHypothesis(
        statement=f"the trouble began in {suspect.name}; what set it off is not known",
        confidence=Confidence.LOW,
        claims_for=(*claims, *reasons),
        claims_against=tuple(_claims(look.changed)) if look.change == "none" else (),
        would_disprove=f"another service turns out to have moved before {suspect.name}",
        service=suspect.name,
    )


def _rival(look: FirstLook, suspect: RankedService) -> DraftHypothesis | None:
    """The second suspect, when its score is so close that naming only the first would be pretending."""
    rival = next((s for s in look.services[:2] if s.name != suspect.name), None)
    if rival is None or rival.score < 0.8 * suspect.score:
        return None
    return DraftHypothesis(
        statement=f"the trouble began in {rival.name} instead",
        confidence=Confidence.LOW,
        claims_for=tuple(DraftClaim(text=f"{rival.name}: {r}", cites=_own(look)) for r in rival.reasons[:2]),
        would_disprove=f"{suspect.name} moved before {rival.name}",
        service=rival.name,
    )


def _ruled_out(look: FirstLook, culprit: RankedChange | None) -> Iterator[DraftClaim]:
    others = [c for c in look.changes if c.doubts and (culprit is None or c.id != culprit.id)]
    for change in others[:RULED_OUT]:
        yield DraftClaim(text=f"{change.title}: {'; '.join(change.doubts[:2])}", cites=_own(look))


def _summary(suspect: RankedService, culprit: RankedChange | None, look: FirstLook) -> str:
    began = f"The trouble began in {suspect.name}"
    if culprit is not None:
        return f"{began}, most likely through {culprit.title}."
    if look.change == "none":
        return f"{began}; no known change explains it: {look.change_reason or 'none fits'}."
    return f"{began}; what set it off cannot be told from what was read."


def _runbook_commands(look: FirstLook, evidence: tuple[Evidence, ...]) -> Iterator[DraftCommand]:
    """The commands that the runbooks of the firing alerts themselves name, in the runbooks' order."""
    cited = {i for line in look.runbook for i in line.cites}
    seen: set[str] = set()
    for piece in evidence:
        if piece.id not in cited or piece.outcome is not Outcome.OK:
            continue
        for command in _commands_in(piece.body):
            if command not in seen and len(seen) < COMMANDS:
                seen.add(command)
                yield DraftCommand(command=command, why=f"from the runbook ({piece.id}: {piece.summary[:120]})")


def _commands_in(body: JsonValue) -> Iterator[str]:
    """Every string under a key `commands`, wherever the docs tool put it."""
    if isinstance(body, list):
        for part in body:
            yield from _commands_in(part)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key == "commands" and isinstance(value, list):
                yield from (v for v in value if isinstance(v, str))
            else:
                yield from _commands_in(value)


def _claims(lines: Iterable[Line]) -> Iterator[DraftClaim]:
    return (DraftClaim(text=line.text, cites=line.cites) for line in lines if line.cites)


def _own(look: FirstLook) -> tuple[str, ...]:
    return (look.evidence,) if look.evidence else ()


def _cut(text: str) -> str:
    return text if len(text) <= SUMMARY_LIMIT else text[: SUMMARY_LIMIT - 1].rstrip() + "…"
