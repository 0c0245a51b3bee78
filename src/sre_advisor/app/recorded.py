"""The connectors over a recorded world; imported only when one is asked for."""

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
from sre_advisor.replay.events import RecordedChanges, RecordedLogs
from sre_advisor.replay.metrics import RecordedMetrics
from sre_advisor.replay.world import World

REPOSITORY = "shop"


async def recorded_connectors(world: World, stack: AsyncExitStack) -> tuple[Connector, ...]:
    """The same tools over a recorded world; its repository is unpacked into a folder that `stack` removes."""
    found: list[Connector] = [
        PrometheusConnector(RecordedMetrics(world)),
        AlertmanagerConnector(RecordedAlerts(world)),
        RecordedChanges(world),
    ]
    if world.logs is not None:
        found.append(RecordedLogs(world))
    if world.docs is not None:
        found.append(DocsConnector(DocsConfig(folders=(DocsFolder(name="docs", path=world.docs),))))
    if world.bundle is not None:
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sre-advisor-recording-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        mirror = await world.unbundle(folder)
        found.append(GitConnector(GitConfig(repositories=(RepositoryConfig(name=_named(world), path=mirror),))))
    return tuple(found)


def _named(world: World) -> str:
    """The repository's name as the catalogue knows it, so that paths find their services."""
    return next((r.name for s in world.catalogue.services for r in s.repositories), REPOSITORY)
