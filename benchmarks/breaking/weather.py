"""Everything that goes wrong, at random: in Slack, on the way, and to the processes."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence

from benchmarks.breaking.replicas import Replica
from sre_advisor.demo.local_slack import LocalSlack

POST, READ, STATUS = "chat.postMessage", "conversations.replies", "assistant.threads.setStatus"
CONNECT = "apps.connections.open"
METHODS = (POST, POST, POST, READ, STATUS, "chat.update", "users.info")
"""What calls may fail: posting most, since that is where something can be lost or doubled."""
RARELY = 0.1
"""How often it is the connection: its faults take many questions with them, and are met only when it is made anew."""
FROZEN_S = 10.0
"""Longer than a process may be silent before its work is given to another."""


class Weather:
    """Breaks something every now and then until it is told to clear up; counts what really happened."""

    def __init__(
        self, slack: LocalSlack, replicas: dict[str, Replica], seed: int, kill_every_s: float, worst: float
    ) -> None:
        self._slack, self._replicas = slack, replicas
        self._random = random.Random(seed)
        self._kill_every_s, self._worst = kill_every_s, worst
        self.processes: Counter[str] = Counter()
        self._kill_whoever_posts = 0
        self._tasks: list[asyncio.Task[None]] = []
        slack.faults.on_lost.append(self._lost)

    def rise(self) -> None:
        """Begin."""
        loops = [self._often(self._break_something, 0.25), self._often(self._end_a_process, self._kill_every_s)]
        if len(self._replicas) > 1:
            loops.append(self._often(self._freeze_a_process, 25.0))
        self._tasks = [asyncio.create_task(loop) for loop in loops]

    async def clear_up(self) -> None:
        """End: what was planned does not happen any more, what was held back is sent."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for replica in self._replicas.values():
            replica.send(signal.SIGCONT)
        self._kill_whoever_posts = 0
        self._slack.faults.clear()
        self._slack.sockets.release()

    @property
    def counted(self) -> dict[str, int]:
        """What happened, by kind."""
        return dict(sorted((self._slack.faults.injected + self.processes).items()))

    async def _often(self, what: Callable[[], object], every_s: float) -> None:
        while True:
            await asyncio.sleep(min(self._random.expovariate(1 / every_s), 2 * every_s))
            done = what()
            if asyncio.iscoroutine(done):
                await done

    def _break_something(self) -> object:
        faults = self._slack.faults
        # Troubles pass: one that nobody has met yet is not made longer.
        method = next((m for m in self._random.sample(METHODS, len(METHODS)) if not faults.pending(m)), POST)
        if self._random.random() < RARELY:
            method = CONNECT
        kinds: Sequence[Callable[[], object]] = (
            self._drop_acks,
            self._duplicate,
            self._reorder,
            lambda: faults.rate_limit(method, retry_after_s=1),
            lambda: faults.server_error(method, self._times(method), self._random.choice((500, 502, 503))),
            lambda: faults.slack_error(method, "internal_error"),
            lambda: faults.drop_request(method),
            lambda: faults.lose_response(POST),
            lambda: faults.late(method, self._random.uniform(0.1, 1.0)),
            self._rarely(self._slack.sockets.close_sockets),
            self._rarely(self._slack.sockets.refresh),
        )
        return self._random.choice(kinds)()

    def _times(self, method: str) -> int:
        return 1 if method == CONNECT else self._random.randint(1, 3)

    def _drop_acks(self) -> None:
        self._slack.faults.drop_acks += self._random.randint(1, 3)

    def _duplicate(self) -> None:
        self._slack.faults.duplicate_events += self._random.randint(1, 3)

    def _reorder(self) -> None:
        self._slack.faults.hold_events = self._random.randint(2, 4)

    def _rarely(self, what: Callable[[], object]) -> Callable[[], object]:
        return what if self._random.random() < RARELY else lambda: None

    def _end_a_process(self) -> None:
        """Kill one at any moment, or at the worst one: after Slack took a message and before that is known."""
        if self._random.random() < self._worst:
            self._kill_whoever_posts += 1
            self._slack.faults.lose_response(POST)
        elif self._random.choice(list(self._replicas.values())).send(signal.SIGKILL):
            self.processes["killed"] += 1

    def _lost(self, address: str) -> None:
        if self._kill_whoever_posts > 0 and self._replicas[address].send(signal.SIGKILL):
            self._kill_whoever_posts -= 1
            self.processes["killed_after_posting"] += 1

    async def _freeze_a_process(self) -> None:
        frozen = self._random.choice(list(self._replicas.values()))
        if frozen.send(signal.SIGSTOP):
            self.processes["frozen"] += 1
            await asyncio.sleep(FROZEN_S)
            frozen.send(signal.SIGCONT)
