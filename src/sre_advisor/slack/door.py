"""Whether a question from Slack is let in: the policy first, then quotas; nothing has been read by then."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sre_advisor.broker.policy import Place, Policies, Policy, Refused, may_ask
from sre_advisor.broker.policy.decide import view_of
from sre_advisor.broker.policy.model import Channel, DirectMessages
from sre_advisor.broker.quota import Quotas
from sre_advisor.journal.events import QuestionAsked, QuestionRefused
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
        refused = await self.forbidden(question)
        if refused is not None:
            return refused
        words = await self._quotas.admit_question(question)
        return Refusal("quota", "quota", words) if words else None

    async def forbidden(self, question: Question) -> Refusal | None:
        """Why the policy turns the question away, whatever was used today; mostly told without asking anybody."""
        policy = await self._policies.current()
        asker = await self._askers.of(question, _groups(policy, question.channel))
        decision = may_ask(policy, asker, Place(question.channel or "", question.externally_shared))
        if isinstance(decision, Refused):
            return Refusal("policy", decision.rule, decision.words)
        return None

    async def told(self, question: Question, refusal: Refusal) -> bool:
        """Whether the asker was told of this rule in this thread before: chatter there is not answered each time."""
        past = await self._journal.of_investigation(question.investigation)
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
