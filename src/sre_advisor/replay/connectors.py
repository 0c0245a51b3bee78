"""The same tools as over live backends, over a recorded world."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector
from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.replay.alerts import RecordedAlerts
from sre_advisor.replay.events import recorded_events
from sre_advisor.replay.metrics import RecordedMetrics
from sre_advisor.replay.world import World

REPOSITORY = "shop"
"""What the repository is called when the catalogue does not say."""


async def recorded_connectors(world: World, stack: AsyncExitStack) -> tuple[Connector, ...]:
    """The tools over the world; its repository is unpacked into a folder that `stack` removes."""
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sre-advisor-recording-"))
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    return await connectors_over(world, folder)


async def connectors_over(world: World, mirrors: Path) -> tuple[Connector, ...]:
    """The tools over the world; its repository is unpacked under `mirrors`, once."""
    found: list[Connector] = [
        PrometheusConnector(RecordedMetrics(world)), AlertmanagerConnector(RecordedAlerts(world)),
        *recorded_events(world),
    ]  # fmt: skip
    if world.docs is not None:
        found.append(DocsConnector(DocsConfig(folders=(DocsFolder(name="docs", path=world.docs),))))
    if world.bundle is not None:
        mirror = await world.unbundle(mirrors)
        found.append(GitConnector(GitConfig(repositories=(RepositoryConfig(name=_named(world), path=mirror),))))
    return tuple(found)


def _named(world: World) -> str:
    """The repository's name as the catalogue knows it, so that paths find their services."""
    return next((r.name for s in world.catalogue.services for r in s.repositories), REPOSITORY)
