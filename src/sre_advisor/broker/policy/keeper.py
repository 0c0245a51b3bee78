"""Keeps the policy that is in force, and follows its file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol

import structlog

from sre_advisor.broker.policy.model import Policy
from sre_advisor.broker.policy.reading import PolicyBroken, read_policy
from sre_advisor.journal.events import PolicyRead

log = structlog.get_logger(__name__)

Record = Callable[[PolicyRead], Awaitable[None]]
State = tuple[int, int, int]


class Policies(Protocol):
    """Whoever knows the policy in force."""

    @property
    def policy(self) -> Policy:
        """The policy as last read."""
        ...

    async def current(self) -> Policy:
        """The policy as its file says now; the last good one when the file is broken."""
        ...


class FixedPolicy:
    """A policy that does not change; by default the one that knows only the terminal."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()

    async def current(self) -> Policy:
        """The policy."""
        return self.policy


class PolicyKeeper:
    """Reads the file again when it changed; a broken edit is said and the last good policy stays."""

    def __init__(self, file: Path, policy: Policy, digest: str, seen: State | None, record: Record) -> None:
        self._file, self._record = file, record
        self.policy = policy
        self.digest = digest
        self.problem: str | None = None
        """What is wrong with the file as it is now; None when it is the policy in force."""
        self._seen = seen
        self._lock = asyncio.Lock()

    @classmethod
    async def open(cls, file: Path, record: Record) -> PolicyKeeper:
        """Read the file and put on record which policy is in force; raises PolicyBroken."""
        seen = _state(file)
        policy, digest = await asyncio.to_thread(read_policy, file)
        keeper = cls(file, policy, digest, seen, record)
        await record(keeper._event())
        return keeper

    async def current(self) -> Policy:
        """The policy as the file says now."""
        if _state(self._file) != self._seen:
            async with self._lock:
                await self._again()
        return self.policy

    @property
    def line(self) -> str:
        """One line for a person who asks how things are."""
        if self.problem:
            return f"policy: BROKEN EDIT, the last good one ({self.digest[:12]}) stays in force: {self.problem}"
        return f"policy: {self._file} ({self.digest[:12]}), {len(self.policy.channels)} channels"

    async def _again(self) -> None:
        seen = _state(self._file)
        if seen == self._seen:
            return
        try:
            self.policy, self.digest = await asyncio.to_thread(read_policy, self._file)
            self.problem = None
            log.info("policy_read", action="policy", file=str(self._file), digest=self.digest[:12])
        except PolicyBroken as broken:
            self.problem = str(broken)
            log.error("policy_broken", action="policy", problem=self.problem, kept=self.digest[:12])
        self._seen = seen
        await self._record(self._event())

    def _event(self) -> PolicyRead:
        return PolicyRead(file=str(self._file), digest=self.digest, problem=self.problem or "")


def _state(file: Path) -> State | None:
    """What tells that the file changed; None when it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
