"""Tools that read what a recording holds beside the answers: they go through the broker like any other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import AwareDatetime, Field

from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import BadRequest, Health, NoData, Reading, Tool, ToolArgs, ToolFailure
from sre_advisor.connectors.docs import scan
from sre_advisor.connectors.docs.config import DocsConfig
from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.rules import AlertRule, read_rules
from sre_advisor.model import DocSection, Series, Window
from sre_advisor.replay.bundle import Bundled, NotBundled, bundle
from sre_advisor.replay.gitprogram import GitFailed
from sre_advisor.replay.parts import MetricPart, MetricsPart

PAGE = timedelta(minutes=30)
NAMES_TOGETHER = 200
DOCUMENTS, DOCUMENT_BYTES = 2_000, 200_000
CODE_S = 120.0


class MetricsArgs(ToolArgs):
    """The stretch of time whose metrics are listed."""

    start: AwareDatetime
    end: AwareDatetime


class SeriesArgs(ToolArgs):
    """Which metrics, and when."""

    metrics: tuple[str, ...] = Field(min_length=1, max_length=NAMES_TOGETHER)
    start: AwareDatetime
    end: AwareDatetime


class NoArgs(ToolArgs):
    """Nothing to choose."""


class DocsArgs(ToolArgs):
    """Which folder."""

    folder: str


class CodeArgs(ToolArgs):
    """Which repository."""

    repository: str


class Recorder:
    """A connector over the same backends; what is too large or no noun it keeps aside: `found`, `sizes`, `bundled`."""

    name = "recorder"

    def __init__(
        self,
        prometheus: PrometheusClient | None,
        docs: DocsConfig,
        git: GitConfig,
        scratch: Path,
        redactor: Redactor,
    ) -> None:
        self._prometheus, self._docs, self._git = prometheus, docs, git
        self._scratch, self._redactor = scratch, redactor
        self.found = MetricsPart()
        self.rules: tuple[AlertRule, ...] = ()
        self.sizes: Mapping[str, int] = {}
        self.bundled: dict[str, tuple[RepositoryConfig, Bundled, Path]] = {}

    def tools(self) -> tuple[Tool, ...]:
        """The tools for what is configured."""
        made: list[Tool] = []
        if self._prometheus is not None:
            made.append(Tool("recorder_metrics", "Names of all metrics.", MetricsArgs, self._metrics))
            made.append(Tool("recorder_rules", "Alerting rules.", NoArgs, self._rules))
            made.append(Tool("recorder_series", "Raw samples of metrics.", SeriesArgs, self._series))
        if self._docs.folders:
            made.append(Tool("recorder_docs", "Whole documents of a folder.", DocsArgs, self._documents))
        if self._git.repositories:
            made.append(Tool("recorder_code", "A repository's default branch.", CodeArgs, self._code))
        return tuple(made)

    async def ping(self) -> Health:
        """Always well: its backends are the others' too."""
        return Health(self.name, "ok", "reads what the others read", 0.0)

    async def close(self) -> None:
        """Let go of its own connections."""
        if self._prometheus is not None:
            await self._prometheus.close()

    async def _metrics(self, args: MetricsArgs, now: datetime) -> Reading:
        client = self._prometheus
        assert client is not None
        window = _window(args)
        recent = await client.metric_names(Window(now - timedelta(hours=1), now))
        names = sorted({*recent, *await client.metric_names(window)})
        try:
            told, known = await client.metadata(), True
        except ToolFailure:
            told, known = {}, False
        looked = await client.discovered(now)
        signals = client.config.signals or looked.signals
        fresh = set(recent)
        metrics = tuple(
            MetricPart(
                name=name, type=told[name].type if name in told else "", help=told[name].help if name in told else "",
                recent=name in fresh,
            )
            for name in names
        )  # fmt: skip
        self.found = MetricsPart(
            metrics=metrics, metadata=known, signals=signals, configured=bool(client.config.signals),
            services=looked.services, edges=looked.edges,
            scrape_interval_s=client.config.scrape_interval_s or looked.scrape_interval_s,
            configured_interval=client.config.scrape_interval_s is not None,
            service_labels=client.config.service_labels,
        )  # fmt: skip
        self.sizes = await self._sizes(names, window)
        return Reading(f"{len(names)} metrics, {len(signals)} golden signals", {"metrics": len(names)}, window=window)

    async def _rules(self, args: NoArgs, now: datetime) -> Reading:
        del args, now
        assert self._prometheus is not None
        self.rules = await read_rules(self._prometheus.config)
        if not self.rules:
            raise NoData("no alerting rules are loaded")
        return Reading(f"{len(self.rules)} alerting rules", {"rules": len(self.rules)})

    async def _sizes(self, names: list[str], window: Window) -> Mapping[str, int]:
        """How many series each metric has at the end of the window or had halfway."""
        client = self._prometheus
        assert client is not None
        sizes: dict[str, int] = {}
        for at in range(0, len(names), NAMES_TOGETHER):
            some = "|".join(name for name in names[at : at + NAMES_TOGETHER])
            for moment in (window.end, window.start + window.length / 2):
                for labels, count in await client.instant(f'count by (__name__) ({{__name__=~"{some}"}})', moment):
                    name = labels.get("__name__", "")
                    sizes[name] = max(sizes.get(name, 0), round(count))
        return sizes

    async def _series(self, args: SeriesArgs, now: datetime) -> Reading:
        del now
        import numpy as np

        client = self._prometheus
        assert client is not None
        window, selector = _window(args), f'{{__name__=~"{"|".join(args.metrics)}"}}'
        parts: dict[tuple[tuple[str, str], ...], list[Series]] = {}
        at = window.start
        while at < window.end:
            page = Window(at, min(at + PAGE, window.end))
            for one in await client.raw(selector, page):
                labels = dict(one.labels)
                read = Series("", labels.get("__name__", ""), one.times, one.values, labels=labels)
                parts.setdefault(tuple(sorted(labels.items())), []).append(read)
            at = page.end
        found: list[Series] = []
        for pages in parts.values():
            times, first = np.unique(np.concatenate([one.times for one in pages]), return_index=True)
            values = np.concatenate([one.values for one in pages])[first]
            found.append(Series("", pages[0].name, times, values, labels=pages[0].labels))
        if not found:
            raise NoData(f"no samples of {len(args.metrics)} metrics", window)
        samples = sum(one.times.size for one in found)
        body: dict[str, int] = {"series": len(found), "samples": samples}
        summary = f"{samples} samples of {len(found)} series of {len(args.metrics)} metrics"
        return Reading(summary, {**body}, tuple(found), window, rows=samples)

    async def _documents(self, args: DocsArgs, now: datetime) -> Reading:
        del now
        folder = next((one for one in self._docs.folders if one.name == args.folder), None)
        if folder is None:
            raise BadRequest("there is no such folder")
        limit = min(self._docs.max_file_bytes, DOCUMENT_BYTES)

        def read() -> tuple[DocSection, ...]:
            states = scan.files(folder, min(self._docs.max_files, DOCUMENTS))
            made: list[DocSection] = []
            for state in states:
                with suppress(scan.Unreadable):  # the docs tools leave it out as well
                    made.append(DocSection(state.path, "", scan.read(state, limit)))
            return tuple(made)

        found = await asyncio.to_thread(read)
        return Reading(f"{len(found)} documents of {folder.name}", {"documents": len(found)}, found)

    async def _code(self, args: CodeArgs, now: datetime) -> Reading:
        config = next((one for one in self._git.repositories if one.name == args.repository), None)
        if config is None:
            raise BadRequest("there is no such repository")
        began, number = time.monotonic(), len(self.bundled)
        file = self._scratch / f"{number}.bundle"
        try:
            made = await asyncio.to_thread(bundle, config.path, config.default_branch, now, file, self._redactor)
        except (NotBundled, GitFailed) as why:
            raise BadRequest(f"{config.name} cannot be bundled: {why}") from None
        self.bundled[config.name] = (config, made, file)
        seconds = round(time.monotonic() - began, 1)
        return Reading(
            f"{config.name} at {made.head[:12]}: {file.stat().st_size} bytes", {"head": made.head, "seconds": seconds}
        )


def _window(args: MetricsArgs | SeriesArgs) -> Window:
    return Window(args.start.astimezone(UTC), args.end.astimezone(UTC))
