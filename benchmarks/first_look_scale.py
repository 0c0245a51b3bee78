"""How the first look grows: python benchmarks/first_look_scale.py [--services 10 100 1000].

A real local Prometheus holds 100 series a service (so 100,000 for 1,000 services), one of which fails; the question is
asked in a local Slack and the clock stops when the first look stands in the thread. Printed for each size: what `run`
looks up in the background at its start (with --cold the first question has to), requests that reached Prometheus,
seconds for the first question and for the next one, processor seconds of this program (local Slack included) and of
Prometheus, and the memory the program needed beyond what it had before. Run it with PYTHONPATH=src:.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from sre_advisor.app.assembly import assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.app.warming import warm_up
from sre_advisor.broker.policy import policy_for
from sre_advisor.connectors.contract import Connector
from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import load_settings
from tests.servers.prometheus import running_prometheus

STEP_S, HOURS, DAY_S = 300, 3, 86_400
BUCKETS = ("0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf")
INSTANCES = 8
"""Of each: 9 buckets, count, sum, and 1 to 2 counters or gauges: about 100 series a service."""


def metrics(services: int, now: float, *, past: bool) -> Iterator[str]:
    """OpenMetrics text; the last service's latency and errors rise in the last quarter of an hour.

    With `past` the same hours of yesterday and of last week are there as well, so that each signal is read thrice.
    """
    times = [
        now - ago - STEP_S * n
        for ago in ((7 * DAY_S, DAY_S, 0) if past else (0,))
        for n in reversed(range(HOURS * 3600 // STEP_S))
    ]
    dice = random.Random(services)
    labels = [(f"svc-{n:04}", f"10.0.{i}.{n % 250}:80") for n in range(services) for i in range(INSTANCES)]
    bad = f"svc-{services - 1:04}"
    yield "# TYPE http_requests counter\n"
    for service, instance in labels:
        for code, share in (("200", 0.99), ("500", 0.01)):
            name = f'http_requests_total{{service="{service}",instance="{instance}",code="{code}"}}'
            worse = 20.0 if service == bad and code == "500" else 1.0
            yield from _counter(name, times, share, worse, dice, now)
    yield "# TYPE http_request_duration_seconds histogram\n"
    for service, instance in labels:
        me = f'service="{service}",instance="{instance}"'
        slow = service == bad
        for rank, bound in enumerate(BUCKETS):
            share = min(1.0, 0.3 + 0.15 * rank)
            later = min(1.0, 0.05 * (rank + 1)) / share if slow and bound != "+Inf" else 1.0
            yield from _counter(f'http_request_duration_seconds_bucket{{{me},le="{bound}"}}', times, share, later,
                                random.Random(me), now)  # fmt: skip
        dice = random.Random(me)
        yield from _counter(f"http_request_duration_seconds_count{{{me}}}", times, 1.0, 1.0, dice, now)
        yield from _counter(f"http_request_duration_seconds_sum{{{me}}}", times, 0.1, 9.0 if slow else 1.0,
                            random.Random(me), now)  # fmt: skip
    yield "# EOF\n"


def _counter(
    name: str, times: list[float], share: float, factor: float, dice: random.Random, now: float
) -> Iterator[str]:
    total, rows = 0.0, list[str]()
    for at in times:
        total += STEP_S * 10 * share * (factor if at > now - 900 else 1.0) * (0.95 + 0.1 * dice.random())
        rows.append(f"{name} {total:.6g} {at:.0f}\n")
    yield "".join(rows)


def requests_of(url: str) -> int:
    """API requests that Prometheus has answered so far."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = re.findall(r'prometheus_http_requests_total\{[^}]*handler="/api/v1/[^}]*\} (\S+)', text)
    return round(sum(float(v) for v in found))


