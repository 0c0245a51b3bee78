"""What one credential can do, and a whole review of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pydantic import JsonValue

from sre_advisor.broker.policy import Policy


class Access(StrEnum):
    """What a credential can do beyond what the advisor is allowed."""

    READS = "reads"
    WRITES = "writes"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One credential, never its value: where it is from, what it can do, the worst of it, what to narrow.

    `may_change` is what the advisor is allowed and this credential is for: its own messages, its own database.
    """

    credential: str
    system: str
    source: str
    worst: str
    access: Access = Access.UNKNOWN
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    may_change: str = ""
    narrow: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    exception: str | None = None
    """The policy's reason for using it although it writes."""

    @property
    def stops(self) -> bool:
        """Whether `run` refuses to start with it."""
        return self.access is Access.WRITES and self.exception is None

    def noting(self, *findings: str) -> Reviewed:
        """The same with more findings."""
        return replace(self, findings=(*self.findings, *findings))

    def as_json(self) -> dict[str, JsonValue]:
        """The entry as `privileges --json` prints it."""
        return {
            "credential": self.credential,
            "system": self.system,
            "source": self.source,
            "access": self.access.value,
            "reads": list(self.reads),
            "writes": list(self.writes),
            "may_change": self.may_change,
            "worst": self.worst,
            "narrow": list(self.narrow),
            "findings": list(self.findings),
            "exception": self.exception,
            "stops_run": self.stops,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """A credential as it is known without asking, and how to ask; `ask` raises only the contract's failures."""

    known: Reviewed
    ask: Callable[[Reviewed], Awaitable[Reviewed]]


@dataclass(frozen=True, slots=True)
class Review:
    """Every credential, in a stable order, and the exceptions that name none of them."""

    credentials: tuple[Reviewed, ...]
    unused_exceptions: tuple[str, ...] = ()

    @property
    def stopping(self) -> tuple[Reviewed, ...]:
        """Those with which `run` refuses to start."""
        return tuple(one for one in self.credentials if one.stops)

    def as_json(self) -> dict[str, JsonValue]:
        """The review as `privileges --json` prints it; `version` changes when a key changes its meaning."""
        return {
            "version": 1,
            "ok": not self.stopping,
            "credentials": [one.as_json() for one in self.credentials],
            "unused_exceptions": list(self.unused_exceptions),
        }


def exceptions_in(policy: Policy) -> dict[str, str]:
    """The credentials that may be able to write, each with the reason."""
    return {one.credential: one.reason for one in policy.write_credentials}


def excepted(found: tuple[Reviewed, ...], exceptions: Mapping[str, str]) -> Review:
    """The review with the policy's exceptions (credential -> reason) written in; names are compared exactly."""
    named = {one.credential for one in found}
    return Review(
        tuple(replace(one, exception=exceptions.get(one.credential)) for one in found),
        tuple(sorted(set(exceptions) - named)),
    )
