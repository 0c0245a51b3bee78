"""`evals grade`: a person grades blind, or a model judges; then how far people, model and code agree."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from sre_advisor.advisors.claude import load_models
from sre_advisor.advisors.claude.client import build_client
from sre_advisor.advisors.claude.config import checked_facts
from sre_advisor.advisors.claude.stream import Broken, stream_once
from sre_advisor.app.audit import me
from sre_advisor.app.evals.opening import the_suite
from sre_advisor.credentials import Credentials
from sre_advisor.evals.grading.judge import Ask, judge, rubric
from sre_advisor.evals.grading.labels import (
    Agreement,
    Label,
    Said,
    agreement,
    append_label,
    digest,
    read_labels,
    words_of,
    words_of_code,
)
from sre_advisor.evals.report.transcript import transcript
from sre_advisor.evals.suites.suite import Case, Suite
from sre_advisor.evals.trials.stage import ASKED_WITHOUT
from sre_advisor.evals.trials.store import read_run
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.opening import question_of
from sre_advisor.settings import Settings, load_settings

KEYS: dict[str, Said] = {"r": "right", "w": "wrong", "u": "unsure"}
REPLY_TOKENS = 4_000


@dataclass(frozen=True, slots=True)
class Grading:
    """The options of `evals grade`."""

    run: Path
    suite: str
    labels: Path | None
    judge: str | None
    max_usd: float | None
    as_json: bool


async def grade_run(config: Path | None, wanted: Grading) -> int:
    """Grade what is not graded yet and print the agreements."""
    folder = await asyncio.to_thread(read_run, wanted.run)
    suite = await asyncio.to_thread(the_suite, wanted.suite)
    if suite.hash != folder.run.suite_hash:
        raise EvalTrouble(
            f"{wanted.run}: is a run of {folder.run.suite}, not of {suite.name} as it is now; name its --suite"
        )
    file = wanted.labels or suite.labels or wanted.run / "labels.jsonl"
    labels = await asyncio.to_thread(read_labels, file)
    if wanted.judge:
        await _by_model(wanted.judge, load_settings(config), suite, folder.trials, labels, file, wanted.max_usd)
    elif sys.stdin.isatty():
        _by_hand(suite, folder.trials, labels, file)
    else:
        sys.stderr.write("nobody can be asked: standard input is no terminal. What was judged so far:\n")
    found = _agreements(await asyncio.to_thread(read_labels, file), folder.trials)
    if wanted.as_json:
        sys.stdout.write(json.dumps({name: a.model_dump() for name, a in found.items()}, indent=2) + "\n")
    else:
        for name, one in found.items():
            sys.stdout.write(one.words(*name.split(" and ")) + "\n")
    return 0


def _agreements(labels: list[Label], trials: tuple[Trial, ...]) -> dict[str, Agreement]:
    people, model, code = words_of(labels, "human"), words_of(labels, "model"), words_of_code(trials)
    return {
        "people and code": agreement(people, code),
        "people and judge": agreement(people, model),
        "judge and code": agreement(model, code),
    }


def _open_answers(
    suite: Suite, trials: tuple[Trial, ...], labels: list[Label], by: str, who: str
) -> list[tuple[Case, Trial]]:
    """Each different answer once, in an order that gives nothing away, without those this judge has graded."""
    cases = {c.id: c for c in suite.cases}
    done = {(label.case, label.answer) for label in labels if label.by == by and label.who == who}
    different = {(t.case, digest(t.diagnosis)): t for t in trials if t.diagnosis and t.case in cases}
    left = [
        (cases[case], t)
        for (case, answer), t in sorted(different.items(), key=lambda i: i[0])
        if (case, answer) not in done
    ]
    Random(suite.hash).shuffle(left)  # noqa: S311 - an order, no secret
    return left


def _by_hand(suite: Suite, trials: tuple[Trial, ...], labels: list[Label], file: Path) -> None:
    console, left = Console(highlight=False), _open_answers(suite, trials, labels, "human", me())
    for number, (case, trial) in enumerate(left, 1):
        console.rule(f"{number} of {len(left)}")
        console.print(Text(_question(case), style="bold"))
        console.print(Panel(Text("\n".join(rubric(case.expected))), title="what a good answer says"))
        console.print(Panel(Text("\n".join(_blind(trial))), title="the answer"))
        said = console.input("\\[r]ight, \\[w]rong, \\[u]nsure, \\[q]uit: ").strip().casefold()[:1]
        while said not in (*KEYS, "q"):
            said = console.input("r, w, u or q: ").strip().casefold()[:1]
        if said == "q":
            return
        append_label(file, _label(case, trial, KEYS[said], "human", me()))


def _blind(trial: Trial) -> list[str]:
    """The transcript without the code's grade, which would lead."""
    return [line for line in transcript(trial.model_copy(update={"grade": None})) if not line.startswith("graded:")]


def _label(case: Case, trial: Trial, said: Said, by: str, who: str, why: str = "") -> Label:
    assert trial.diagnosis is not None
    return Label.model_validate(
        {"case": case.id, "answer": digest(trial.diagnosis), "said": said, "by": by, "who": who, "why": why,
         "at": datetime.now(UTC)}
    )  # fmt: skip


@cache
def _question(case: Case) -> str:
    try:
        return case.expected.question or question_of(case.recording()) or ASKED_WITHOUT
    except BrokenRecording as broken:
        raise EvalTrouble(f"case {case.id}: {broken}") from None


async def _by_model(
    name: str, settings: Settings, suite: Suite, trials: tuple[Trial, ...], labels: list[Label], file: Path,
    max_usd: float | None,
) -> None:  # fmt: skip
    left = _open_answers(suite, trials, labels, "model", name)
    async with _judge_model(name, settings, max_usd) as ask:
        for case, trial in left:
            assert trial.diagnosis is not None
            question = await asyncio.to_thread(_question, case)
            found = await judge(ask, question, case.expected, trial.diagnosis)
            await asyncio.to_thread(append_label, file, _label(case, trial, found.said, "model", name, found.why[:500]))


@asynccontextmanager
async def _judge_model(name: str, settings: Settings, max_usd: float | None) -> AsyncGenerator[Ask]:
    """A way to ask the judge, which refuses before a call could pass the cap."""
    config = settings.model.model_copy(update={"model": name, "priced_as": None, "fallback": None, "thinking": None})
    facts = checked_facts(config, load_models())
    client = await asyncio.to_thread(build_client, config, Credentials().model_key)
    spent = 0.0

    async def ask(system: str, message: str) -> str:
        nonlocal spent
        worst = REPLY_TOKENS * facts.tier(0).output / 1e6 + (len(system) + len(message)) / 3 * facts.tier(0).input / 1e6
        if max_usd is not None and spent + worst > max_usd:
            raise EvalTrouble(
                f"the judge's cap of {max_usd:g} USD is used up; what it said is kept, go on with a higher one"
            )
        request = {
            "model": name, "max_tokens": REPLY_TOKENS, "system": system, "thinking": {"type": facts.thinking[0]},
            "messages": [{"role": "user", "content": message}],
        }  # fmt: skip
        try:
            received = await stream_once(client, request, config.timeout_s)
        except Broken as broken:
            raise EvalTrouble(f"the judge {name} could not be asked: {broken}; what it said before is kept") from None
        spent += facts.cost_usd(received.usage)
        return "".join(str(block.get("text", "")) for block in received.content if block.get("type") == "text")

    try:
        yield ask
    finally:
        await client.close()
