"""People in threads who ask, and what stands in their threads at the end."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from sre_advisor.demo.local_slack import LocalSlack

CHANNEL = "incidents"
FIRST = ("why is checkout slow?", "what is wrong with checkout?", "checkout returns 5xx, what is going on?")
NEXT = ("and what changed before that?", "which runbook applies?", "what else could it be?", "is payment affected too?")


@dataclass
class Counted:
    """How the questions ended, by what stands in Slack."""

    asked: int
    answered_once: int
    lost: list[str] = field(default_factory=list[str])
    doubled: list[str] = field(default_factory=list[str])
    refused: list[str] = field(default_factory=list[str])
    strangers: int = 0
    """Messages of the advisor's that belong to no question."""


class Town:
    """Asks so many questions in so many threads: a mention each, then follow-ups, some before an answer is there."""

    def __init__(self, slack: LocalSlack, questions: int, threads: int, seed: int) -> None:
        self._slack, self._random = slack, random.Random(seed)
        self._channel = slack.state.channel(CHANNEL).id
        self._sizes = [questions // threads + (n < questions % threads) for n in range(threads)]
        self.asked: list[str] = []

    async def ask(self, over_s: float) -> None:
        """Ask everything, within about so many seconds."""
        await asyncio.gather(*(self._thread(size, over_s) for size in self._sizes if size))

    async def _thread(self, size: int, over_s: float) -> None:
        pause = over_s / size
        await asyncio.sleep(self._random.uniform(0, pause))
        root: str | None = None
        for number in range(size):
            words = self._random.choice(NEXT if root else FIRST)
            addressed = root is None or self._random.random() < 0.5
            text = f"@{self._slack.state.bot.name} {words}" if addressed else words
            posted = await self._slack.state.person_types(CHANNEL, f"{text} ({len(self.asked) + 1})", thread_ts=root)
            self.asked.append(posted.ts)
            root = root or posted.ts
            if number + 1 < size:
                await asyncio.sleep(self._random.choice((0.02, pause, 2 * pause)) * self._random.uniform(0.5, 1.1))

    @property
    def all_answered(self) -> bool:
        """Whether every question has an answer."""
        parts = self._parts()
        return all(set(parts.get(ts, ())) & {"answer", "refusal"} for ts in self.asked)

    def count(self) -> Counted:
        """Look at every message of the advisor's; our own journal is not asked."""
        parts = self._parts()
        counted = Counted(len(self.asked), 0, strangers=len(parts.get("", ())))
        for ts in self.asked:
            said = parts.get(ts, [])
            answers, words = said.count("answer"), said.count("answer") + said.count("refusal")
            if answers == words == 1 and len(set(said)) == len(said):
                counted.answered_once += 1
            elif words == 0:
                counted.lost.append(ts)
            elif len(set(said)) < len(said) or words > 1:
                counted.doubled.append(ts)
            else:
                counted.refused.append(ts)
        return counted

    def _parts(self) -> dict[str, list[str]]:
        """For each question, by its ts, the parts of an answer that were posted; what has no key is under ""."""
        found: dict[str, list[str]] = {}
        prefix = f"{self._channel}-"
        for message in self._slack.state.posted_by_bot(self._channel):
            question, _, part = _key(message.metadata).partition("/")
            known = question.startswith(prefix) and question.removeprefix(prefix) in set(self.asked)
            found.setdefault(question.removeprefix(prefix) if known else "", []).append(part)
        return found


def _key(metadata: dict[str, Any] | None) -> str:
    return str(((metadata or {}).get("event_payload") or {}).get("key", ""))
