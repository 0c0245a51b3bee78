"""Asks a recording what was never asked of the live systems: how many of other requests get the right answer.

Live Prometheus, Alertmanager and a repository are started, a question is asked and recorded, and other requests
(other windows, metrics, aggregations, files, words; drawn from a seed) are put to the live tools with the question's
clock. Then every server is stopped and the same requests are put to the recording. Right: the same outcome and, for
the answers, the same body with numbers equal to one in a million.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sre_advisor.app.backends import live_connectors
from sre_advisor.connectors.contract import Connector, NoData, ToolFailure
from sre_advisor.credentials import Credentials
from sre_advisor.replay.opening import open_recording
from tests.live.faults import Incident
from tests.live.test_faults import live, program

TOLERANCE = 1e-6
Request = tuple[str, dict[str, Any]]


@dataclass
class Result:
    """How many requests of each tool were answered rightly, and how the others went."""

    requests: int = 0
    right: int = 0
    by_tool: dict[str, str] = field(default_factory=dict[str, str])
    wrong: list[str] = field(default_factory=list[str])
    coverage: dict[str, int] = field(default_factory=dict[str, int])
    backend: str = ""
    recording_bytes: int = 0
    open_s: float = 0.0
    request_ms: float = 0.0


def requests_of(seed: int, count: int, now: datetime, incident: Incident) -> list[Request]:
    """Valid requests that an investigator might make, none of them one of the first look's."""
    dice, made = random.Random(seed), list[Request]()
    while len(made) < count:
        made.append(_request(dice, now, incident))
    return made


def _request(dice: random.Random, now: datetime, incident: Incident) -> Request:  # noqa: PLR0911 - a table of kinds
    end = now - timedelta(minutes=dice.choice((0, 5, 10, 20, 30, 45, 60, 90)))
    start = end - timedelta(minutes=dice.choice((10, 15, 30, 45, 60, 90, 120, 180, 240)))
    window = {"start": start.isoformat(), "end": end.isoformat()}
    name, scheme = dice.choice(incident.names), incident.scheme
    label = scheme.label
    span = dice.choice(("1m", "2m", "5m", "10m"))
    kind = dice.randrange(20)
    if kind < 12:
        ago, buckets = dice.choice((10, 30, 60)), f"{scheme.duration}_bucket"
        of_one = f'{{{label}="{name}"}}'
        query = dice.choice(
            (
                f"sum by ({label}) (rate({scheme.requests}[{span}]))",
                f'sum(rate({scheme.requests}{{{label}="{name}"}}[{span}]))',
                f'sum by ({scheme.status}) (increase({scheme.requests}{{{label}="{name}"}}[{span}]))',
                f"histogram_quantile(0.9{dice.randrange(10)}, sum by (le) (rate({buckets}{of_one}[{span}])))",
                f"rate({scheme.duration}_sum{of_one}[{span}]) / rate({scheme.duration}_count{of_one}[{span}])",
                f"topk({dice.randint(1, 4)}, max by ({label}) (process_resident_memory_bytes))",
                f"avg by ({label}) (rate(process_cpu_seconds_total[{span}])) * 100",
                f'max_over_time(db_pool_waiting{{{label}="{name}"}}[{span}])',
                f"sum by ({label}, state) (db_pool_connections)",
                f'deriv(process_resident_memory_bytes{{{label}="{name}"}}[{span}])',
                f'up{{{label}=~"{name}|{dice.choice(incident.names)}"}}',
                "count(up == 0) or vector(0)",
                f"sum(rate({scheme.requests}[{span}])) / sum(rate({scheme.requests}[{span}] offset {ago}m))",
                f"quantile(0.{dice.randint(1, 9)}, rate({scheme.requests}[{span}]))",
                'ALERTS{severity="critical"}',
                f'metric_that_nobody_has{{{label}="{name}"}}',
            )
        )
        how = dice.choice(("range", "range", "instant"))
        return "metrics_query", {"query": query, "kind": how, **window, "limit": dice.choice((5, 20))}
    if kind < 14:
        some = dice.sample(incident.names, dice.randint(1, 3))
        return "metrics_golden_signals", {**window, "services": some, "limit": dice.choice((10, 40))}
    if kind == 14:
        return "metrics_search", {"text": dice.choice(("pool", "memory", "cpu usage", "requests", "duration", name))}
    if kind == 15:
        return "metrics_alert_history", window
    if kind == 16:
        return "alerts_active", {"service": name}
    if kind == 17:
        return "docs_search", {"query": f"{name} {dice.choice(('logs', 'restart', 'look'))}"}
    path = dice.choice((f"services/{name}/main.py", f"deploy/{name}.yaml", "CODEOWNERS"))
    if kind == 18:
        return "code_read", {"path": path, "first_line": 1, "last_line": dice.randint(1, 3)}
    return dice.choice(
        (
            ("code_search", {"query": dice.choice(("POOL", "TIMEOUT_S", name)), "limit": 10}),
            ("code_blame", {"path": path, "first_line": 1, "last_line": 2}),
            ("code_changes", {"start": (now - timedelta(days=dice.randint(1, 4))).isoformat(), "end": now.isoformat()}),
        )
    )


