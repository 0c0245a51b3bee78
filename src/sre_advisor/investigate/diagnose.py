"""The loop: a model asks, the desk reads, until there is an answer or a limit says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sre_advisor.advisors.answer import UnusableAnswer, clipped_answer, parse_answer
from sre_advisor.advisors.contract import Advice, Brief, Desk
from sre_advisor.advisors.conversation import Conversation
from sre_advisor.advisors.ledger import Ledger, LimitReached
from sre_advisor.advisors.prompts import Prompts
from sre_advisor.advisors.turns import FailureKind, Model, ModelFailure
from sre_advisor.investigate.mending import Mending
from sre_advisor.investigate.reading import Reader
from sre_advisor.model import SUMMARY_LIMIT, DraftDiagnosis, Verdict


@dataclass(frozen=True, slots=True)
class ModelAdvisor:
    """An advisor that thinks with a model; what it reads, it reads through the desk alone.

    `clean` takes secrets out of what a failed draft is given back with.
    """

    model: Model
    prompts: Prompts
    clean: Callable[[str], str] = str

    @property
    def name(self) -> str:
        """The model's id."""
        return self.model.name

    async def advise(self, brief: Brief, desk: Desk, ledger: Ledger) -> Advice:
        """A draft within the ledger's limits; a limit or a failing model ends in a partial one."""
        talk = self.model.opening(brief, desk.tools)
        reader = Reader(desk, brief, ledger)
        mending = Mending(brief, self.prompts, self.clean)
        last, repaired, repetitions = ledger.why_last(self.model.typical_usd(talk)), False, 0
        while True:
            try:
                turn = await self.model.turn(talk, ledger, may_read=last is None)
            except LimitReached as limit:
                return self._partial(brief, ledger, talk, mending, limit.words)
            except ModelFailure as failure:
                return self._partial(brief, ledger, talk, mending, failure.words, failure.kind)
            if turn.calls and last:  # tools were forbidden; a call without its result may not stand in the history
                return self._partial(brief, ledger, talk, mending, f"the model went on asking after {last}")
            talk = (talk.without_thinking() if turn.thinking_dropped else talk).with_turn(turn.message)
            notes: list[str] = []
            if turn.calls:
                results, repeated = await reader.answer(turn.calls)
                repetitions = repetitions + 1 if repeated else 0
                notes = [self.prompts.repetition()] if repeated else []
            elif turn.paused:
                last = last or ledger.why_last(self.model.typical_usd(talk))
                continue
            else:
                try:
                    final = repaired or last is not None
                    draft = clipped_answer(turn.answer) if final else parse_answer(turn.answer)
                    note = mending.asked_for(draft, reader.on_file, ledger, self.model.typical_usd(talk))
                    if note is None:
                        return self._advice(mending.better(draft, reader.on_file), ledger, talk)
                    talk, last = talk.with_words(note), "the answer was sent back to be mended"
                    continue
                except UnusableAnswer as unusable:
                    if repaired or mending.draft or ledger.model_calls >= ledger.limits.model_calls:
                        words = "the model gave no usable answer"
                        return self._partial(brief, ledger, talk, mending, words, FailureKind.GARBLED)
                    results, repaired, notes = (), True, [self.prompts.repair(unusable.problem)]
            last = ledger.why_last(self.model.typical_usd(talk)) or ("repeated calls" if repetitions > 1 else None)
            talk = talk.with_results(results, [*notes, *([self.prompts.last_turn(last)] if last else [])])

    def _advice(self, draft: DraftDiagnosis, ledger: Ledger, talk: Conversation) -> Advice:
        return Advice(
            draft=draft,
            advisor=self.name,
            model_calls=ledger.model_calls,
            tool_calls=ledger.tool_calls,
            usage=ledger.usage,
            cost_usd=ledger.cost_usd,
            conversation=talk,
        )

    def _partial(
        self, brief: Brief, ledger: Ledger, talk: Conversation, mending: Mending, words: str,
        kind: FailureKind | None = None,
    ) -> Advice:  # fmt: skip
        """What can be said when the loop ended early: the answer not mended, else the first look and why no more."""
        if mending.draft:
            return self._advice(mending.draft, ledger, talk)
        summary = f"No diagnosis: {words}. First look: {brief.first_look.headline}"
        draft = DraftDiagnosis(
            verdict=Verdict.NOT_ENOUGH,
            summary=summary if len(summary) <= SUMMARY_LIMIT else summary[: SUMMARY_LIMIT - 1] + "…",
            not_checked=(f"The investigation ended early: {words}.",),
        )
        return replace(self._advice(draft, ledger, talk), stopped_because=words, failure=kind)