def memory(field: str) -> float:
    """Memory of this process in MiB: VmRSS now, or VmHWM at its highest since it was reset."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


def written(file: Path, text: str) -> Path:
    """The file, holding the text."""
    file.write_text(text, encoding="utf-8")
    return file


def reset_highest_memory() -> None:
    """Let VmHWM start again from what is used now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


async def ask(slack: LocalSlack) -> tuple[float, float]:
    """Seconds from the mention to the first look in its thread, and processor seconds this program used meanwhile."""
    channel = slack.state.channel("incidents").id
    began, worked = time.monotonic(), time.process_time()
    ts = (await slack.state.person_types("incidents", f"@{slack.state.bot.name} what is going on?")).ts
    await slack.wait_until(lambda: any(m.metadata for m in slack.state.thread(channel, ts)), 60)
    return time.monotonic() - began, time.process_time() - worked


def processor_seconds(url: str) -> float:
    """Processor seconds that Prometheus has used so far."""
    with urllib.request.urlopen(f"{url}/metrics", timeout=10) as answer:
        found = re.search(r"^process_cpu_seconds_total (\S+)", answer.read().decode(), re.MULTILINE)
    return float(found.group(1)) if found else float("nan")


async def warmed(connectors: Sequence[Connector]) -> float:
    """Seconds until what `run` looks up in the background at its start is known."""
    began = time.monotonic()
    await warm_up(connectors)
    return time.monotonic() - began


async def measure(services: int, *, past: bool, cold: bool) -> None:
    """Print one line for one size."""
    text = "".join(metrics(services, time.time() // 60 * 60, past=past))
    series = len(set(re.findall(r"^([^ ]+) ", text, re.MULTILINE))) - 1
    async with running_prometheus(text) as prometheus:
        del text
        slack = LocalSlack()
        await slack.start()
        with tempfile.TemporaryDirectory(prefix="sre-advisor-scale-") as folder:
            policy = policy_for(slack.state.channel("incidents").id, "incidents")
            settings = load_settings(
                None,
                {
                    "policy": {"file": str(written(Path(folder) / "policy.yaml", policy))},
                    "prometheus": {"url": prometheus.url},
                    "slack": {"api_url": slack.api_url, "connections": 1, "grace_s": 1},
                    "database": {"url": f"sqlite:///{folder}/journal.db"},
                    "log": {"level": "error"},
                },
            )
            tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
            async with assembled(settings, Credentials(tokens), None) as parts, slack_service(parts) as service:
                warming = 0.0 if cold else await warmed(parts.connectors)
                before, had = requests_of(prometheus.url), memory("VmRSS")
                theirs = processor_seconds(prometheus.url)
                reset_highest_memory()
                first = await ask(slack)
                found, worked = requests_of(prometheus.url), processor_seconds(prometheus.url)
                await service.worker.idle()
                settled = requests_of(prometheus.url)
                second = await ask(slack)
                again = requests_of(prometheus.url)
                needed = memory("VmHWM") - had
                await service.worker.idle()
                looks = await parts.journal.of_kinds("first_look_made")
        await slack.stop()
    said = getattr(looks[-1], "first_look", None)
    top = said.services[0].name if said is not None and said.services else "nothing"
    print(
        f"{services:6} services {series:8} series: warming {warming:5.2f} s; {found - before:3} requests "
        f"{first[0]:5.2f} s first (processor: {first[1]:.2f} s, Prometheus {worked - theirs:.2f} s), "
        f"{again - settled:3} requests {second[0]:5.2f} s next ({second[1]:.2f} s), {needed:4.0f} MiB; "
        f"first in the ranking: {top}",
        flush=True,
    )


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, nargs="+", default=[10, 100, 1000])
    parser.add_argument("--past", action="store_true", help="yesterday's and last week's hours are held as well")
    parser.add_argument("--cold", action="store_true", help="the first question comes before anything was looked up")
    options = parser.parse_args()
    for services in options.services:
        asyncio.run(measure(services, past=options.past, cold=options.cold))


if __name__ == "__main__":
    main()
