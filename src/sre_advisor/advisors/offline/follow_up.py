"""A follow-up without a model: which of a few known questions it is, and the answer read for it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from sre_advisor.advisors.contract import Brief, Desk
from sre_advisor.advisors.draft_request import wanted
from sre_advisor.advisors.offline import replies
from sre_advisor.advisors.offline.facts import Facts
from sre_advisor.advisors.offline.replies import Reply, Thread
from sre_advisor.advisors.offline.subjects import about
from sre_advisor.advisors.words import shorten
from sre_advisor.model import SUMMARY_LIMIT, DraftClaim, DraftDiagnosis, DraftHypothesis, Evidence

Answerer = Callable[[Thread], Awaitable[Reply | None]]

INTENTS: tuple[tuple[re.Pattern[str], Answerer], ...] = tuple(
    (re.compile(rf"\b({pattern})", re.IGNORECASE), answerer)
    for pattern, answerer in (
        (r"roll(ing)?[ -]?back|(revert|undo|back (it|that) out|take (it|that) back)\b", replies.roll_back),
        (r"(are you|how|really|quite) (sure|certain|confident)|sure\?|confiden(t|ce)\b", replies.are_you_sure),
        (r"could it be|(what|anything) else|speaks against|prove?\b", replies.are_you_sure),
        (r"(commit|diff|patch|pull request|the code)\b", replies.show_commit),
        (r"(since when|when did|how long|what time|onset)\b|when\b.*\b(start|beg[aiu]n)", replies.since_when),
        (r"(run-?book|playbook|procedure)s?\b", replies.which_runbook),
        (r"(who owns|owners?|who should|whom|which team|who do i)\b", replies.who_owns),
        (r"(chang(e|es|ed)|deploy(s|ed|ment|ments)?|released?|releases|flags?|shipped)\b", replies.what_changed),
    )
)
"""The first pattern that is found decides; a question that names a service or a part of one comes after these."""


async def follow_up(brief: Brief, desk: Desk, concluded: DraftDiagnosis, commit: Evidence | None) -> DraftDiagnosis:
    """The answer to a follow-up: its own words and claims on the diagnosis that the same evidence supports."""
    thread = Thread(brief, desk, Facts(brief.first_look, brief.evidence), concluded, commit)
    return _draft(await _reply(thread), concluded)


async def _reply(thread: Thread) -> Reply:
    if wanted(thread.text):
        return await replies.drafted(thread)
    for pattern, answerer in (*INTENTS, (re.compile(""), about)):
        if pattern.search(thread.text):
            reply = await answerer(thread)
            if reply is not None:
                return reply
    return replies.restated(thread)


def _draft(reply: Reply, concluded: DraftDiagnosis) -> DraftDiagnosis:
    """The leading hypothesis carries what speaks for and against it; without one, all of it is what was looked at."""
    lead = concluded.hypotheses[:1]
    return DraftDiagnosis(
        verdict=concluded.verdict,
        summary=shorten(reply.summary, SUMMARY_LIMIT),
        hypotheses=tuple(_carrying(h, reply) for h in lead),
        ruled_out=reply.ruled_out if lead else (*reply.claims_for, *reply.claims_against, *reply.ruled_out),
        not_checked=reply.not_checked,
        commands=reply.commands,
    )


def _carrying(lead: DraftHypothesis, reply: Reply) -> DraftHypothesis:
    kept: tuple[DraftClaim, ...] = reply.claims_for or lead.claims_for[:1]
    against = reply.claims_against or lead.claims_against
    return lead.model_copy(update={"claims_for": kept, "claims_against": against})
