"""A diagnosis without a model: what the first look's evidence says by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sre_advisor.advisors.offline.facts import Facts, claims, commit_claims
from sre_advisor.advisors.offline.runbooks import suggested
from sre_advisor.advisors.words import clock, shorten
from sre_advisor.model import (
    SUMMARY_LIMIT,
    Confidence,
    DraftClaim,
    DraftDiagnosis,
    DraftHypothesis,
    Evidence,
    Finding,
    FirstLook,
    RankedChange,
    RankedService,
    Verdict,
)
from sre_advisor.triage.diffs import Effect

RULED_OUT, SHA = 4, 10
UNSEEN = Effect.UNKNOWN.value
"""What triage says of a change whose content was not to be had."""
NO_MODEL = "No model took part: code ranked what it read; nobody weighed what logs, diffs and runbooks mean."


def conclude(look: FirstLook, evidence: Iterable[Evidence], commit: Evidence | None = None) -> DraftDiagnosis:
    """The draft that the first look alone supports; `commit` is the change it names, read in full. Pure."""
    facts = Facts(look, tuple(evidence))
    culprit = culprit_of(look)
    gaps = (*(line.text for line in look.unread), *_unweighed(look, culprit), NO_MODEL)
    suspect = suspect_of(look)
    commands = suggested(look, facts.evidence, suspect.name if suspect and culprit else None)
    if suspect is None or look.finding is Finding.WEAK:
        return DraftDiagnosis(
            verdict=Verdict.NOTHING_WRONG if look.finding is Finding.CALM else Verdict.NOT_ENOUGH,
            summary=shorten(look.headline, SUMMARY_LIMIT),
            hypotheses=(_leading(facts, suspect, None, None),) if suspect else (),
            not_checked=gaps,
            commands=commands,
        )
    hypotheses = [_leading(facts, suspect, culprit, commit)]
    rival = _rival(facts, suspect) if culprit is None else None
    if rival is not None:
        hypotheses.append(rival)
    return DraftDiagnosis(
        verdict=Verdict.LIKELY_CAUSE if rival is None else Verdict.COMPETING,
        summary=shorten(_summary(facts, suspect, culprit), SUMMARY_LIMIT),
        hypotheses=tuple(hypotheses),
        ruled_out=tuple(_ruled_out(facts, culprit)),
        not_checked=gaps,
        commands=commands,
    )


def culprit_of(look: FirstLook) -> RankedChange | None:
    """The change that the first look names."""
    return next((c for c in look.changes if c.id == look.change), None)


def suspect_of(look: FirstLook) -> RankedService | None:
    """The first in the ranking, unless the change that explains it was made to another of its leaders."""
    culprit, leaders = culprit_of(look), look.services[:3]
    first = leaders[0] if leaders else None
    return next((s for s in leaders if culprit and s.name == culprit.service), first)


def short_name(change: RankedChange) -> str:
    """A change as few words as name it."""
    if change.kind == "commit":
        return f"commit {change.id[:SHA]}"
    return change.id if change.id.startswith(change.kind) else f"{change.kind} {change.id}"


def telling(change: RankedChange) -> list[str]:
    """What speaks for a change, without where it was made, which its title says."""
    return [r for r in change.reasons if not r.startswith("in ")]


def _leading(
    facts: Facts, suspect: RankedService, culprit: RankedChange | None, commit: Evidence | None
) -> DraftHypothesis:
    shown = facts.movements(suspect.name) or facts.reasons(suspect)
    seen = (*shown[:2], *[*facts.new_log_lines(suspect.name)][:1], *facts.alerts("origin", "caller")[:2])
    if culprit is None:
        return DraftHypothesis(
            statement=_unexplained(facts, suspect.name),
            confidence=Confidence.LOW,
            claims_for=seen,
            claims_against=claims(facts.look.changed) if facts.look.change == "none" else (),
            would_disprove=f"another service turns out to have moved before {suspect.name}",
            service=suspect.name,
        )
    victims = facts.victims()
    also = f"; {' and '.join(victims)} fail{'s' * (len(victims) == 1)} because of it" if victims else ""
    diff = tuple(commit_claims(commit)) if commit else ()
    return DraftHypothesis(
        statement=_statement(culprit, suspect, also),
        confidence=Confidence.MEDIUM,
        claims_for=(facts.change(culprit, telling(culprit)[:1] if diff else telling(culprit)[:2]), *diff, *seen),
        claims_against=tuple(DraftClaim(text=d, cites=facts.own) for d in culprit.doubts[:2]),
        would_disprove=f"{suspect.name} moved before the change was live, or stays bad after it is taken back",
        service=suspect.name,
        change=culprit.id,
    )


def _unexplained(facts: Facts, suspect: str) -> str:
    if facts.look.finding is not Finding.WEAK:
        return f"It began in {suspect}; what set it off is not known"
    if facts.gone(suspect):
        return f"{suspect} reports nothing any more; whether it is down or was taken away on purpose cannot be told"
    return f"It may have begun in {suspect}, but nothing there plainly shows it"


def _statement(culprit: RankedChange, suspect: RankedService, also: str) -> str:
    name = _upper(short_name(culprit))
    if culprit.service in (None, suspect.name):
        return f"{name} broke {suspect.name}{also}"
    return f"{name} of {culprit.service} set it off; {suspect.name} shows it first"


def _rival(facts: Facts, suspect: RankedService) -> DraftHypothesis | None:
    """The second suspect, when its score is so close that naming only the first would be pretending."""
    rival = next((s for s in facts.look.services[:2] if s.name != suspect.name), None)
    if rival is None or rival.score < 0.8 * suspect.score:
        return None
    return DraftHypothesis(
        statement=f"It began in {rival.name} instead",
        confidence=Confidence.LOW,
        claims_for=(facts.movements(rival.name) or facts.reasons(rival))[:2],
        would_disprove=f"{suspect.name} moved before {rival.name}",
        service=rival.name,
    )


def _ruled_out(facts: Facts, culprit: RankedChange | None) -> Iterator[DraftClaim]:
    """The other changes with what speaks against each, then the alerts of services that have no part in it."""
    others = [c for c in facts.look.changes if set(c.doubts) - {UNSEEN} and (culprit is None or c.id != culprit.id)]
    for change in others[:RULED_OUT]:
        yield facts.change(change, change.doubts[:2])
    yield from facts.alerts("apart")[:2]


def _unweighed(look: FirstLook, culprit: RankedChange | None) -> Iterator[str]:
    """Changes against which nothing speaks but that nobody knows what they did: these are not ruled out."""
    for change in look.changes:
        if set(change.doubts) == {UNSEEN} and (culprit is None or change.id != culprit.id):
            yield f"{change.title}: {UNSEEN}"


def _summary(facts: Facts, suspect: RankedService, culprit: RankedChange | None) -> str:
    look = facts.look
    since = f" about {clock(look.since, exact=False)}" if look.since else ""
    victims = facts.victims()
    also = f"; {' and '.join(victims)} {'suffer' if len(victims) > 1 else 'suffers'} from it" if victims else ""
    began = f"It began in {suspect.name}{since}{also}."
    if culprit is not None:
        why = " and ".join(telling(culprit)[:2])
        return f"{began} Most likely cause: {short_name(culprit)}" + (f", which {why}." if why else ".")
    if look.change == "none":
        return f"{began} No known change explains it: {look.change_reason or 'none fits'}."
    return f"{began} What set it off cannot be told from what was read."


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
