"""One question, asked by a fresh process on the command line."""

from __future__ import annotations

import json
from dataclasses import dataclass

from benchmarks.measuring import process
from benchmarks.measuring.model import BYTES_PER_TOKEN, CALLS, SECONDS_A_CALL, Arrivals
from benchmarks.measuring.stage import Stage
from tests.standins.model_server import ModelServer

QUESTION = "why does web answer with errors?"


@dataclass(frozen=True)
class One:
    """What one question took."""

    first_call_s: float
    overhead_s: float
    peak_mb: float
    cpu_s: float
    request_bytes: tuple[int, ...]

    @property
    def input_tokens(self) -> float:
        """Over all calls, at so many bytes a token."""
        return sum(self.request_bytes) / BYTES_PER_TOKEN


async def ask(stage: Stage, arrivals: Arrivals, server: ModelServer, number: int) -> One:
    """Ask once with an empty journal; raises RuntimeError when it did not go as the measurement means it."""
    config = stage.configure(f"ask-{number}", model={"base_url": server.url})
    output = config.with_name("answer.json")
    arrivals.at.clear()
    server.requests.clear()
    command = process.advisor(["ask", QUESTION, "--json", "--config", str(config)])
    taken = await process.run_to_end(command, {"ANTHROPIC_API_KEY": server.api_key}, config.parent, output)
    _check(json.loads(output.read_text()))
    return One(
        first_call_s=arrivals.at[0] - taken.started,
        overhead_s=taken.wall_s - CALLS * SECONDS_A_CALL,
        peak_mb=taken.peak_mb,
        cpu_s=taken.cpu_s,
        request_bytes=tuple(turn.size for turn in server.turns),
    )


def _check(answer: dict[str, object]) -> None:
    """An answer that skipped its work would be fast: every read must have brought something."""
    evidence = answer["evidence"]
    assert isinstance(evidence, list)
    empty = [f"{e['tool']}: {e['outcome']} ({e['summary']})" for e in evidence if e["outcome"] != "ok"]
    if answer["model_calls"] != CALLS or empty or answer["trouble"]:
        went = f"{answer['model_calls']} model calls, {empty}, {answer['trouble']}"
        raise RuntimeError(f"not the question that was meant: {went}")
