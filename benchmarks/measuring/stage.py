"""A real Prometheus with a firing alert in a real Alertmanager, and a repository, for one part of the measurement."""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from benchmarks.measuring import shop
from tests.servers.alertmanager import running_alertmanager
from tests.servers.prometheus import running_prometheus

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Stage:
    """Where everything is; `series` counts those of the shop."""

    folder: Path
    prometheus: str
    alertmanager: str
    repository: Path
    series: int

    def configure(self, name: str, **more: Any) -> Path:
        """An advisor.yaml for this stage in a folder of its own, journal included."""
        folder = self.folder / name
        folder.mkdir(parents=True)
        settings: dict[str, Any] = {
            "prometheus": {"url": self.prometheus},
            "alertmanager": {"url": self.alertmanager},
            "git": {"repositories": [{"name": "shop", "path": str(self.repository)}]},
            "docs": {"folders": [{"name": "runbooks", "path": str(self.repository / "docs")}]},
            "services": shop.catalogue(),
            "database": {"url": f"sqlite:///{folder}/journal.db"},
        }
        file = folder / "advisor.yaml"
        file.write_text(yaml.safe_dump(settings | more))
        return file


@asynccontextmanager
async def standing() -> AsyncGenerator[Stage]:
    """The servers, from when the alert fires in Alertmanager."""
    text, series = shop.metrics()
    with tempfile.TemporaryDirectory(prefix="overhead-") as name:
        folder = Path(name)
        repository = await asyncio.to_thread(shop.repository, folder / "shop")
        async with (
            running_alertmanager() as alertmanager,
            running_prometheus(text, shop.RULES, alertmanager.url, late_samples="2h") as prometheus,
        ):
            await _until_it_fires(alertmanager.url)
            yield Stage(folder, prometheus.url, alertmanager.url, repository, series)


async def _until_it_fires(alertmanager: str) -> None:
    until = time.monotonic() + PATIENCE_S
    async with httpx.AsyncClient(trust_env=False) as client:
        while time.monotonic() < until:
            if json.loads((await client.get(f"{alertmanager}/api/v2/alerts")).content):
                return
            await asyncio.sleep(0.2)
    raise RuntimeError(f"no alert fired within {PATIENCE_S:g} s")
