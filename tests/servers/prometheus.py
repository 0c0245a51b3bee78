"""A real Prometheus with back-filled data and rules, for tests and benchmarks."""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from tests.servers.processes import binary, free_port, running

PACKAGE = "prometheus"


@dataclass(frozen=True)
class PrometheusServer:
    """Where it answers."""

    url: str
    folder: Path


@asynccontextmanager
async def running_prometheus(
    openmetrics_text: str,
    rules: Mapping[str, object] | None = None,
    alertmanager_url: str | None = None,
    *,
    path_prefix: str = "",
    evaluation_interval: str = "1s",
    web_config: Mapping[str, object] | None = None,
    late_samples: str | None = None,
) -> AsyncGenerator[PrometheusServer]:
    """Prometheus holding these samples; rules are evaluated at the real clock, so back-fill up to now for one to fire.

    It scrapes nothing. `rules` is a rule file's content, `web_config` one of its web configuration. `late_samples`
    (such as "2h") lets rules write before the newest sample, for data that reaches into the future.
    """
    program, promtool = binary("prometheus", PACKAGE), binary("promtool", PACKAGE)
    with tempfile.TemporaryDirectory(prefix="prometheus-") as name:
        folder = Path(name)
        await _back_fill(promtool, openmetrics_text, folder)
        port = free_port()
        (folder / "rules.json").write_text(json.dumps(rules or {"groups": []}))
        (folder / "prometheus.yml").write_text(
            yaml.safe_dump(_configuration(evaluation_interval, alertmanager_url, late_samples))
        )
        url = f"http://127.0.0.1:{port}{path_prefix}"
        command = [
            program, f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/data",
            f"--web.listen-address=127.0.0.1:{port}", f"--web.external-url={url}/", "--log.level=warn",
            "--storage.tsdb.retention.time=60d", "--rules.alert.resend-delay=1s",
        ]  # fmt: skip
        ready = f"{url}/-/ready"
        if web_config is not None:
            (folder / "web.yml").write_text(yaml.safe_dump(dict(web_config)))
            command.append(f"--web.config.file={folder}/web.yml")
        async with running(command, ready, folder / "log"):
            yield PrometheusServer(url, folder)


def openmetrics(
    families: Mapping[tuple[str, str], Iterable[tuple[Mapping[str, str], Sequence[tuple[float, float]]]]],
) -> str:
    """OpenMetrics text from {(sample name, type): [(labels, [(unix seconds, value), …]), …]}.

    A counter's type line names it without _total, as the format wants.
    """
    lines: list[str] = []
    for (name, kind), series in families.items():
        family = name.removesuffix("_total") if kind == "counter" else name
        lines.append(f"# TYPE {family} {kind}")
        for labels, samples in series:
            inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
            lines += [f"{name}{{{inside}}} {value:.10g} {time:.3f}" for time, value in samples]
    return "\n".join([*lines, "# EOF", ""])


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _configuration(
    evaluation_interval: str, alertmanager_url: str | None, late_samples: str | None
) -> dict[str, object]:
    found: dict[str, object] = {
        "global": {"evaluation_interval": evaluation_interval},
        "rule_files": ["rules.json"],
    }
    if late_samples:
        found["storage"] = {"tsdb": {"out_of_order_time_window": late_samples}}
    if alertmanager_url:
        host = alertmanager_url.removeprefix("http://")
        found["alerting"] = {"alertmanagers": [{"static_configs": [{"targets": [host]}]}]}
    return found


async def _back_fill(promtool: str, text: str, folder: Path) -> None:
    (folder / "data").mkdir()
    if text.strip() in {"", "# EOF"}:
        return
    (folder / "samples.txt").write_text(text)
    process = await asyncio.create_subprocess_exec(
        promtool, "tsdb", "create-blocks-from", "openmetrics", "-q", str(folder / "samples.txt"), str(folder / "data"),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"promtool could not back-fill: {said.decode(errors='replace')[-1000:]}")
