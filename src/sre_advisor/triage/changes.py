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
from sre_advisor.triage.words import squash, telling_words

HALF_LIFE = timedelta(minutes=30)
"""Lag at which a change counts half: most change-caused incidents show within the hour, slow ones take several."""
ENOUGH = 0.3
"""Score from which a change is named: in the right place, shortly before, its content able to do it or unknown."""
ENOUGH_AGAINST_OUTSIDE = 0.8
"""Score needed when the evidence points outside: then only a change with a mechanism in its diff is named."""

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
_SHA = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b")
DEPENDENCY = 0.2
"""Power of a bump of dependencies alone: it breaks things now and then, but each of the many bumps seldom."""
UNSHIPPED = 0.2
"""Weight of a commit that no deploy shipped, where deploys of others are on record."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What a change is held against: onset, how sure each service is a suspect (0 to 1), and the trouble's words."""

    onset: datetime
    slack: timedelta
    suspects: Mapping[str, float]
    words: frozenset[str]
    outside_words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Unit:
    """One change as it took effect: the commit with the deploys that shipped it, or whatever else changed alone."""

    id: str
    change: Change
    at: datetime
    services: tuple[str, ...]
    shipped: bool


def rank_changes(changes: Sequence[Change], catalogue: Catalogue, scene: Scene) -> tuple[RankedChange, ...]:
    """Every change, likeliest cause first; one entry for a commit and its deploys, under the commit's id if known."""
    units = _units(changes, catalogue, scene)
    rarity = _rarity([_words(u.change) for u in units])
    ranked = [_score(u, scene, rarity) for u in units]
    return tuple(sorted(ranked, key=lambda r: (-r.score, r.id)))


def _units(changes: Sequence[Change], catalogue: Catalogue, scene: Scene) -> list[Unit]:
    commits = {c.id: c for c in changes if c.kind == "commit"}
    shipped: dict[str, list[Change]] = {}
    alone: list[Change] = []
    for change in changes:
        if change.kind == "commit":
            continue
        target = _commit_of(change, commits)
        if target is None:
            alone.append(change)
        else:
            shipped.setdefault(target, []).append(change)
    units = [Unit(c.commit or c.id, c, c.at, _places(c, (), catalogue, scene), shipped=True) for c in alone]
    for key, commit in commits.items():
        # Of several deploys of one commit the one that counts is the last before the onset.
        deploys = sorted(shipped.get(key, ()), key=lambda d: (d.at > scene.onset + scene.slack, -d.at.timestamp()))
        at = deploys[0].at if deploys else commit.at
        services = _places(commit, deploys, catalogue, scene)
        units.append(Unit(key, commit, at, services, shipped=bool(deploys) or not shipped))
    return units


def _commit_of(change: Change, commits: Mapping[str, Change]) -> str | None:
    """The commit a deploy says it shipped, by field or by a short SHA in its words."""
    told = [change.commit] if change.commit else _SHA.findall(change.summary)
    return next((key for sha in told for key in commits if key == sha or (len(sha) >= 7 and sha in key)), None)


def _places(change: Change, deploys: Sequence[Change], catalogue: Catalogue, scene: Scene) -> tuple[str, ...]:
    """Services a change took effect in: those it or its deploys name, else those whose paths its files lie in."""
    named = [d.service for d in (*deploys, change) if d.service is not None]
    if named:
        return tuple(dict.fromkeys((s.name if (s := catalogue.find(n)) else n) for n in named))
    by_path = [
        s.name
        for s in catalogue.services
        for place in s.repositories
        if (change.repository is None or place.name.casefold() in change.repository.casefold())
        and any(
            f.startswith(p.rstrip("/*") + "/") or f == p for p in place.paths if p.strip("/*") for f in change.files
        )
    ]
    if by_path:
        return tuple(dict.fromkeys(by_path))
    folders = {squash(part) for f in change.files for part in f.split("/")[:-1] if len(part) >= 3}
    known = dict.fromkeys([*(s.name for s in catalogue.services), *scene.suspects])
    return tuple(s for s in known if squash(s) in folders or _plain(s) in folders)


def _plain(service: str) -> str:
    """A service's name without the word service or svc: folders are often called by the bare name."""
    return re.sub(r"(service|svc|srv)$", "", squash(service)) or squash(service)


def _words(change: Change) -> frozenset[str]:
    return telling_words(" ".join((change.summary, *change.files, change.diff or "")))


def _rarity(documents: Sequence[frozenset[str]]) -> dict[str, float]:
    """Inverse document frequency (Spärck Jones 1972) over the changes: words of all changes count for little."""
    counts = Counter(w for d in documents for w in d)
    return {w: log(1 + len(documents) / n) / log(1 + len(documents)) for w, n in counts.items()}


def _score(unit: Unit, scene: Scene, rarity: Mapping[str, float]) -> RankedChange:
    reasons: list[str] = []
    doubts: list[str] = []
    score = _in_time(unit, scene, reasons, doubts) * _in_place(unit, scene, reasons, doubts)
    score *= _able(unit.change, reasons, doubts)
    if not unit.shipped:
        score *= UNSHIPPED
        doubts.append("no deploy shipped it")
    shared = sorted(_words(unit.change) & scene.words, key=lambda w: -rarity.get(w, 0.0))
    overlap = min(1.0, sum(rarity.get(w, 0.0) for w in shared) / 3.0)
    if shared:
        reasons.append(f"speaks of {', '.join(shared[:4])}, as the signals, alerts or new log lines do")
    return RankedChange(id=unit.id, score=round(score * (1 + overlap), 4), reasons=tuple(reasons), doubts=tuple(doubts))


def _in_time(unit: Unit, scene: Scene, reasons: list[str], doubts: list[str]) -> float:
    """Hyperbolic in the lag: incidents thin out after a change without ever ending; next to nothing after the onset."""
    lag = scene.onset - unit.at
    if lag < -scene.slack:
        doubts.append(f"took effect {_minutes(-lag)} after it began")
        return 0.05
    lag = max(lag, timedelta(0))
    (reasons if lag <= 2 * HALF_LIFE else doubts).append(f"took effect {_minutes(lag)} before it began")
    return 1.0 / (1.0 + lag / HALF_LIFE)


def _minutes(length: timedelta) -> str:
    minutes = length.total_seconds() / 60
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _in_place(unit: Unit, scene: Scene, reasons: list[str], doubts: list[str]) -> float:
    if not unit.services:
        doubts.append("not known which service it reached")
        return 0.4
    best = max(unit.services, key=lambda s: scene.suspects.get(s, 0.0))
    weight = scene.suspects.get(best, 0.0)
    (reasons if weight >= 0.5 else doubts).append(f"in {best}" + ("" if weight >= 0.5 else ", which is no suspect"))
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
