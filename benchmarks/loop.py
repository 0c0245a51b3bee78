"""What a three-call investigation sends to the model: bytes, tokens, share read from the cache.

    python benchmarks/loop.py [FOLDER ...] [--most 20]

Asks the bundled incident, and every recorded world found in each FOLDER (a folder of folders with case.json). The
model is scripted and local: it reads two things, then one more, then answers. Tokens are estimated as bytes / 4 of
the prompt, tools, answer schema and messages in JSON (the API was not asked); those of all three calls are added up,
whether the cache held them or not. Calls that think more or read more cost more: this is the size of the frame.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import io
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from sre_advisor.advisors.claude import ClaudeConfig
from sre_advisor.app.assembly import assembled
from sre_advisor.credentials import Credentials
from sre_advisor.demo.incident import WORLD
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.replay.world import load_world
from sre_advisor.settings import Settings
from tests.standins.model_script import Step, answer, tool_calls
from tests.standins.model_server import ModelServer

AIM = 12_000


@dataclass(frozen=True)
class Run:
    """One investigation: what its requests held."""

    name: str
    calls: int
    sent: int
    tokens: int
    cached: int
    longest: int


class _Silent:
    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        """Say nothing."""

    async def chart(self, question: Question, chart: Chart) -> None:
        """Draw nothing."""

    async def answer(self, answer: Answer) -> None:
        """Say nothing."""


def scripted(request: dict[str, Any]) -> Step:
    """Two readings, one more, then an answer."""
    turns = sum(m["role"] == "assistant" for m in request["messages"])
    offered = {t["name"] for t in request["tools"]}
    if turns == 1:
        wanted = [
            ("metrics_search", {"text": "error"}),
            ("changes_list", {"limit": 5}),
            ("docs_search", {"query": "errors"}),
        ]
        return tool_calls(*[c for c in wanted if c[0] in offered][:2], prefix="a")
    if turns == 2:
        name, args = (
            ("logs_search", {"level": "ERROR"}) if "logs_search" in offered else ("metrics_search", {"text": "p99"})
        )
        return tool_calls((name, args), prefix="b")
    return answer({
        "verdict": "not_enough_evidence", "summary": "Scripted.", "hypotheses": [], "ruled_out": [], "not_checked": [],
        "commands": [], "patch": None,
    })  # fmt: skip


async def run(folder: Path) -> Run:
    """Ask one recorded world."""
    world = await asyncio.to_thread(load_world, folder)
    with tempfile.TemporaryDirectory() as scratch:
        async with ModelServer(scripted) as server:
            settings = Settings(
                model=ClaudeConfig(base_url=server.url), database=DatabaseConfig(url=f"sqlite:///{scratch}/journal.db")
            )
            async with assembled(settings, Credentials({"ANTHROPIC_API_KEY": server.api_key}), world) as parts:
                question = Question("bench", "bench", "what is going on?", world.now)
                await parts.investigator.answer(question, _Silent())
            turns = list(server.turns)
    return Run(
        folder.name,
        len(turns),
        sum(t.size for t in turns),
        sum(t.input_tokens for t in turns),
        sum((t.usage or {}).get("cache_read_input_tokens", 0) for t in turns),
        max(t.input_tokens for t in turns),
    )


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--most", type=int, default=20)
    asked = parser.parse_args()
    found = [p.parent for f in asked.folders for p in sorted(f.glob("*/case.json"))]
    step = max(1, len(found) // asked.most)
    runs: list[Run] = []
    for folder in [WORLD, *found[::step][: asked.most]]:
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            done = asyncio.run(run(folder))
        runs.append(done)
        print(
            f"{done.name:16s} {done.calls} calls, {done.sent:6d} bytes, {done.tokens:6d} tokens in all "
            f"({done.longest} the longest), {done.cached / done.tokens:.0%} from the cache, "
            f"{done.tokens - done.cached} new"
        )
    tokens = [r.tokens for r in runs]
    within = sum(t <= AIM for t in tokens)
    share = sum(r.cached for r in runs) / sum(tokens)
    print(
        f"{len(runs)} worlds: median {median(tokens):.0f} tokens, most {max(tokens)}; {within} within {AIM}; "
        f"{share:.0%} of all read from the cache"
    )


if __name__ == "__main__":
    main()
