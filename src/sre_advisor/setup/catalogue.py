"""From what was found to a catalogue of services, with a reason for each; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from sre_advisor.model import CodeLocation, Service
from sre_advisor.setup.documents import documents_of
from sre_advisor.setup.names import Known
from sre_advisor.setup.owners import nearest_owners, owners_of
from sre_advisor.setup.references import called_in
from sre_advisor.setup.repository import Code
from sre_advisor.setup.survey import Survey

PATHS_A_SERVICE = 6
MOST_DEPENDENCIES = 30
_HOMES = frozenset({"services", "apps", "microservices", "cmd"})
"""Folders whose subfolders are services."""
_MIXED = frozenset({"packages", "src", "charts"})
"""Folders whose subfolders are services where a build file lies in them."""
_NO_SERVICE = frozenset(
    {"docs", "doc", "test", "tests", "e2e", "scripts", "tools", "examples", "common", "shared", "lib"}
)
_BUILT_BY = (
    "Dockerfile",
    "go.mod",
    "package.json",
    "pyproject.toml",
    "pom.xml",
    "build.gradle",
    "Cargo.toml",
    "Chart.yaml",
)

Mentions = Mapping[str, Sequence[tuple[str, str]]]
"""For each repository's name: (path, line) of the lines that hold a service's name."""


@dataclass
class _Draft:
    seen_in: list[str] = field(default_factory=list[str])
    aliases: list[str] = field(default_factory=list[str])
    paths: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    depends_on: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Found:
    """A service and where it was seen, in words."""

    service: Service
    seen_in: str


def known_services(survey: Survey) -> Known:
    """The names of all services: those of the metrics first, then what repositories run, then what alerts name."""
    measured = list(survey.metrics.services) if survey.metrics else []
    known = Known(measured)
    names = list(measured)
    for name in (*_run(survey), *survey.alerting):
        if known.find(name) is None:
            names.append(name)
            known = Known(names)
    return known


def catalogue(survey: Survey, known: Known, mentions: Mentions) -> tuple[Found, ...]:
    """Every service with its selector, code, owners, documents and dependencies, in the order of `known`."""
    drafts = {name: _Draft() for name in known.names}
    measured = set(survey.metrics.services) if survey.metrics else set[str]()
    for name in measured:
        drafts[name].seen_in.append("metrics")
    _from_alerts(survey, known, drafts)
    for code in survey.code:
        _from_code(code, known, drafts)
    if survey.metrics:
        for caller, callee in survey.metrics.edges:
            drafts[caller].depends_on.append(callee)
    for code in survey.code:
        _calls(code, known, drafts, mentions.get(code.name, ()))
    return tuple(
        Found(_service(name, draft, survey, measured), ", ".join(dict.fromkeys(draft.seen_in)) or "code only")
        for name, draft in drafts.items()
    )


def _run(survey: Survey) -> list[str]:
    """What the repositories run; where there are no metrics also what their layout shows."""
    names = [workload.name for code in survey.code for _, workload in code.workloads]
    if not survey.metrics or not survey.metrics.services:
        names += [name for code in survey.code for name in _built(code)]
    return list(dict.fromkeys(names))


def _built(code: Code) -> list[str]:
    """Services by the layout of a repository; the repository itself when a build file lies at its root alone."""
    every = [PurePosixPath(file).parts for file in code.files]
    built = [parts for parts in every if parts[-1] in _BUILT_BY]
    names = {parts[1] for parts in every if len(parts) > 2 and parts[0] in _HOMES}
    names |= {parts[-2] for parts in built if len(parts) == 2 or (len(parts) == 3 and parts[0] in _MIXED)}
    names -= _NO_SERVICE | _HOMES | _MIXED
    return sorted(names) or [code.name for parts in built if len(parts) == 1][:1]


def _from_alerts(survey: Survey, known: Known, drafts: Mapping[str, _Draft]) -> None:
    for name in survey.alerting:
        service = known.find(name)
        if service is None:
            continue
        drafts[service].seen_in.append("alerts")
        if service != name:
            drafts[service].aliases.append(name)


def _from_code(code: Code, known: Known, drafts: Mapping[str, _Draft]) -> None:
    for file, workload in code.workloads:
        service = known.find(workload.name)
        if service is None:
            continue
        drafts[service].seen_in.append(f"{code.name}: {file}")
        drafts[service].depends_on += [found for need in workload.needs if (found := known.find(need))]
        if workload.name != service:
            drafts[service].aliases.append(workload.name)
        if workload.folder:
            drafts[service].paths.setdefault(code.name, []).append(workload.folder)
    for folder in code.folders():
        service = known.find(PurePosixPath(folder).name)
        if service is not None:
            _add_path(drafts[service], code.name, folder)
    for file in code.files:
        path = PurePosixPath(file)
        service = known.find(path.stem) if path.suffix in (".yaml", ".yml") else None
        if service is not None:
            _add_path(drafts[service], code.name, file)
    whole = known.find(code.name)
    if whole is not None and code.name not in drafts[whole].paths:
        drafts[whole].paths[code.name] = []


def _add_path(draft: _Draft, repository: str, path: str) -> None:
    """Note a path unless one above it is noted already."""
    paths = draft.paths.setdefault(repository, [])
    inside = any(path == known or path.startswith(f"{known}/") for known in paths)
    if not inside and len(paths) < PATHS_A_SERVICE:
        paths.append(path)


def _calls(code: Code, known: Known, drafts: Mapping[str, _Draft], lines: Sequence[tuple[str, str]]) -> None:
    """Dependencies by the addresses in what configures a workload, and in files under a service's paths."""
    declared = {file for file, _ in code.workloads}
    for _, workload in code.workloads:
        service = known.find(workload.name)
        if service is not None:
            drafts[service].depends_on += called_in(workload.lines, known)
    home = [(path, name) for name, draft in drafts.items() for path in draft.paths.get(code.name, ())]
    home.sort(key=lambda pair: -len(pair[0]))
    whole = next((name for name, draft in drafts.items() if draft.paths.get(code.name) == []), None)
    for file, line in lines:
        owner = next((name for path, name in home if file == path or file.startswith(f"{path}/")), whole)
        if owner is not None and file not in declared:
            drafts[owner].depends_on += called_in((line,), known)


def _service(name: str, draft: _Draft, survey: Survey, measured: set[str]) -> Service:
    label = survey.service_label
    return Service(
        name=name,
        aliases=tuple(dict.fromkeys(draft.aliases)),
        owners=_owners(draft, survey.code),
        selector={label: name} if label and name in measured else {},
        repositories=tuple(CodeLocation(name=code, paths=tuple(paths)) for code, paths in draft.paths.items()),
        docs=documents_of(name, survey.headings),
        depends_on=tuple(d for d in dict.fromkeys(draft.depends_on) if d != name)[:MOST_DEPENDENCIES],
    )


def _owners(draft: _Draft, every: Sequence[Code]) -> tuple[str, ...]:
    for code in every:
        for path in draft.paths.get(code.name, ()) or ([""] if code.name in draft.paths else []):
            owners = owners_of(path, code.rules) or nearest_owners(path, code.owner_files)
            if owners:
                return owners
    return ()
