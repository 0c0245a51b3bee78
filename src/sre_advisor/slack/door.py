"""Whether a question from Slack is let in: the policy first, then quotas; nothing has been read by then."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sre_advisor.broker.policy import Place, Policies, Policy, Refused, may_ask
from sre_advisor.broker.policy.decide import may_follow_up, view_of
from sre_advisor.broker.policy.model import Channel, DirectMessages
from sre_advisor.broker.quota import Quotas
from sre_advisor.journal.events import QuestionAsked, QuestionJoined, QuestionRefused, StopAsked
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.askers import Askers

By = Literal["intake", "policy", "quota", "failure"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a question is not answered: the rule, and what its asker is told."""

    by: By
    rule: str
    words: str

    @property
    def said(self) -> str:
        """What the asker reads."""
        return f"{self.words[:1].upper()}{self.words[1:]}. (Only you can see this.)"

    @property
    def on_record(self) -> str:
        """What the journal holds."""
        return f"{self.rule}: {self.words}"


class Door:
    """Decides for each question, again after a restart."""

    def __init__(self, policies: Policies, quotas: Quotas, askers: Askers, journal: Journal) -> None:
        self._policies, self._quotas, self._askers, self._journal = policies, quotas, askers, journal

    async def refusal(self, question: Question) -> Refusal | None:
        """Why the question is turned away; None lets it in."""
        refusal = await self.forbidden(question)
        if refusal is not None:
            return refusal
        past = await self._journal.of_investigation(question.investigation, "question_asked", "question_joined")
        if any(isinstance(e, QuestionJoined) and e.into == question.id for e in past):
            return None  # it stands for a question that was let in
        decision = may_follow_up(self._policies.policy, question.channel or "")
        first = next((e.asked.id for e in past if isinstance(e, QuestionAsked)), question.id)
        if isinstance(decision, Refused) and first != question.id and not question.fresh:
            return Refusal("policy", decision.rule, decision.words)
        words = await self._quotas.admit_question(question)
        return Refusal("quota", "quota", words) if words else None

    async def forbidden(self, question: Question) -> Refusal | None:
        """Why the policy turns this person away in this place, whatever was used today; None when it does not."""
        policy = await self._policies.current()
        asker = await self._askers.of(question, _groups(policy, question.channel))
        decision = may_ask(policy, asker, Place(question.channel or "", question.externally_shared))
        return Refusal("policy", decision.rule, decision.words) if isinstance(decision, Refused) else None

    async def may_stop(self, stop: StopAsked, question: Question) -> bool:
        """Whether somebody else may end the run: who may ask there may."""
        wish = replace(question, asker=stop.user, team=stop.team)
        return await self.forbidden(wish) is None

    async def told(self, question: Question, refusal: Refusal) -> bool:
        """Whether the asker was told of this rule here before: chatter is not answered each time.

        Here is the thread; in direct messages, where each message begins one, it is all of them.
        """
        if (question.channel or "").startswith("D"):
            past = await self._journal.of_kinds("question_asked", "question_refused", under=f"{question.channel}-")
        else:
            past = await self._journal.of_investigation(question.investigation, "question_asked", "question_refused")
        theirs = {e.asked.id for e in past if isinstance(e, QuestionAsked) and e.asked.asker == question.asker}
        return any(
            isinstance(e, QuestionRefused) and e.question in theirs and e.rule.startswith(f"{refusal.rule}:")
            for e in past
        )


def _groups(policy: Policy, channel: str | None) -> tuple[str, ...]:
    """The user groups whose members may ask there; nobody is looked up for others."""
    view = view_of(policy, channel or "")
    if not isinstance(view, Channel | DirectMessages):
        return ()
    return (view.who or policy.who).groups
