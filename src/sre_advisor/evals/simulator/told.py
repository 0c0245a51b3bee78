"""What a cause tells of itself: the truth of a world, its changes and what its services wrote."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sre_advisor.evals.simulator.day import Day
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.model import Change, LogLine, Verdict

AUTHORS = ("Ada Example", "Bo Sample", "Cleo Specimen", "Dan Fixture", "Eva Placeholder")
Terms = tuple[tuple[str, ...], ...]


@dataclass(slots=True)
class Told:
    """The truth of one world. `culprit` are the ids that name the guilty change, none when no change is guilty."""

    cause: str
    services: tuple[str, ...]
    mechanism: Terms
    culprit: tuple[str, ...] = ()
    changes: list[Change] = field(default_factory=list[Change])
    logs: list[LogLine] = field(default_factory=list[LogLine])
    remedies: Terms = ()
    never: tuple[str, ...] = ()
    """Patterns of commands that would make it worse."""
    verdict: Verdict = Verdict.LIKELY_CAUSE
    hidden: frozenset[str] = frozenset()
    """Services of which nothing was recorded."""
    question: str = ""

    def writes(
        self, day: Day, service: str, level: str, message: str, every_s: float, end: datetime | None = None
    ) -> None:
        """The service writes a line about every so many seconds from the onset on; `{n}` in it is a number."""
        noise = day.noise("logs", service, message)
        at = day.onset + timedelta(seconds=noise.between(5, 40))
        while at < (end or day.now):
            self.logs.append(LogLine(at, service, level, message.replace("{n}", str(100 + noise.below(900)))))
            at += timedelta(seconds=every_s * noise.between(0.5, 1.5))


def shipped(
    noise: Noise, service: str, live: datetime, summary: str, file: str, before: str, after: str
) -> tuple[Change, Change]:
    """A commit that replaces a line of a service's file, and the deploy that brought it live at `live`."""
    path = f"services/{service}/{file}"
    number, author = noise.below(200) + 3, noise.one(AUTHORS)
    lines = "".join(
        f"{sign}{line}\n" for sign, text in (("-", before), ("+", after)) for line in text.split("\n") if text
    )
    counts = tuple(text.count("\n") + 1 if text else 0 for text in (before, after))
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -{number},{counts[0]} +{number},{counts[1]} @@\n{lines}"
    at = live - timedelta(minutes=6 + noise.below(9))
    sha = hashlib.sha1(f"{service}/{summary}/{at:%FT%T}/{diff}".encode(), usedforsecurity=False).hexdigest()
    commit = Change(sha, "commit", at, summary, service, author, (path,), diff)
    release = 100 + noise.below(900)
    words = f"deploy {service} release {release} ({sha[:10]})"
    return commit, Change(f"deploy-{service}-{release}", "deploy", live, words, service, author, commit=sha)


def configured(noise: Noise, service: str, at: datetime, summary: str, file: str, before: str, after: str) -> Change:
    """A change of configuration that took effect at once."""
    path = f"config/{service}/{file}"
    diff = f"--- a/{path}\n+++ b/{path}\n@@ -{3 + noise.below(40)},1 +{3 + noise.below(40)},1 @@\n-{before}\n+{after}\n"
    digest = hashlib.sha1(f"{service}/{summary}/{at:%FT%T}".encode(), usedforsecurity=False).hexdigest()[:8]
    return Change(f"config-{service}-{digest}", "config", at, summary, service, noise.one(AUTHORS), (path,), diff)


def before_onset(day: Day, noise: Noise, low_s: float = 20, high_s: float = 150) -> datetime:
    """A moment shortly before the trouble shows, on a full second."""
    return day.onset - timedelta(seconds=round(noise.between(low_s, high_s)))
