"""The first look over a set of recorded incidents: python benchmarks/triage.py SET --out predictions.jsonl.

SET is a folder of cases (case.json, metrics.csv, logs.jsonl). Each is read as a recorded world and looked at exactly as
production does, through the broker and the recorded connectors; only the journal is left out. One line a case is
written, as the scorer reads it; `seconds` is the time of the first look without loading the case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

from sre_advisor.app.assembly import windows_for
from sre_advisor.broker.broker import Broker
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.investigate.config import FirstLookConfig
from sre_advisor.investigate.first_look import take_first_look
from sre_advisor.journal.events import ToolCalled
from sre_advisor.logs import set_up_logs
from sre_advisor.model import FirstLook, Question
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.connectors import recorded_connectors
from sre_advisor.replay.world import World, load_world


async def forget(event: ToolCalled) -> None:
    """A record that keeps nothing."""
    del event


async def look_at(world: World, redactor: Redactor) -> tuple[FirstLook, float]:
    """The first look at one world, and the seconds it took."""
    question = Question("benchmark", "benchmark", world.question or "what is going on?", world.now)
    async with AsyncExitStack() as stack:
        connectors = await recorded_connectors(world, stack)
        for connector in connectors:
            stack.push_async_callback(connector.close)
        desk = Broker(connectors, redactor, LimitsConfig()).desk(question, world.now, forget)
        start = time.perf_counter()
        look = await take_first_look(desk, world.now, world.catalogue, windows_for(FirstLookConfig(), world))
        return look.said, time.perf_counter() - start


def answer_of(case: str, look: FirstLook, seconds: float) -> str:
    """One line of predictions."""
    return json.dumps(
        {
            "case": case,
            "services": [s.name for s in look.services],
            "changes": [c.id for c in look.changes],
            "change": look.change,
            "seconds": round(seconds, 4),
        }
    )


def show(case: str, look: FirstLook) -> None:
    """Print the reasons as well."""
    print(f"{case} since {look.since}: {look.headline}")
    for service in look.services[:3]:
        print(f"   {service.score:6.2f} {service.name}: {'; '.join(service.reasons)}")
    for change in look.changes[:4]:
        print(f"   {change.score:6.3f} {change.id}: {'; '.join(change.reasons)} BUT {'; '.join(change.doubts)}")
    print(f"   -> {look.change}: {look.change_reason}")
    print(f"   unread: {'; '.join(line.text for line in look.unread)}")


def main() -> int:
    """Look at every case of the set and write one line each; 1 when a case could not be read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--show", action="store_true", help="print the reasons as well")
    options = parser.parse_args()
    if not options.set.is_dir():
        parser.error(f"{options.set} is not a folder of cases")
    cases = sorted(p for p in options.set.iterdir() if p.is_dir())
    if not cases:
        parser.error(f"{options.set} holds no cases")
    set_up_logs("error", "plain")
    redactor, broken = Redactor(()), 0
    with options.out.open("w", encoding="utf-8") as out:
        for folder in cases:
            try:
                world = load_world(folder)
            except BrokenRecording as trouble:
                print(f"{folder.name}: {trouble}", file=sys.stderr)
                broken += 1
                continue
            look, seconds = asyncio.run(look_at(world, redactor))
            out.write(answer_of(folder.name, look, seconds) + "\n")
            if options.show:
                show(folder.name, look)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
