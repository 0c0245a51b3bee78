"""The commands that runbooks name, the reading ones first. Pure; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pydantic import JsonValue

from sre_advisor.commands import explain
from sre_advisor.model import CommandLabel, DraftCommand, Evidence, FirstLook, Outcome

READING = 3
_BACK = re.compile(r"\b(undo|roll-?back|revert|downgrade)\b", re.IGNORECASE)


def suggested(look: FirstLook, evidence: Iterable[Evidence], suspect: str | None) -> tuple[DraftCommand, ...]:
    """What to read next, from the runbooks of the origin's and its victims' alerts, and how to take a change back.

    The first look lists the runbooks in the order of relevance and leaves out those of unrelated alerts.
    """
    found = tuple(runbook_commands(look, evidence))
    reading = [c for c in found if explain(c.command).label is CommandLabel.READ_ONLY]
    return (*reading[:READING], *(rollbacks(found, suspect)[:1] if suspect and look.change != "none" else ()))


def rollbacks(commands: Iterable[DraftCommand], service: str) -> tuple[DraftCommand, ...]:
    """Those of the commands that take a release of this service back."""
    return tuple(c for c in commands if _BACK.search(c.command) and _names(c.command, service))


def runbook_commands(look: FirstLook, evidence: Iterable[Evidence]) -> Iterator[DraftCommand]:
    """Every command of the runbooks that the first look lists, each once, in that order."""
    by_id = {e.id: e for e in evidence if e.outcome is Outcome.OK}
    seen: set[str] = set()
    for piece in (by_id[i] for line in look.runbook for i in line.cites if i in by_id):
        for command in commands_in(piece):
            if command.command not in seen:
                seen.add(command.command)
                yield command


def commands_in(piece: Evidence) -> Iterator[DraftCommand]:
    """The commands of one document."""
    path = piece.body.get("path") if isinstance(piece.body, dict) else None
    source = path if isinstance(path, str) else piece.summary[:120]
    for command in _strings(piece.body):
        yield DraftCommand(command=command, why=f"from {source} ({piece.id})")


def _strings(body: JsonValue) -> Iterator[str]:
    """Every string under a key `commands`, wherever the docs tool put it."""
    if isinstance(body, list):
        for part in body:
            yield from _strings(part)
    elif isinstance(body, dict):
        for key, value in body.items():
            if key == "commands" and isinstance(value, list):
                yield from (v for v in value if isinstance(v, str))
            else:
                yield from _strings(value)


def _names(command: str, service: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(service)}(?![\w-])", command, re.IGNORECASE) is not None