async def answered(connectors: Sequence[Connector], requests: Sequence[Request], now: datetime) -> list[Any]:
    """What the tools give, or which kind of failure."""
    tools = {tool.name: tool for connector in connectors for tool in connector.tools()}
    found: list[Any] = []
    for name, args in requests:
        tool = tools[name]
        try:
            reading = await tool.run(tool.args.model_validate(args), now)
        except NoData:
            found.append({"outcome": "NoData"})
        except ToolFailure as failure:
            found.append({"outcome": type(failure).__name__, "words": str(failure)})
        else:
            found.append({"outcome": "ok", "body": reading.body, "nouns": len(reading.nouns)})
    return found


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal, numbers to one in a million."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


async def measure(folder: Path, seed: int, count: int, *, use_prometheus: bool = True) -> Result:
    """Live, recorded, stopped, asked again."""
    incident = Incident("pool", seed, datetime.now(UTC))
    path = folder / "recording.tar.gz"
    async with live(folder, incident) as garden:
        await garden.ask("what is going on?")
        _, listed, _ = await program(folder, "audit", "list")
        name = next(word for word in listed.split() if word.startswith("terminal-"))
        code, _, err = await program(folder, "record", "--investigation", name, "--out", str(path))
        if code:
            raise RuntimeError(err)
        async with open_recording(path, use_prometheus=False) as recording:
            now = recording.now
        requests = requests_of(seed, count, now, incident)
        connectors = live_connectors(garden.settings, Credentials())
        truth = await answered(connectors, requests, now)
        for connector in connectors:
            await connector.close()
    return await _replayed(path, requests, truth, use_prometheus=use_prometheus)


async def _replayed(path: Path, requests: Sequence[Request], truth: Sequence[Any], *, use_prometheus: bool) -> Result:
    began = time.perf_counter()
    size = await asyncio.to_thread(lambda: path.stat().st_size)
    result = Result(requests=len(requests), recording_bytes=size)
    async with open_recording(path, use_prometheus=use_prometheus) as recording:
        result.open_s = round(time.perf_counter() - began, 2)
        began = time.perf_counter()
        given = await answered(recording.connectors, requests, recording.now)
        result.request_ms = round(1000 * (time.perf_counter() - began) / len(requests), 1)
        counts = recording.coverage
        result.coverage = {n: getattr(counts, n) for n in ("identical", "from_world", "not_recorded")}
        result.backend = recording.backend
    asked, right = Counter[str](), Counter[str]()
    for (tool, args), expected, got in zip(requests, truth, given, strict=True):
        asked[tool] += 1
        if same(expected, got):
            right[tool] += 1
        else:
            result.wrong.append(f"{tool} {json.dumps(args)}: live {_short(expected)}; recording {_short(got)}")
    result.right = right.total()
    result.by_tool = {tool: f"{right[tool]}/{asked[tool]}" for tool in sorted(asked)}
    return result


def _short(answer: Any) -> str:
    return json.dumps(answer)[:160]


def main() -> int:
    """Print the figures; 1 when fewer than nine in ten are right."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--without-prometheus", action="store_true", help="replay as if none were installed")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        result = asyncio.run(
            measure(Path(name), chosen.seed, chosen.requests, use_prometheus=not chosen.without_prometheus)
        )
    share = result.right / result.requests
    if chosen.json:
        print(json.dumps({"share_right": round(share, 4), **vars(result)}, indent=1))
    else:
        print(f"{result.right} of {result.requests} other requests answered rightly ({share:.1%}); {result.by_tool}")
        print("\n".join(result.wrong[:20]))
    return 0 if share >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
