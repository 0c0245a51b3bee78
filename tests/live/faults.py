"""Generated incidents for a live Prometheus and a real repository: one service is at fault, another one rings.

Eight services call each other in layers. The fault moves the culprit's own signals and, weakened and a little later,
those of everybody who calls it; the alert is only ever on the service at the top.
"""

from __future__ import annotations

import math
import random
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.servers.prometheus import openmetrics

STEP_S = 30
HOURS = 3.5
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SHAPE = ((0, 1), (0, 2), (1, 3), (2, 3), (2, 4), (3, 5), (3, 6), (4, 7))
"""Who calls whom, by place: 0 is the top, 5 to 7 are leaves."""
NAMES = (
    "aster", "bramble", "clover", "dahlia", "erica", "fern", "gorse", "heather", "iris", "juniper", "kerria", "lupin",
    "mallow", "nettle", "orchid", "poppy",
)  # fmt: skip

Samples = dict[tuple[str, str], list[tuple[Mapping[str, str], list[tuple[float, float]]]]]


@dataclass(frozen=True)
class Scheme:
    """How the metrics are labelled: which label names the service, and whether calls are counted by both ends."""

    label: str = "service"
    requests: str = "http_requests_total"
    status: str = "code"
    duration: str = "http_request_duration_seconds"
    calls: bool = True


