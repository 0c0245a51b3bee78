"""Opening a recording of any version: the question, and the tools over its world with the clock stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import JsonValue, ValidationError
from pydantic_core import from_json

from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector, Role
from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.model import Catalogue
from sre_advisor.replay.alerts import RecordedAlerts
from sre_advisor.replay.answers import Answered, OnlyAnswers
from sre_advisor.replay.broken import BrokenRecording, from_validation
from sre_advisor.replay.connectors import connectors_over
from sre_advisor.replay.coverage import Coverage
from sre_advisor.replay.folder import Folder
from sre_advisor.replay.local_prometheus import Programs, installed
from sre_advisor.replay.parts import MANIFEST, MadePart, Manifest, OutcomePart, RulePart, SaidPart
from sre_advisor.replay.prometheus import EvaluatedPrometheus, ReplayedPrometheus
from sre_advisor.replay.renamed import Renamed
from sre_advisor.replay.rewriting import Names
from sre_advisor.replay.sealed import DOCS
from sre_advisor.replay.shelf import Volume, shelf
from sre_advisor.replay.unbundle import unbundle
from sre_advisor.replay.world import World

EXPECTATION, EXPECTATION_LIMIT = "expectation.json", 1_000_000


@dataclass(frozen=True, slots=True)
class Recording:
    """An open recording; `coverage` counts what its tools are asked from now on."""

    id: str
    question: str | None
    now: datetime
    connectors: tuple[Connector, ...]
    catalogue: Catalogue
    world: World
    coverage: Coverage
    asked_at: datetime | None = None
    thread: tuple[SaidPart, ...] = ()
    outcome: OutcomePart | None = None
    expectation: dict[str, JsonValue] | None = None
    made: MadePart | None = None
    first_look_hours: float | None = None
    change_hours: float | None = None
    left_out: tuple[str, ...] = ()
    rules: tuple[RulePart, ...] = ()
    """The alerting rules behind the alerts."""
    held: tuple[str, ...] = ()
    """What is held of series, documents and code, a line each."""
    backend: str = "recorded series"
    """What answers PromQL: "prometheus" or "recorded series"."""

    def holds(self, tool: str, request: Mapping[str, JsonValue]) -> bool:
        """Whether this very request was answered when the recording was made."""
        return any(isinstance(c, Answered) and c.holds(tool, request) for c in self.connectors)


def question_of(path: Path) -> str | None:
    """The question a recording holds; raises BrokenRecording."""
    volume = shelf().take(path)
    try:
        return volume.world.question
    finally:
        shelf().give_back(volume)


def is_plain(path: Path) -> bool:
    """Whether this is a folder of version 1, which needs no Prometheus."""
    return path.is_dir() and not (path / MANIFEST).exists()


@asynccontextmanager
async def open_recording(path: Path, *, use_prometheus: bool = True) -> AsyncGenerator[Recording]:
    """The recording in a folder or a file; raises BrokenRecording. The second time in a process costs little."""
    volume = await asyncio.to_thread(shelf().take, path)
    try:
        async with AsyncExitStack() as stack:
            coverage = Coverage()
            expectation = await asyncio.to_thread(_expectation, volume.place)
            programs = installed() if use_prometheus else None
            try:
                connectors, backend = await _connectors(volume, programs)
            except ValidationError as error:  # names and addresses that no configuration could hold
                raise from_validation(MANIFEST, error) from None
            for connector in connectors:
                stack.push_async_callback(connector.close)
            found = tuple(Answered(c, volume.answers, coverage) for c in connectors)
            yield _recording(volume, found, coverage, expectation, backend)
    finally:
        await asyncio.to_thread(shelf().give_back, volume)


def _recording(
    volume: Volume,
    connectors: tuple[Connector, ...],
    coverage: Coverage,
    expectation: dict[str, JsonValue] | None,
    backend: str,
) -> Recording:
    world = volume.world
    if volume.sealed is None:
        catalogue = world.catalogue
        return Recording(
            world.id, world.question, world.now, connectors, catalogue, world, coverage, expectation=expectation
        )
    told = volume.sealed.manifest
    return Recording(
        world.id, world.question, world.now, connectors, world.catalogue, world, coverage, told.asked_at,
        told.thread, told.outcome, expectation, told.made, told.first_look_hours, told.change_hours, told.left_out,
        told.rules, _held(told), backend,
    )  # fmt: skip


def _held(told: Manifest) -> tuple[str, ...]:
    eras = (
        f"{era.samples} samples of {era.series} series, {era.start:%FT%TZ} to {era.end:%FT%TZ}"
        for era in told.eras
        if era.file
    )
    code = (f"{r.name} at {r.head[:12]}" if r.head else f"{r.name}: {r.why}" for r in told.repositories)
    documents = sum(name.startswith(f"{DOCS}/") for name in told.files)
    return (*eras, *code, f"{documents} documents")


async def _connectors(volume: Volume, programs: Programs | None) -> tuple[tuple[Connector, ...], str]:
    if volume.sealed is None:
        return await connectors_over(volume.world, volume.scratch / "mirrors"), "recorded series"
    told, world = volume.sealed.manifest, volume.world
    backend = "recorded series"
    found: list[Connector] = []
    if programs and any(era.file for era in told.eras):
        server = await asyncio.to_thread(volume.prometheus, programs)
        found.append(PrometheusConnector(ReplayedPrometheus(server.url, told.now, volume.metrics, told.eras)))
        backend = "prometheus"
    elif any(name.startswith("metrics_") for name in told.tools):
        found.append(PrometheusConnector(EvaluatedPrometheus(told.now, volume.metrics, told.eras, volume.raw)))
    if "alerts_active" in told.tools:
        found.append(AlertmanagerConnector(RecordedAlerts(world)))
    if told.docs and world.docs is not None:
        folders = tuple(
            DocsFolder(name=d.name, path=volume.sealed.folder.inside(f"{DOCS}/{d.name}"), base_url=d.base_url)
            for d in told.docs
        )
        found.append(DocsConnector(DocsConfig(folders=folders, rescan_after_s=86_400)))
    repositories: list[RepositoryConfig] = []
    commits: dict[str, str] = {}
    for repository in told.repositories:
        if repository.bundle:
            mirror = await unbundle(volume.sealed.path(repository.bundle), volume.scratch / "mirrors")
            if repository.renamed:
                commits |= await asyncio.to_thread(volume.sealed.commits, repository.renamed)
            repositories.append(
                RepositoryConfig(
                    name=repository.name, path=mirror, default_branch=repository.default_branch,
                    web_url=repository.web_url,
                )
            )  # fmt: skip
    if repositories:
        code = GitConnector(GitConfig(repositories=tuple(repositories)))
        found.append(Renamed(code, Names(commits)) if commits else code)
    return (*found, *_the_rest(volume, found)), backend


def _the_rest(volume: Volume, found: Sequence[Connector]) -> list[Connector]:
    """Tools that were there then and of whose backend only answers are held."""
    assert volume.sealed is not None
    there = {tool.name for connector in found for tool in connector.tools()}
    sources: dict[str, dict[str, Role | None]] = {}
    for tool, role in volume.sealed.manifest.tools.items():
        if tool not in there:
            source = next((a.source for a in volume.answers if a.tool == tool), tool.partition("_")[0])
            sources.setdefault(source, {})[tool] = role
    return [OnlyAnswers(source, tools) for source, tools in sources.items()]


def _expectation(path: Path) -> dict[str, JsonValue] | None:
    """What a suite expects of this recording, when it lies in its folder."""
    data = Folder(path).read(EXPECTATION, EXPECTATION_LIMIT)
    if data is None:
        return None
    try:
        found: object = from_json(data, allow_inf_nan=False)
    except ValueError as error:
        raise BrokenRecording(EXPECTATION, "", f"is not valid JSON ({str(error)[:160]})", "correct the file") from None
    if not isinstance(found, dict):
        raise BrokenRecording(EXPECTATION, "", "does not hold one JSON object", "see the format of suites")
    return found
