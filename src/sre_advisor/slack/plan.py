"""The plan of an investigation as task cards, and as one line once it is over. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.investigate.progress import Plan, State, Step, failed
from sre_advisor.investigate.visible import inert, one_line
from sre_advisor.model import Evidence, Outcome
from sre_advisor.slack.blocks import Block, clip, context, escape, paragraph, rich
from sre_advisor.slack.render import Message
from sre_advisor.slack.runs import day_of, runs

GIST, BRIEF = 110, 60
"""Characters of what came of a read, and of each when several are told together."""
SOURCES = 4
"""Sources of one step that are named."""
STATUS = {State.WAITING: "in_progress", State.DONE: "complete", State.FAILED: "error"}
WORDS = {
    Outcome.NO_DATA: "nothing there",
    Outcome.DENIED: "not allowed here",
    Outcome.QUOTA_EXCEEDED: "quota used up",
    Outcome.BAD_REQUEST: "refused",
    Outcome.UNAVAILABLE: "not reached",
}
_CODE = re.compile(r"^[a-z_]+: ")
"""The kind of failure, for programs, before its words."""
NOT_NEEDED = "nothing to look up"


def plan_message(plan: Plan) -> Message:
    """The plan as it stands."""
    tasks = [_task(number, step, plan) for number, step in enumerate(plan.steps)]
    tasks.append(_weighing(plan))
    title = "Weighing the evidence" if plan.looked else "Looking into it"
    block: Block = {"type": "plan", "title": title, "tasks": tasks}
    done = f": {plan.done} of {len(plan.steps)} read" if plan.steps else ""
    return Message((block,), f"{title}{done}", shortened="")


def settled_message(plan: Plan, seconds: float, *, answered: bool) -> Message:
    """One line: what was read, in which time, and what could not be."""
    lost = [_lost(e) for e in _latest(plan.reads) if failed(e)]
    read = sum(not failed(e) for e in plan.reads)
    words = [f"{'✓ Done' if answered else '■ Stopped'} after {_time(seconds)}"]
    words += [f"{read} {'read' if read == 1 else 'reads'}" + _of(plan.steps)] if plan.reads else []
    words += [f"not read: {', '.join(lost[:SOURCES])}"] if lost else []
    line = clip(inert(one_line(" · ".join(words))), 600)
    return Message((context(line),), escape(line), shortened="")


def _task(number: int, step: Step, plan: Plan) -> Block:
    told = _told(step)
    status = STATUS[step.state]
    if step.perhaps and not step.reads:
        told, status = (NOT_NEEDED, "complete") if plan.looked else ("", "pending")
    return _card(f"step{number}", step.title, status, told, step.reads)


def _weighing(plan: Plan) -> Block:
    more = len(plan.more)
    told = f"{more} more {'read' if more == 1 else 'reads'}" if more else ""
    return _card("weigh", "Weigh the evidence, check every claim", "in_progress" if plan.looked else "pending", told)


def _card(task: str, title: str, status: str, told: str, reads: Sequence[Evidence] = ()) -> Block:
    card: Block = {"type": "task_card", "task_id": task, "title": title, "status": status}
    return card | {"output": rich(paragraph(*runs(told, day_of(reads))))} if told else card


def _told(step: Step) -> str:
    """What came of the step, source by source when they say different things."""
    latest = _latest(step.reads)
    if len({_gist(e) for e in latest}) < 2:
        return "; ".join(_gist(e) for e in latest[:1])
    return "; ".join(f"{clip(one_line(e.source), 40)}: {_gist(e, BRIEF)}" for e in latest[:SOURCES])


def _latest(reads: Sequence[Evidence]) -> list[Evidence]:
    """Of each source the read that says most: its first that failed, else its first."""
    first: dict[str, Evidence] = {}
    for read in reads:
        if read.source not in first or (failed(read) and not failed(first[read.source])):
            first[read.source] = read
    return list(first.values())


def _gist(read: Evidence, limit: int = GIST) -> str:
    """The first clause of what was read, or why it was not."""
    if read.outcome is Outcome.NO_DATA:
        return WORDS[read.outcome]
    said = one_line(re.split(r"; |\n", read.summary, maxsplit=1)[0])
    if read.outcome is Outcome.OK:
        return clip(said, limit)
    return f"{WORDS[read.outcome]}: {clip(_CODE.sub('', said), limit)}"


def _lost(read: Evidence) -> str:
    return f"{clip(one_line(read.source), 40)} ({_gist(read, BRIEF)})"


def _of(steps: Sequence[Step]) -> str:
    """The kinds of things that were read."""
    titles = [s.title.casefold() for s in steps if any(not failed(e) for e in s.reads)]
    return f" of {', '.join(titles[:-1])} and {titles[-1]}" if len(titles) > 1 else f" of {titles[0]}" if titles else ""


def _time(seconds: float) -> str:
    whole = round(seconds)
    return f"{seconds:.1f} s" if seconds < 10 else f"{whole} s" if whole < 120 else f"{whole // 60} min {whole % 60} s"
