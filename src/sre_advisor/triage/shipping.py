"""When and where changes took effect: commits with the deploys that shipped them, other changes by themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sre_advisor.model import Catalogue, Change
from sre_advisor.triage.words import squash

_SHIPS = frozenset({"deploy", "rollout", "release"})
_AT_ONCE = frozenset({"flag", "config"})
_SHA = re.compile(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7,40}\b")
SHORT_SHA = 7
"""Characters from which the start of a SHA is taken for the whole, as git abbreviates to."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One change as it took effect; `shipped` is "yes", "no" (deploys are on record, none carried it) or "unknown"."""

    id: str
    change: Change
    at: datetime
    services: tuple[str, ...]
    shipped: str


def units_of(changes: Sequence[Change], catalogue: Catalogue, known: Iterable[str], onset: datetime) -> list[Unit]:
    """One unit for each commit (a deploy that names it lends it time and place), flag, config or deploy of its own.

    A commit no deploy names went out with the first later deploy of a service its files belong to: deploys ship all
    that was merged before. Pull requests and workflow runs that name a listed commit say nothing that it does not.
    """
    commits = {c.id: c for c in changes if c.kind == "commit"}
    named: dict[str, list[Change]] = {}
    alone: list[Change] = []
    for change in changes:
        target = _commit_of(change, commits) if change.kind != "commit" else change.id
        if target is None:
            alone.append(change)
        elif change.kind in _SHIPS:
            named.setdefault(target, []).append(change)
    deploys = [c for c in changes if c.kind in _SHIPS]
    names = tuple(dict.fromkeys([*(s.name for s in catalogue.services), *known]))
    units = [_alone(c, catalogue, names, recorded=bool(deploys)) for c in alone]
    units += [
        _commit(c, named.get(k, []), deploys, catalogue=catalogue, names=names, onset=onset) for k, c in commits.items()
    ]
    # Of several units of one id the last before the onset stays.
    return list({u.id: u for u in sorted(units, key=lambda u: (u.at <= onset, u.at))}.values())


def _alone(change: Change, catalogue: Catalogue, names: Sequence[str], *, recorded: bool) -> Unit:
    took = change.kind in _SHIPS | _AT_ONCE or not recorded
    places = _called([change], catalogue) or _owners(change, catalogue, names)
    return Unit(change.commit or change.id, change, change.at, places, "yes" if took else "no")


def _commit(
    commit: Change,
    named: Sequence[Change],
    deploys: Sequence[Change],
    *,
    catalogue: Catalogue,
    names: Sequence[str],
    onset: datetime,
) -> Unit:
    if named:
        # Of several deploys of one commit, the one that counts is the last before the onset.
        deploy = min(named, key=lambda d: (d.at > onset, abs((onset - d.at).total_seconds())))
        places = _called([*named, commit], catalogue) or _owners(commit, catalogue, names)
        return Unit(commit.id, commit, deploy.at, places, "yes")
    places = _called([commit], catalogue) or _owners(commit, catalogue, names)
    later = [d for d in deploys if d.at >= commit.at and set(_called([d], catalogue)) & set(places)]
    if later:
        return Unit(commit.id, commit, min(d.at for d in later), places, "unknown")
    return Unit(commit.id, commit, commit.at, places, "no" if deploys else "unknown")


def _commit_of(change: Change, commits: Mapping[str, Change]) -> str | None:
    """The commit a change says it is about, by field or by a short SHA in its words."""
    told = [change.commit] if change.commit else _SHA.findall(change.summary)
    return next((key for sha in told for key in commits if key == sha or (len(sha) >= SHORT_SHA and sha in key)), None)


def _called(changes: Iterable[Change], catalogue: Catalogue) -> tuple[str, ...]:
    """The services the changes name themselves."""
    told = [c.service for c in changes if c.service is not None]
    return tuple(dict.fromkeys(found.name if (found := catalogue.find(n)) else n for n in told))


def _owners(change: Change, catalogue: Catalogue, names: Sequence[str]) -> tuple[str, ...]:
    """The services whose paths the files lie in by the catalogue, else those a folder is called after."""
    by_path = [
        service.name
        for service in catalogue.services
        for place in service.repositories
        if change.repository is None or place.name.casefold() in change.repository.casefold()
        if any(_within(f, p) for p in place.paths for f in change.files)
    ]
    if by_path:
        return tuple(dict.fromkeys(by_path))
    folders = {squash(part) for f in change.files for part in f.split("/")[:-1] if len(part) >= 3}
    return tuple(s for s in names if squash(s) in folders or _plain(s) in folders)


def _within(file: str, path: str) -> bool:
    folder = path.rstrip("/*")
    return bool(folder) and (file == folder or file.startswith(f"{folder}/"))


def _plain(service: str) -> str:
    """A service's name without the word service: folders are often called by the bare name."""
    name = squash(service)
    return next((name.removesuffix(e) for e in ("service", "svc", "srv") if name.endswith(e) and name != e), name)