@dataclass(frozen=True)
class Incident:
    """Which service is at fault, since when, and how its metrics are written."""

    kind: str
    seed: int
    now: datetime
    scheme: Scheme = field(default_factory=Scheme)
    spread: float = 0.65
    """What of the fault reaches the caller at each call: above 1 victims look worse than the culprit."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(random.Random(self.seed).sample(NAMES, 8))

    @property
    def edges(self) -> tuple[tuple[str, str], ...]:
        return tuple((self.names[a], self.names[b]) for a, b in SHAPE)

    @property
    def place(self) -> int:
        return {"pool": 3, "slow leaf": 5, "crash": 2}[self.kind]

    @property
    def culprit(self) -> str:
        return self.names[self.place]

    @property
    def ringing(self) -> str:
        return self.names[0]

    @property
    def onset(self) -> datetime:
        return self.now - timedelta(minutes=10 + random.Random(self.seed + 1).random() * 5)

    def rules(self) -> dict[str, object]:
        """One alert, on the service at the top alone."""
        s, me = self.scheme, f'{self.scheme.label}="{self.ringing}"'
        errors = f'sum(rate({s.requests}{{{me},{s.status}=~"5.."}}[3m])) / sum(rate({s.requests}{{{me}}}[3m])) > 0.05'
        slow = f"histogram_quantile(0.95, sum by (le) (rate({s.duration}_bucket{{{me}}}[3m]))) > 1"
        rule = {
            "alert": "TooSlow" if self.kind == "slow leaf" else "TooManyErrors",
            "expr": slow if self.kind == "slow leaf" else errors,
            "labels": {s.label: self.ringing, "severity": "critical"},
            "annotations": {"summary": f"{self.ringing} does not answer as promised"},
        }
        return {"groups": [{"name": "promises", "interval": "1s", "rules": [rule]}]}

    def metrics(self) -> str:
        """OpenMetrics text of the last hours up to now."""
        made: Samples = {}
        for place, name in enumerate(self.names):
            _Service(self, place, name).write(made)
        if self.scheme.calls:
            for caller, callee in self.edges:
                self._calls(made, caller, callee)
        return openmetrics(made)

    def times(self) -> list[float]:
        end = self.now.timestamp()
        return [end - STEP_S * n for n in reversed(range(int(HOURS * 3600 / STEP_S)))]

    def _calls(self, made: Samples, caller: str, callee: str) -> None:
        dice, total, samples = random.Random(f"{self.seed}{caller}{callee}"), 0.0, list[tuple[float, float]]()
        for at in self.times():
            total += STEP_S * 12 * dice.gauss(1, 0.05)
            samples.append((at, total))
        made.setdefault(("rpc_client_calls_total", "counter"), []).append(
            ({"client": caller, "server": callee}, samples)
        )


class _Service:
    """One service's signals."""

    def __init__(self, incident: Incident, place: int, name: str) -> None:
        self.incident, self.place, self.name = incident, place, name
        self.dice = random.Random(f"{incident.seed}/{name}")
        self.rps = self.dice.uniform(15, 60)
        self.latency = self.dice.uniform(0.02, 0.09)
        self.noise = self.dice.uniform(0.03, 0.08)
        self.hops = _hops(incident.place).get(place)

    def write(self, made: Samples) -> None:
        ok, bad = 0.0, 0.0
        buckets, total, cpu = [0.0] * (len(BUCKETS) + 1), 0.0, 0.0
        rows: dict[str, list[tuple[float, float]]] = {
            key: [] for key in ("ok", "bad", "sum", "cpu", "memory", "up", "in_use", "idle", "waiting")
        }
        held: list[list[tuple[float, float]]] = [[] for _ in buckets]
        for at in self.incident.times():
            hurt = self._hurt(at)
            rps, errors, latency = self._rates(at, hurt)
            served = rps * STEP_S
            ok, bad = ok + served * (1 - errors), bad + served * errors
            for index, share in enumerate(_shares(latency)):
                buckets[index] += served * share
            total += served * latency
            own = hurt if self.hops == 0 else 0.0
            cpu += STEP_S * max(0.01, rps * 0.004 * self.dice.gauss(1, 0.05)) * (0.7 if own else 1.0)
            pool = 18.0 if self._pooled(own) else 4 + 2 * self.dice.random()
            row = {
                "ok": ok, "bad": bad, "sum": total, "cpu": cpu,
                "memory": 2e8 * self.dice.gauss(1, 0.02),
                "up": 0.0 if self._down(own) else 1.0,
                "in_use": pool, "idle": 18 - pool,
                "waiting": 40 * self.dice.gauss(1, 0.1) if self._pooled(own) else 0.0,
            }  # fmt: skip
            for key, value in row.items():
                rows[key].append((at, value))
            for index, value in enumerate(buckets):
                held[index].append((at, value))
        self._keep(made, rows, held)

    def _keep(
        self, made: Samples, rows: dict[str, list[tuple[float, float]]], held: list[list[tuple[float, float]]]
    ) -> None:
        scheme = self.incident.scheme
        me = {scheme.label: self.name, "instance": "10.0.0.1:8080"}

        def add(name: str, kind: str, samples: list[tuple[float, float]], **labels: str) -> None:
            made.setdefault((name, kind), []).append(({**me, **labels}, samples))

        add(scheme.requests, "counter", rows["ok"], **{scheme.status: "200"})
        add(scheme.requests, "counter", rows["bad"], **{scheme.status: "500"})
        for bound, samples in zip((*map(str, BUCKETS), "+Inf"), _cumulated(held), strict=True):
            add(f"{scheme.duration}_bucket", "unknown", samples, le=bound)
        add(f"{scheme.duration}_count", "unknown", _cumulated(held)[-1])
        add(f"{scheme.duration}_sum", "unknown", rows["sum"])
        add("process_cpu_seconds_total", "counter", rows["cpu"])
        add("process_resident_memory_bytes", "gauge", rows["memory"])
        add("up", "gauge", rows["up"])
        if self.place >= 3:
            add("db_pool_connections", "gauge", rows["in_use"], state="in_use")
            add("db_pool_connections", "gauge", rows["idle"], state="idle")
            add("db_pool_waiting", "gauge", rows["waiting"])

    def _hurt(self, at: float) -> float:
        """0 before the fault reaches this service; then 1 for the culprit, less for each hop away."""
        if self.hops is None:
            return 0.0
        late = at - self.incident.onset.timestamp() - STEP_S * self.hops
        return 0.0 if late < 0 else self.incident.spread**self.hops * min(1.0, 0.5 + late / 120)

    def _rates(self, at: float, hurt: float) -> tuple[float, float, float]:
        day = 1 + 0.15 * math.sin(at / 86400 * 2 * math.pi)
        rps = self.rps * day * max(0.1, self.dice.gauss(1, self.noise))
        errors = max(0.0, self.dice.gauss(0.002, 0.0015))
        latency = self.latency * max(0.3, self.dice.gauss(1, self.noise))
        match self.incident.kind:
            case "pool":
                errors, latency = errors + 0.35 * hurt, latency + 3.0 * hurt
            case "slow leaf":
                errors, latency = errors + 0.01 * hurt, latency + 4.0 * hurt
            case _:
                errors, latency = errors + 0.6 * hurt, latency * (1 + 0.4 * hurt)
                rps *= 1 - 0.4 * hurt * (self.hops == 0)
        return rps, min(0.95, errors), latency

    def _pooled(self, own: float) -> bool:
        return self.incident.kind == "pool" and own > 0

    def _down(self, own: float) -> bool:
        return self.incident.kind == "crash" and own > 0 and self.dice.random() < 0.5


