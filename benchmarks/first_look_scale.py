"""How the first look grows: python benchmarks/first_look_scale.py [--services 10 100 1000].

A real local Prometheus holds 100 series a service (so 100,000 for 1,000 services), one of which fails; the question is
asked in a local Slack and the clock stops when the first look stands in the thread. Printed for each size: requests that
reached Prometheus, seconds for the first question (which also finds out what there is) and for the next one, and the
memory the program needed beyond what it had before. Run it with PYTHONPATH=src:.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from sre_advisor.app.assembly import assembled
from sre_advisor.app.serve import slack_service
from sre_advisor.credentials import Credentials
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.settings import load_settings
from tests.servers.prometheus import running_prometheus

STEP_S, HOURS = 300, 3
BUCKETS = ("0.05", "0.1", "0.25", "0.5", "1.0", "2.5", "5.0", "10.0", "+Inf")
INSTANCES = 8
"""Of each: 9 buckets, count, sum, and 1 to 2 counters or gauges: about 100 series a service."""


def metrics(services: int, now: float) -> Iterator[str]:
    """OpenMetrics text; the last service's latency and errors rise in the last quarter of an hour."""
    times = [now - STEP_S * n for n in reversed(range(HOURS * 3600 // STEP_S))]
    dice = random.Random(services)
    labels = [(f"svc-{n:04}", f"10.0.{i}.{n % 250}:80") for n in range(services) for i in range(INSTANCES)]
    bad = f"svc-{services - 1:04}"
    yield "# TYPE http_requests counter\n"
    for service, instance in labels:
        for code, share in (("200", 0.99), ("500", 0.01)):
            yield from _counter(f'http_requests_total{{service="{service}",instance="{instance}",code="{code}"}}', times,
                                share, 20.0 if service == bad and code == "500" else 1.0, dice, now)  # fmt: skip
    yield "# TYPE http_request_duration_seconds histogram\n"
    for service, instance in labels:
        me = f'service="{service}",instance="{instance}"'
        slow = service == bad
        for rank, bound in enumerate(BUCKETS):
            share = min(1.0, 0.3 + 0.15 * rank)
            later = min(1.0, 0.05 * (rank + 1)) / share if slow and bound != "+Inf" else 1.0
            yield from _counter(f'http_request_duration_seconds_bucket{{{me},le="{bound}"}}', times, share, later,
                                random.Random(f"{me}"), now)  # fmt: skip
        yield from _counter(
            f"http_request_duration_seconds_count{{{me}}}", times, 1.0, 1.0, random.Random(f"{me}"), now
        )
        yield from _counter(f"http_request_duration_seconds_sum{{{me}}}", times, 0.1, 9.0 if slow else 1.0,
                            random.Random(f"{me}"), now)  # fmt: skip
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
    """This process's memory in MiB: VmRSS now, or VmHWM at its highest since it was reset."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(rf"{field}:\s+(\d+) kB", status)
    return int(found.group(1)) / 1024 if found else float("nan")


async def ask(slack: LocalSlack) -> float:
    """Seconds from the mention to the first look in its thread."""
    channel = slack.state.channel("incidents").id
    began = time.monotonic()
    ts = (await slack.state.person_types("incidents", f"@{slack.state.bot.name} what is going on?")).ts
    await slack.wait_until(lambda: any(m.metadata for m in slack.state.thread(channel, ts)), 60)
    return time.monotonic() - began


async def measure(services: int) -> None:
    """Print one line for one size."""
    text = "".join(metrics(services, time.time() // 60 * 60))
    series = len(set(re.findall(r"^([^ ]+) ", text, re.MULTILINE))) - 1
    async with running_prometheus(text) as prometheus:
        del text
        slack = LocalSlack()
        await slack.start()
        with tempfile.TemporaryDirectory(prefix="sre-advisor-scale-") as folder:
            settings = load_settings(
                None,
                {
                    "prometheus": {"url": prometheus.url},
                    "slack": {"api_url": slack.api_url, "connections": 1, "grace_s": 1},
                    "database": {"url": f"sqlite:///{folder}/journal.db"},
                    "log": {"level": "error"},
                },
            )
            tokens = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_APP_TOKEN": slack.app_token}
            async with assembled(settings, Credentials(tokens), None) as parts, slack_service(parts) as service:
                before, had = requests_of(prometheus.url), memory("VmRSS")
                Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
                first = await ask(slack)
                found = requests_of(prometheus.url)
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
        f"{services:6} services {series:8} series: {found - before:3} requests {first:5.2f} s first, "
        f"{again - settled:3} requests {second:5.2f} s next, {needed:6.0f} MiB; first in the ranking: {top}",
        flush=True,
    )


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--services", type=int, nargs="+", default=[10, 100, 1000])
    for services in parser.parse_args().services:
        asyncio.run(measure(services))


if __name__ == "__main__":
    main()
