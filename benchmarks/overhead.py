"""What the advisor adds to its model's time: python -m benchmarks.overhead [--json] [--questions 50] [--runs 5].

A stand-in for the model takes 1.0 s a call, three calls a question; Prometheus, Alertmanager and the repository are
real. docs/reference/benchmarks.md says what each figure means and what was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from statistics import median

from benchmarks.measuring.figures import Figure, table
from benchmarks.measuring.many import Many, at_once
from benchmarks.measuring.model import Arrivals
from benchmarks.measuring.one import One, ask
from benchmarks.measuring.stage import standing

CALIBRATION = "import anthropic, slack_bolt.async_app"
AIMS_OF_MANY = {50: (4.5, 5.0)}
PEERS_OF_MANY: dict[int, tuple[float, float | None]] = {1: (3.2, None), 10: (4.4, None), 50: (10.6, 12.9)}


def calibration_s(runs: int) -> float:
    """Seconds that importing the two SDKs takes in a fresh process on this machine now."""
    seconds: list[float] = []
    for _ in range(runs):
        began = time.monotonic()
        subprocess.run([sys.executable, "-c", CALIBRATION], check=True)
        seconds.append(time.monotonic() - began)
    return median(seconds)


def of_one(runs: Sequence[One]) -> list[Figure]:
    """The figures of one question on the command line."""
    calls = [
        Figure(f"request of call {n + 1}", "bytes", tuple(float(run.request_bytes[n]) for run in runs))
        for n in range(3)
    ]
    return [
        Figure("start to first model call", "s", tuple(run.first_call_s for run in runs), 1.6, 4.4),
        Figure("total minus model time", "s", tuple(run.overhead_s for run in runs), 1.8, 5.7),
        Figure("peak memory", "MB", tuple(run.peak_mb for run in runs), 180, 341),
        Figure("CPU", "CPU s", tuple(run.cpu_s for run in runs), None, 5.7),
        *calls,
        Figure("input over three calls", "tokens", tuple(run.input_tokens for run in runs), 12_000, 41_000),
    ]


def of_many(runs: Sequence[Many]) -> list[Figure]:
    """The figures of so many questions at once in Slack."""
    questions = runs[0].questions
    wall, cpu = AIMS_OF_MANY.get(questions, (None, None))
    peer_wall, peer_cpu = PEERS_OF_MANY.get(questions, (None, None))
    return [
        Figure(f"{questions} at once", "s", tuple(run.wall_s for run in runs), wall, peer_wall),
        Figure(f"{questions} at once, CPU", "CPU s", tuple(run.cpu_s for run in runs), cpu, peer_cpu),
        Figure(f"{questions} at once, peak memory", "MB", tuple(run.peak_mb for run in runs)),
    ]


async def measure(options: argparse.Namespace) -> tuple[list[Figure], int]:
    """All figures, and how many series Prometheus held."""
    arrivals, figures = Arrivals(), list[Figure]()
    async with standing() as stage, arrivals.server() as server:
        await ask(stage, arrivals, server, 0)  # compiles what was never imported before
        figures += of_one([await ask(stage, arrivals, server, n) for n in range(1, options.runs + 1)])
        number = 0
        for questions in sorted({1, 10, options.questions} if options.questions else ()):
            runs: list[Many] = []
            for _ in range(max(1, options.runs // 2)):
                number += 1
                runs.append(await at_once(stage, arrivals, server, questions, number))
            figures += of_many(runs)
        return figures, stage.series


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--questions", type=int, default=50, help="how many at once in Slack (0: leave that out)")
    parser.add_argument("--runs", type=int, default=5, help="runs of one question; half as many of many at once")
    options = parser.parse_args()
    before, calibration = os.getloadavg()[0], calibration_s(3)
    figures, series = asyncio.run(measure(options))
    machine = {
        "cores": os.cpu_count(),
        "load_before": round(before, 2),
        "load_after": round(os.getloadavg()[0], 2),
        "calibration_s": round(calibration, 3),
        "series": series,
    }
    if options.json:
        print(json.dumps({"machine": machine, "figures": [figure.as_json() for figure in figures]}, indent=2))
        return
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    print(table(figures, calibration))


if __name__ == "__main__":
    main()