def _hops(culprit: int) -> dict[int, int]:
    """For each place that the fault reaches: how many calls away the culprit is."""
    found, edge = {culprit: 0}, [culprit]
    while edge:
        place = edge.pop(0)
        for caller, callee in SHAPE:
            if callee == place and caller not in found:
                found[caller] = found[place] + 1
                edge.append(caller)
    return found


def _shares(mean: float) -> list[float]:
    """The share of requests that falls into each bucket, exponentially distributed around the mean."""
    below = [1 - math.exp(-bound / mean) for bound in BUCKETS]
    return [b - a for a, b in zip([0.0, *below], [*below, 1.0], strict=True)]


def _cumulated(held: list[list[tuple[float, float]]]) -> list[list[tuple[float, float]]]:
    return [
        [(samples[i][0], sum(held[j][i][1] for j in range(k + 1))) for i in range(len(samples))]
        for k, samples in enumerate(held)
    ]


def write_repository(folder: Path, incident: Incident) -> Path:
    """A repository whose manifests say who calls whom; the culprit was changed shortly before the onset, others too."""
    folder.mkdir()
    _git(folder, incident.now - timedelta(days=3), "init", "--quiet", "--initial-branch=main")
    for name in incident.names:
        calls = [callee for caller, callee in incident.edges if caller == name]
        _write(folder / "services" / name / "main.py", f'"""The service {name}."""\nPOOL = 18\nTIMEOUT_S = 5\n')
        _write(folder / "deploy" / f"{name}.yaml", "\n".join(_manifest(name, calls)))
        _write(folder / "runbooks" / f"{name}.md", f"# {name}\n\nLook at its logs.\n")
    _write(folder / "CODEOWNERS", "\n".join(f"/services/{name}/ @example/{name}-team" for name in incident.names))
    _commit(folder, incident.now - timedelta(days=3), "Start")
    bystander = incident.names[7]
    guilty = folder / "services" / incident.culprit / "main.py"
    _write(
        folder / "services" / bystander / "main.py", f'"""{bystander}, and what it does."""\nPOOL = 18\nTIMEOUT_S = 5\n'
    )
    _commit(folder, incident.onset - timedelta(minutes=25), f"Say more about {bystander}")
    _write(guilty, guilty.read_text().replace("POOL = 18", "POOL = 2"))
    _commit(folder, incident.onset - timedelta(minutes=3), "Use fewer connections")
    return folder


def _manifest(name: str, calls: list[str]) -> Iterator[str]:
    yield from ("apiVersion: apps/v1", "kind: Deployment", "metadata:", f"  name: {name}", "spec:", "  template:")
    yield from ("    spec:", "      containers:", "        - name: main", f"          image: example/{name}:1")
    if calls:
        yield "          env:"
    for callee in calls:
        yield f"            - {{name: {callee.upper()}_URL, value: 'http://{callee}:8080'}}"
    yield ""


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def _commit(folder: Path, at: datetime, message: str) -> None:
    _git(folder, at, "add", "--all")
    _git(folder, at, "commit", "--quiet", "--message", message)


def _git(folder: Path, at: datetime, *words: str) -> None:
    stamp = at.astimezone(UTC).isoformat()
    who = {"GIT_AUTHOR_NAME": "Ada Example", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    who |= {"GIT_COMMITTER_NAME": "Ada Example", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp, "GIT_CONFIG_GLOBAL": "/dev/null"}
    subprocess.run(["git", *words], cwd=folder, check=True, env={"PATH": "/usr/bin:/bin", **who, **dates})
