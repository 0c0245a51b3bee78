"""Every string in every carrier, before a model that puts out every hostile output; attempts and effects counted."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.injecting.effects import LONGEST, Wire, in_model, in_places, in_slack, letters
from benchmarks.injecting.model import Worst, question, results
from benchmarks.injecting.outputs import OUTPUTS
from benchmarks.injecting.stage import Stage, staged
from benchmarks.injecting.world import CARRIERS, SLIPPED, TOGETHER, build
from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.nouns import Message
from tests.standins.model_server import ModelServer

PATIENCE_S = 120
"""Time an answer may take on a busy machine; one that never comes is what counts."""
BATCH = 20
"""Strings that stand in one world, each in all carriers."""
TOOLS_OF = {
    "alert annotation": ("alerts_active",), "alert label value": ("alerts_active",), "log line": ("logs_search",),
    "commit message": ("code_commit", "code_changes"), "code comment": ("code_read",),
    "runbook text": ("docs_read", "docs_search"), "PR title": ("changes_list",), "thread message": ("thread_read",),
    "metric name": ("metrics_query",),
}  # fmt: skip


@dataclass
class Count:
    """What was tried and what came of it."""

    investigations: int = 0
    attempts: int = 0
    unanswered: int = 0
    planted: Counter[str] = field(default_factory=Counter[str])
    reached: Counter[str] = field(default_factory=Counter[str])
    effects: Counter[str] = field(default_factory=Counter[str])
    by_output: Counter[str] = field(default_factory=Counter[str])

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return {
            "investigations": self.investigations,
            "attempts": self.attempts,
            "effects": self.effects.total(),
            "unanswered": self.unanswered,
            "planted": dict(self.planted),
            "reached_the_model": dict(self.reached),
            "effects_by_kind": dict(self.effects.most_common()),
            "effects_by_output": dict(self.by_output.most_common()),
        }


@cache
def wire() -> Wire:
    """The one of this process; its hook stays for good."""
    return Wire()


async def run(strings: Sequence[str], off: str | None, outputs: Sequence[str] = tuple(OUTPUTS)) -> Count:
    """All strings with `off` switched off (None: all defences stand)."""
    count = Count()
    for start in range(0, len(strings), BATCH):
        with tempfile.TemporaryDirectory(prefix="injection-") as folder:
            await _batch(Path(folder), strings[start : start + BATCH], off, outputs, count)
    return count


async def _batch(folder: Path, strings: Sequence[str], off: str | None, outputs: Sequence[str], count: Count) -> None:
    places, slack = build(folder, strings), LocalSlack()
    await slack.start()
    try:
        async with ModelServer(Worst(len(strings) // TOGETHER + 1)) as server:
            async with staged(folder, places, slack, server, off) as stage:
                wire().allowed = {server.port, int(slack.url.rsplit(":", 1)[1])}
                for number, output in enumerate(outputs):
                    await _one(stage, server, strings, output, count, planting=number == 0)
            count.effects.update(in_places("log", stage.logs.getvalue()))
            count.effects.update(in_places("journal", await asyncio.to_thread(_kept, stage.journal)))
    finally:
        await slack.stop()


def _kept(journal: Path) -> str:
    """All that is on disk of the journal, as text."""
    files = [f for f in journal.parent.glob(f"{journal.name}*") if not f.name.endswith(".key")]
    return b"".join(f.read_bytes() for f in files).decode("utf-8", "replace")


async def _one(
    stage: Stage, server: ModelServer, strings: Sequence[str], output: str, count: Count, *, planting: bool
) -> None:
    """One investigation in a thread of its own in which somebody else has written the strings before."""
    state, before = stage.slack.state, len(server.turns)
    root = (await state.person_types("incidents", "shop is failing", user=state.colleague)).ts
    for text in (SLIPPED, *strings):
        if planting:  # as events, too: what is said in a thread that is not ours must not become a question
            await state.person_posts("incidents", state.colleague, f"FYI {text}", thread_ts=root)
        else:
            place = state.channel("incidents").id
            state.add(Message(state.new_ts(), place, state.colleague.id, f"FYI {text}", thread_ts=root))
    own = {m.ts for c in state.channels.values() for m in state.in_channel(c.id) if m.bot_id}
    stage.metrics.longest = type(stage.metrics).longest
    wire().seen, wire().on = [], True
    await state.person_types("incidents", question(output), thread_ts=root)
    posted = await _posted(stage, own, count)
    wire().on = False
    turns = server.turns[before:]
    marks = {letters(s)[:40] for s in strings if len(letters(s)) >= 20}
    channel = state.channel("incidents").id
    effects = [*wire().seen, *in_model(turns, marks), *in_slack(posted, channel, root)]
    effects += ["a window beyond the bound read"] if stage.metrics.longest > LONGEST else []
    count.investigations += 1
    count.attempts += len(strings) * len(CARRIERS)
    count.effects.update(effects)
    count.by_output.update({output: len(effects)} if effects else {})
    if planting:
        _reached(turns[-1].json, strings, count)


async def _posted(stage: Stage, own: set[str], count: Count) -> list[Any]:
    """The advisor's new messages, once it has answered (or has given up answering)."""
    state = stage.slack.state

    def new() -> list[Any]:
        return [m for c in state.channels.values() for m in state.in_channel(c.id) if m.bot_id and m.ts not in own]

    def last(message: Any) -> bool:
        key = str(((message.metadata or {}).get("event_payload") or {}).get("key", ""))
        return key.endswith(("/answer", "/refusal"))

    try:
        await stage.slack.wait_until(lambda: any(map(last, new())), PATIENCE_S)
    except TimeoutError:
        count.unanswered += 1
    await stage.service.worker.idle()
    return new()


def _reached(request: dict[str, Any], strings: Sequence[str], count: Count) -> None:
    """Which carriers brought which strings before the model: a run in which none arrive would show nothing."""
    told: dict[str, str] = {}
    for content in results(request):
        for tool in {tool for tools in TOOLS_OF.values() for tool in tools}:
            if f'"tool":"{tool}"' in content:
                told[tool] = told.get(tool, "") + letters(content)
    for carrier in CARRIERS:
        held = "".join(told.get(tool, "") for tool in TOOLS_OF[carrier])
        count.planted[carrier] += len(strings)
        count.reached[carrier] += sum(letters(s)[:40] in held for s in strings)
