"""People in threads who ask, correct, edit, stop and press buttons, and what stands in their threads at the end."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.nouns import SlackError

CHANNEL = "incidents"
FIRST = ("why is checkout slow?", "what is wrong with checkout?", "checkout returns 5xx, what is going on?")
NEXT = ("and what changed before that?", "which runbook applies?", "what else could it be?", "is payment affected too?")
CORRECTION = ("I meant payment", "sorry, the gateway", "I meant since noon")
SAID_ONCE = ("answer", "refusal")
"""The parts with which a question ends."""


@dataclass
class Counted:
    """How the questions ended, by what stands in Slack."""

    asked: int
    answered_once: int
    joined: int = 0
    """Questions, also such as were asked again, that a correction took over: its answer is theirs."""
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    strangers: int = 0
    """Messages of the advisor's that belong to no question."""


class Thread:
    """One thread: its questions by ts, and what else happened in it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.corrections = 0
        self.again: Counter[str] = Counter()
        """Presses of "Ask again" that were acknowledged, by the question."""
        self.edited: set[str] = set()
        self.stopped = False


class Town:
    """Asks so many questions in so many threads: a mention each, then follow-ups, some before an answer is there.

    With `restless` people also correct and edit what they asked, stop it, vote, and ask again.
    """

    def __init__(self, slack: LocalSlack, questions: int, threads: int, seed: int, *, restless: bool = False) -> None:
        self._slack, self._random, self._restless = slack, random.Random(seed), restless
        self._channel = slack.state.channel(CHANNEL).id
        self._sizes = [questions // threads + (n < questions % threads) for n in range(threads)]
        self.threads: list[Thread] = []
        self.did: Counter[str] = Counter()
        """What people did beside asking, by kind."""

    @property
    def asked(self) -> list[str]:
        """Every question that was written, by its ts."""
        return [ts for thread in self.threads for ts in thread.asked]

    async def ask(self, over_s: float) -> None:
        """Ask everything, within about so many seconds."""
        await asyncio.gather(*(self._thread(size, over_s) for size in self._sizes if size))

    async def _thread(self, size: int, over_s: float) -> None:
        thread, pause = Thread(), over_s / size
        self.threads.append(thread)
        await asyncio.sleep(self._random.uniform(0, pause))
        for number in range(size):
            await self._question(thread)
            if number + 1 < size:
                await asyncio.sleep(self._random.choice((0.02, pause, 2 * pause)) * self._random.uniform(0.5, 1.1))
            if self._restless:
                await self._something_else(thread)

    async def _question(self, thread: Thread) -> None:
        root = thread.asked[0] if thread.asked else None
        corrects = self._restless and root is not None and self._random.random() < 0.15
        words = self._random.choice(CORRECTION if corrects else NEXT if root else FIRST)
        addressed = root is None or self._random.random() < 0.5
        text = f"@{self._slack.state.bot.name} {words}" if addressed else words
        number = sum(len(other.asked) for other in self.threads) + 1
        posted = await self._slack.state.person_types(CHANNEL, f"{text} ({number})", thread_ts=root)
        thread.asked.append(posted.ts)
        thread.corrections += corrects
        self.did["corrected"] += corrects

    async def _something_else(self, thread: Thread) -> None:
        """One thing that people do beside asking, or none."""
        state, last = self._slack.state, thread.asked[-1]
        match self._random.choice(("edit", "stop", "button", "vote", "again", *["nothing"] * 7)):
            case "edit":
                await state.person_edits(last, f"{state.find(last).text}, please")
                thread.edited.add(last)
                self.did["edited"] += 1
            case "stop":
                await state.person_types(CHANNEL, "stop", thread_ts=thread.asked[0])
                thread.stopped = True
                self.did["stopped"] += 1
            case "button":
                await state.person_stops(CHANNEL, thread.asked[0])
                thread.stopped = True
                self.did["stopped"] += 1
            case "vote":
                self.did["voted"] += await self._pressed(thread, "vote_helpful") is not None
            case "again":
                question = await self._pressed(thread, "ask_again")
                if question is not None:
                    thread.again[question] += 1
                    self.did["asked_again"] += 1
            case _:
                return

    async def _pressed(self, thread: Thread, button: str) -> str | None:
        """Press it under an answer of this thread; the question, if that was acknowledged."""
        answers = [m for m in self._slack.state.posted_by_bot(self._channel) if _key(m.metadata).endswith("/answer")]
        of_it = {m.ts: _ts_of(_key(m.metadata), self._channel) for m in answers}
        of_it = {answer: question for answer, question in of_it.items() if question in thread.asked}
        if not of_it:
            return None
        answer = self._random.choice(sorted(of_it))
        try:
            return of_it[answer] if await self._slack.state.person_clicks(answer, button) else None
        except SlackError:  # shown as plain text: it has no buttons
            return None

    @property
    def all_answered(self) -> bool:
        """Whether every question has an answer."""
        return not self.count().lost

    def count(self) -> Counted:
        """Look at every message of the advisor's; our own journal is not asked."""
        said = self._said()
        counted = Counted(len(self.asked), 0, strangers=len(said.pop("", ())))
        for thread in self.threads:
            _judge(thread, {ts: said.get(ts, []) for ts in thread.asked}, counted)
        return counted

    def _said(self) -> dict[str, list[str]]:
        """For each question, by its ts, what was posted for it (its key without the channel); "" for no question."""
        found: dict[str, list[str]] = {}
        known = set(self.asked)
        for message in self._slack.state.posted_by_bot(self._channel):
            if message.ephemeral_to:
                continue
            key = _key(message.metadata)
            ts = _ts_of(key, self._channel)
            found.setdefault(ts if ts in known else "", []).append(key)
        return found


def _judge(thread: Thread, said: dict[str, list[str]], counted: Counted) -> None:
    """Count the questions of a thread: each one's own answer, or that of the correction that took it over."""
    open_to_join = thread.corrections
    for ts, keys in said.items():
        parts: dict[str, list[str]] = {}
        for key in keys:
            question, _, part = key.partition("/")
            parts.setdefault(question, []).append(part)
        ends = {question: [p for p in of_it if p in SAID_ONCE] for question, of_it in parts.items()}
        own = [end for question, end in ends.items() if "-again-" not in question and end]
        again = [end for question, end in ends.items() if "-again-" in question and end]
        missing = (not own) + max(0, thread.again[ts] - len(again))
        if (
            any(len(set(p)) < len(p) for p in parts.values())
            or any(len(end) > 1 for end in ends.values())
            or len(own) > 1 + (ts in thread.edited)
        ):
            counted.doubled.append(ts)
        elif missing > open_to_join:
            counted.lost.append(ts)
        elif any("refusal" in end for end in (*own, *again)) and not thread.stopped:
            counted.refused.append(ts)
        else:
            open_to_join -= missing
            counted.joined += missing
            counted.answered_once += 1


def _ts_of(key: str, channel: str) -> str:
    """The ts of the message that a part of an answer is for; the same for its edits and when it is asked again."""
    return key.partition("/")[0].removeprefix(f"{channel}-").partition("-")[0]


def _key(metadata: dict[str, Any] | None) -> str:
    return str(((metadata or {}).get("event_payload") or {}).get("key", ""))
