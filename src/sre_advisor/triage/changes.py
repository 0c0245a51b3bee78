"""Changes held against the onset: in time, in the right place, able to do it, and speaking the trouble's words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from sre_advisor.model import Catalogue, Change, RankedChange
from sre_advisor.triage.diffs import Effect, Reading, read_diff
from sre_advisor.triage.shipping import Unit, units_of
from sre_advisor.triage.words import as_written, telling_words

HALF_LIFE = timedelta(minutes=30)
"""Lag at which a change counts half: most change-caused incidents show within the hour, slow ones take several."""
TEXT = 100_000
"""Characters of a summary or diff of which the words are read."""
ENOUGH = 0.3
"""Score from which a change is named: in the right place, shortly before, its content able to do it or unknown."""
MECHANISM = 0.7
"""Power from which a diff shows how it could do the harm; needed of a change when the evidence points outside."""

_POWER: Mapping[Effect, float] = {
    Effect.INERT: 0.03,
    Effect.MOVES: 0.15,
    Effect.LOOSENS: 0.3,
    Effect.UNKNOWN: 0.45,
    Effect.ALTERS: 0.5,
    Effect.MULTIPLIES: 0.7,
    Effect.REPEATS: 0.8,
    Effect.SETS: 0.8,
    Effect.GROWS: 0.9,
    Effect.RENAMES: 0.9,
    Effect.SWITCHES: 0.9,
    Effect.SCHEMA: 0.9,
    Effect.TAKES_AWAY: 1.0,
    Effect.TIGHTENS: 1.0,
}
_DEAD_FILES = re.compile(
    r"(^|/)(docs?|documentation|tests?|testdata|fixtures|__tests__|spec|\.github|\.circleci|\.gitlab|\.?ci|examples?)/"
    r"|(_test|\.test|\.spec|_spec)\.\w+$|(^|/)test_[^/]+$"
    r"|\.(md|rst|txt|adoc|css|scss|less|svg|png|jpe?g|gif|ico|woff2?)$"
    r"|(^|/)(codeowners|licen[cs]e|changelog|readme|\.?editorconfig|\.gitignore|\.golangci\.ya?ml|\.pre-commit[^/]*)",
    re.IGNORECASE,
)
_LOCK_FILES = re.compile(
    r"(^|/)(go\.(mod|sum)|package(-lock)?\.json|yarn\.lock|poetry\.lock|uv\.lock|requirements[^/]*"
    r"|cargo\.(toml|lock)|gemfile(\.lock)?|pom\.xml|build\.gradle(\.kts)?)$",
    re.IGNORECASE,
)
_DEAD_SUMMARY = re.compile(r"^(docs?|test|tests|ci|style)(\(|:|!|\b)|^#?(docs?|test|ci)\b", re.IGNORECASE)
DEPENDENCY = 0.2
"""Power of a bump of dependencies alone: it breaks things now and then, but each of the many bumps seldom."""
_SHIPPED: Mapping[str, float] = {"unknown": 0.9, "no": 0.2}
"""Weight of a commit no deploy names but one may have carried, and of one that none can have carried."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a change is held against: onset, how sure each service is a suspect (0 to 1), and the trouble's words.

    `located` says that signals were compared, so that there is a reason to look in one place and not in another.
    """

    onset: datetime
    slack: timedelta
    suspects: Mapping[str, float]
    words: frozenset[str]
    located: bool = True


@dataclass(frozen=True, slots=True)
class Held:
    """A change held against the onset, and how able its content is to do harm (0 to 1)."""

    ranked: RankedChange
    power: float


def rank_changes(changes: Sequence[Change], catalogue: Catalogue, scene: Scene) -> tuple[Held, ...]:
    """Every change, likeliest cause first; one entry for a commit and its deploys, under the commit's id if known."""
    units = units_of(changes, catalogue, scene.suspects, scene.onset + scene.slack)
    rarity = _rarity([_words(u.change) for u in units])
    ranked = [_score(u, scene, rarity) for u in units]
    return tuple(sorted(ranked, key=lambda h: (-h.ranked.score, h.ranked.id)))


