"""Looking at everything that was named, at once; what cannot be read is said and left out."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sre_advisor.connectors.alertmanager.client import AlertmanagerClient
from sre_advisor.connectors.alertmanager.config import AlertmanagerConfig
from sre_advisor.connectors.contract import NoData, ToolFailure, Unavailable
from sre_advisor.connectors.docs.config import DocsFolder
from sre_advisor.connectors.git.config import RepositoryConfig
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.discovery import Discovery, discover
from sre_advisor.connectors.prometheus.reads import PrometheusReads
from sre_advisor.setup.documents import Headings, read_headings
from sre_advisor.setup.repository import Code, CodeReader

DEADLINE_S = 60.0


@dataclass(frozen=True, slots=True)
class Sources:
    """What is to be looked at."""

    prometheus: PrometheusConfig | None = None
    alertmanager: AlertmanagerConfig | None = None
    repositories: tuple[RepositoryConfig, ...] = ()
    docs: tuple[DocsFolder, ...] = ()
    github: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found; `troubles` maps the address or folder of what could not be read to one line about why."""

    metrics: Discovery | None = None
    alerting: tuple[str, ...] = ()
    code: tuple[Code, ...] = ()
    headings: Headings = field(default_factory=dict[str, tuple[str, ...]])
    troubles: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def service_label(self) -> str | None:
        """The label that names the service on most signals."""
        labels = [signal.service_label for signal in self.metrics.signals] if self.metrics else []
        return Counter(labels).most_common(1)[0][0] if labels else None


async def survey(sources: Sources) -> Survey:
    """Everything found in what was named; never raises for a system that cannot be read."""
    troubles: dict[str, str] = {}
    systems = asyncio.gather(
        _metrics(sources.prometheus, troubles),
        _alerting(sources.alertmanager, troubles),
        asyncio.to_thread(_headings, sources.docs, troubles),
    )
    code = await asyncio.gather(*(_code(repository, troubles) for repository in sources.repositories))
    metrics, alerting, headings = await systems
    return Survey(metrics, alerting, tuple(one for one in code if one), headings, troubles)


async def _metrics(config: PrometheusConfig | None, troubles: dict[str, str]) -> Discovery | None:
    if config is None or config.url is None:
        return None
    reads = PrometheusReads(config)
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await discover(reads)
    except ToolFailure as failure:
        troubles[config.url] = _why(failure, "PROMETHEUS")
    except TimeoutError:
        troubles[config.url] = f"timeout: not looked through within {DEADLINE_S:g} s"
    finally:
        await reads.close()
    return None


async def _alerting(config: AlertmanagerConfig | None, troubles: dict[str, str]) -> tuple[str, ...]:
    if config is None or config.url is None:
        return ()
    client = AlertmanagerClient(config)
    try:
        async with asyncio.timeout(DEADLINE_S):
            return tuple(dict.fromkeys(alert.service for alert in await client.alerts() if alert.service))
    except NoData:
        return ()
    except ToolFailure as failure:
        troubles[config.url] = _why(failure, "ALERTMANAGER")
    except TimeoutError:
        troubles[config.url] = f"timeout: no answer within {DEADLINE_S:g} s"
    finally:
        await client.close()
    return ()


def _why(failure: ToolFailure, part: str) -> str:
    if isinstance(failure, Unavailable) and failure.kind == "unauthorised":
        variable = f"SRE_ADVISOR_{part}__TOKEN_ENV"
        return f"{failure}; put the name of the variable that holds a token into {variable} and run init again"
    return str(failure)


async def _code(config: RepositoryConfig, troubles: dict[str, str]) -> Code | None:
    try:
        async with asyncio.timeout(DEADLINE_S):
            return await CodeReader(config).read()
    except ToolFailure as failure:
        troubles[str(config.path)] = str(failure)
    except TimeoutError:
        troubles[str(config.path)] = f"timeout: not read within {DEADLINE_S:g} s"
    return None


def _headings(folders: Sequence[DocsFolder], troubles: dict[str, str]) -> Headings:
    found: dict[str, tuple[str, ...]] = {}
    for folder in folders:
        headings, trouble = read_headings(folder)
        found.update(headings)
        if trouble:
            troubles[str(folder.path)] = trouble
    return found


def document_folders(repository: RepositoryConfig) -> tuple[Path, ...]:
    """Folders in a checkout (not in a bare mirror) that are named like documentation and hold Markdown."""
    named = (repository.path / name for name in ("runbooks", "docs", "doc"))
    return tuple(folder for folder in named if folder.is_dir() and next(folder.rglob("*.md"), None) is not None)
