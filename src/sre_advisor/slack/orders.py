"""The kill switch in Slack: one mention stops everything, or lets it go on, for those whom the policy names."""

from __future__ import annotations

from sre_advisor.broker.policy import Policies, Refused
from sre_advisor.broker.policy.decide import may_stop
from sre_advisor.journal.events import QuestionAnswered, QuestionRefused
from sre_advisor.journal.store import Journal
from sre_advisor.model import Question
from sre_advisor.slack.askers import Askers
from sre_advisor.slack.voice import SlackVoice
from sre_advisor.work.halt import halt, resume

STOP, RESUME = "stop all", "resume all"


def is_order(text: str) -> bool:
    """Whether the words are an order about everything and no question."""
    said = " ".join(text.casefold().split())
    return said.rstrip(".!") == RESUME or said.rstrip(".!") == STOP or said.startswith(f"{STOP}:")


class Orders:
    """Carries orders out at once, also in a thread where a question is being answered."""

    def __init__(self, policies: Policies, askers: Askers, voice: SlackVoice, journal: Journal) -> None:
        self._policies, self._askers, self._voice, self._journal = policies, askers, voice, journal

    async def carry_out(self, question: Question) -> None:
        """Stop or resume everything, or tell the asker alone that they may not; either is on record."""
        policy = await self._policies.current()
        decision = may_stop(policy, await self._askers.of(question, policy.kill_switch.groups))
        if isinstance(decision, Refused):
            await self._refuse(question, decision)
            return
        who = f"{question.asker} in Slack"
        if question.text.casefold().strip().startswith(RESUME):
            again = await resume(self._journal, who)
            words = "Questions are answered again." if again else "Nothing was stopped."
        else:
            await halt(self._journal, who, question.text.partition(":")[2].strip())
            words = f"Everything is stopped, and nothing new is begun until “{RESUME}”."
        await self._voice.say(question, "order", words)
        await self._journal.append(
            QuestionAnswered(
                investigation=question.investigation,
                question=question.id,
                model_calls=0,
                tool_calls=0,
                cost_usd=0.0,
                duration_s=0.0,
            )
        )

    async def _refuse(self, question: Question, decision: Refused) -> None:
        await self._journal.append(
            QuestionRefused(investigation=question.investigation, question=question.id, rule=str(decision), by="policy")
        )
        await self._voice.whisper(question, f"You may not stop or resume everything: {decision.words}.")