def _words(change: Change) -> frozenset[str]:
    return telling_words(_text(change))


def _text(change: Change) -> str:
    return " ".join((change.summary[:TEXT], *change.files, (change.diff or "")[:TEXT]))


def _rarity(documents: Sequence[frozenset[str]]) -> dict[str, float]:
    """Inverse document frequency (Spärck Jones 1972) over the changes: words of all changes count for little."""
    counts = Counter(w for d in documents for w in d)
    return {w: log(1 + len(documents) / n) / log(1 + len(documents)) for w, n in counts.items()}


def _score(unit: Unit, scene: Scene, rarity: Mapping[str, float]) -> Held:
    reasons: list[str] = []
    doubts: list[str] = []
    score = _in_time(unit, scene, reasons, doubts) * _in_place(unit, scene, reasons, doubts)
    power = _able(unit.change, reasons, doubts)
    score *= power
    if unit.shipped != "yes":
        score *= _SHIPPED[unit.shipped]
        doubts.append("no deploy shipped it" if unit.shipped == "no" else "no deploy names it")
    shared = sorted(_words(unit.change) & scene.words, key=lambda w: -rarity.get(w, 0.0))
    overlap = min(1.0, sum(rarity.get(w, 0.0) for w in shared) / 3.0)
    if shared:
        said = ", ".join(as_written(_text(unit.change), shared[:4]))
        reasons.append(f"speaks of {said}, as the signals, alerts or new log lines do")
    score = round(score * (1 + overlap), 4)
    return Held(RankedChange(id=unit.id, score=score, reasons=tuple(reasons), doubts=tuple(doubts)), power)


def _in_time(unit: Unit, scene: Scene, reasons: list[str], doubts: list[str]) -> float:
    """Hyperbolic in the lag: incidents thin out after a change without ever ending; next to nothing after the onset."""
    lag = scene.onset - unit.at
    if lag < -scene.slack:
        doubts.append(f"took effect {_minutes(-lag)} after it began")
        return 0.05
    if lag < timedelta(0):
        # Clocks differ and samples stand apart: within that, nobody can say which of the two came first.
        reasons.append("took effect about when it began")
        return 1.0
    (reasons if lag <= 2 * HALF_LIFE else doubts).append(f"took effect {_minutes(lag)} before it began")
    return 1.0 / (1.0 + lag / HALF_LIFE)


def _minutes(length: timedelta) -> str:
    minutes = length.total_seconds() / 60
    if minutes < 1:
        return f"{length.total_seconds():.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _in_place(unit: Unit, scene: Scene, reasons: list[str], doubts: list[str]) -> float:
    if not unit.services:
        doubts.append("not known which service it reached")
        return 0.4
    best = max(unit.services, key=lambda s: scene.suspects.get(s, 0.0))
    weight = scene.suspects.get(best, 0.0)
    far = "which is no suspect" if scene.located else "and where it began is not known"
    (reasons if weight >= 0.5 else doubts).append(f"in {best}" + ("" if weight >= 0.5 else f", {far}"))
    return max(weight, 0.1)


def _able(change: Change, reasons: list[str], doubts: list[str]) -> float:
    live = [f for f in change.files if not _DEAD_FILES.search(f)]
    if (change.files and not live) or (not change.files and _DEAD_SUMMARY.search(change.summary)):
        doubts.append("touches only documents, tests, styles or the build")
        return _POWER[Effect.INERT]
    if live and all(_LOCK_FILES.search(f) for f in live):
        doubts.append("only bumps dependencies")
        return DEPENDENCY
    reading = read_diff(change.diff) if change.diff and change.diff.strip() else Reading(Effect.UNKNOWN)
    power = _POWER[reading.effect]
    said = f"{reading.effect.value}{f' ({reading.detail})' if reading.detail else ''}"
    (reasons if power >= 0.5 else doubts).append(said)
    return power
