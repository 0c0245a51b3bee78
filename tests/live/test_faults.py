"""A person asks "what is going on?" of live systems: the service at fault comes first, though another one rings."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

import sre_advisor
from sre_advisor.settings import Settings, load_settings
from tests.live.faults import Incident, Scheme, write_repository
from tests.servers.alertmanager import running_alertmanager
from tests.servers.prometheus import running_prometheus

SECRETS = ("ANTHROPIC_API_KEY", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "GITHUB_TOKEN")


@dataclass(frozen=True)
class Live:
    """A folder with an advisor.yaml that `init` wrote over live systems."""

    folder: Path
    settings: Settings

    async def ask(self, question: str) -> dict[str, Any]:
        code, out, err = await program(self.folder, "ask", question, "--json")
        assert code == 0, err
        return json.loads(out)


async def program(folder: Path, *words: str) -> tuple[int, str, str]:
    """The program as a person starts it."""
    environment = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in SECRETS}
    environment["PYTHONPATH"] = str(Path(sre_advisor.__file__).parents[1])
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sre_advisor.cli", *words, cwd=folder, env=environment,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


@asynccontextmanager
async def live(folder: Path, incident: Incident) -> AsyncGenerator[Live]:
    """Prometheus with a ringing rule, Alertmanager and a repository, and the catalogue that `init` made of them."""
    repository = write_repository(folder / "garden", incident)
    async with (
        running_alertmanager() as alertmanager,
        running_prometheus(incident.metrics(), incident.rules(), alertmanager.url) as prometheus,
    ):
        await rings(alertmanager.url)
        code, _, err = await program(
            folder, "init", "--yes", "--prometheus", prometheus.url, "--alertmanager", alertmanager.url,
            "--repository", str(repository),
        )  # fmt: skip
        assert code == 0, err
        yield Live(folder, load_settings(folder / "advisor.yaml"))


async def rings(url: str) -> None:
    """Wait until an alert has arrived."""
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(150):
            if (await client.get(f"{url}/api/v2/alerts")).json():
                return
            await asyncio.sleep(0.2)
    raise TimeoutError("no alert reached Alertmanager within 30 s")


@pytest.mark.parametrize(("kind", "seed"), [("pool", 1), ("slow leaf", 2), ("crash", 3)])
async def test_the_service_at_fault_comes_first_although_another_one_rings(
    kind: str, seed: int, tmp_path: Path
) -> None:
    incident = Incident(kind, seed, datetime.now(UTC))
    async with live(tmp_path, incident) as garden:
        told = await garden.ask("what is going on?")

    ranked = [service["name"] for service in told["first_look"]["services"]]
    firing = " ".join(line["text"] for line in told["first_look"]["firing"])
    assert incident.ringing in firing
    assert incident.culprit not in firing
    assert ranked[0] == incident.culprit, ranked


async def test_the_catalogue_holds_every_service_with_its_code_owners_documents_and_calls(tmp_path: Path) -> None:
    incident = Incident("pool", 4, datetime.now(UTC), Scheme(calls=False))
    async with live(tmp_path, incident) as garden:
        services = {service.name: service for service in garden.settings.services}

    assert set(services) == set(incident.names)
    for name, service in services.items():
        assert set(service.repositories[0].paths) == {f"services/{name}", f"deploy/{name}.yaml"}
        assert service.owners == (f"@example/{name}-team",)
        assert service.docs == (f"garden-runbooks/{name}.md",)
        assert service.selector == {"service": name}
        assert set(service.depends_on) == {callee for caller, callee in incident.edges if caller == name}


async def test_calls_that_metrics_count_become_dependencies_without_any_repository(tmp_path: Path) -> None:
    incident = Incident("crash", 5, datetime.now(UTC), Scheme(label="app"))
    async with running_prometheus(incident.metrics()) as prometheus:
        code, _, err = await program(tmp_path, "init", "--prometheus", prometheus.url)
    assert code == 0, err
    services = load_settings(tmp_path / "advisor.yaml").services
    assert {(one.name, callee) for one in services for callee in one.depends_on} == set(incident.edges)
    assert {one.name: one.selector for one in services} == {name: {"app": name} for name in incident.names}
