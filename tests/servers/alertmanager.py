"""A real Alertmanager for tests and benchmarks."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.servers.processes import binary, free_port, running


@dataclass(frozen=True)
class AlertmanagerServer:
    """Where it answers."""

    url: str


@asynccontextmanager
async def running_alertmanager(
    inhibit_rules: Sequence[Mapping[str, object]] = (), *, path_prefix: str = ""
) -> AsyncGenerator[AlertmanagerServer]:
    """Alertmanager that notifies nobody."""
    program = binary("prometheus-alertmanager", "prometheus-alertmanager")
    with tempfile.TemporaryDirectory(prefix="alertmanager-") as name:
        folder = Path(name)
        settings = {
            "route": {"receiver": "nobody"},
            "receivers": [{"name": "nobody"}],
            "inhibit_rules": [dict(rule) for rule in inhibit_rules],
        }
        (folder / "alertmanager.yml").write_text(yaml.safe_dump(settings))
        port = free_port()
        url = f"http://127.0.0.1:{port}{path_prefix}"
        command = [
            program, f"--config.file={folder}/alertmanager.yml", f"--storage.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}", f"--web.external-url={url}/", "--cluster.listen-address=",
            "--log.level=warn",
        ]  # fmt: skip
        async with running(command, f"{url}/-/ready", folder / "log"):
            yield AlertmanagerServer(url)
