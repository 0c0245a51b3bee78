"""What a suggested command would do, found by parsing it; nothing is ever run."""

from __future__ import annotations

import logging
import re
from functools import lru_cache

from sre_advisor.commands import environment, programs
from sre_advisor.commands.call import Call, Scene
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.hygiene import deceiving, protect
from sre_advisor.commands.parse import parse
from sre_advisor.commands.secrets import secret_file
from sre_advisor.commands.words import Invocation, Script, Word

_log = logging.getLogger(__name__)
DEPTH_LIMIT = 6
"""Shells within shells; more is no suggestion for a person."""
_CALLS_ITSELF = re.compile(
    r"([^\s(){};|&]+)\s*\(\s*\)\s*[{(][^}]*?(?<![\w-])\1(?![\w-])|function\s+(\S+)[^}]*?[;{]\s*\2\b"
)
_NOWHERE = {"/dev/null", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/fd/1", "/dev/fd/2", "-"}
_STANDARD_PATH = re.compile(r"(?:/usr(?:/local)?/s?bin|/s?bin|/snap/bin|/opt/homebrew/bin)/([\w.+\[-]+)$")


def warm() -> None:
    """Load what the judges need, which takes a moment, before many commands are to be judged."""
    programs.load()
    explain("psql -c 'select 1'")


@lru_cache(maxsize=512)
def explain(command: str) -> Effect:
    """What this command would do if a person ran it in a shell; pure, and answers every string."""
    try:
        return _text(command, 0)
    except Exception:  # noqa: BLE001  # a fault in one judge must not take an answer down; the command counts as changing
        _log.exception("a command could not be judged")
        return unknown("the command could not be judged")


def _text(source: str, depth: int) -> Effect:
    if depth > DEPTH_LIMIT:
        return unknown("shells within shells, too deep to follow")
    problem = deceiving(source)
    if problem:
        return unknown(problem)
    if not source.strip():
        return unknown("there is no command")
    try:
        return _script(parse(protect(source.strip())), source, depth)
    except RecursionError:
        return unknown("nested too deeply to follow")


def _script(script: Script, source: str, depth: int) -> Effect:
    scene = Scene(source, depth, _judge, _text, script.assigned, frozenset(script.functions))
    found = [unknown(doubt) for doubt in script.doubts]
    if script.functions and _CALLS_ITSELF.search(source):
        found.append(unknown("a function that calls itself may never end"))
    for invocation in script.invocations:
        found += _invocation(invocation, scene)
    found += [_write(target) for target in script.writes]
    found += [_input(item, scene) for item in script.inputs]
    for name, values in script.assigned.items():
        found += [environment.assigned(name, v) for v in values]
    return combine(found)


def _write(target: Word) -> Effect:
    if target in _NOWHERE and target.static:
        return reads("output is not kept")
    if target.subs is not None and target.whole and target.startswith(">("):
        return reads("output goes to another command")
    if target.startswith("/dev/"):
        return changes(f"writes to {target}", "one host: a device or a network connection", False)
    return changes(f"the output is written to the file {target}", "one file", None)


def _input(item: Word, scene: Scene) -> Effect:
    if item.startswith("/dev/") and item not in {"/dev/null", "/dev/stdin", "/dev/tty"}:
        return unknown(f"reads from {item}")
    if secret_file(item):
        return secret(f"reads {item}, which usually holds credentials")
    return reads("reads a file") if scene.settled(item) or item.startswith("<(") else unknown("reads an unknown file")


def _invocation(made: Invocation, scene: Scene) -> list[Effect]:
    found = [environment.passed(name, value) for name, value in made.env]
    if not made.words:
        return found
    call = Call(made.words[0], made.words[1:], scene, made.stdin, made.fed, made.piped, made.open_args)
    if scene.functions:
        call.stdin = None
    if made.env and made.words[0] in {"export", "declare", "typeset", "local", "readonly"}:
        return [*found, reads("sets a variable of this shell")] if len(made.words) == 1 else [*found, _judge(call)]
    return [*found, _judge(call)]


def _judge(call: Call) -> Effect:
    """The effect of one program call, by its family's judge."""
    name = call.name
    if not name:
        return reads("runs nothing") if not call.open_args else unknown("what is run is not visible")
    if isinstance(name, Word) and (not name.static or name.glob):
        return unknown(f"which program {name} stands for is not visible")
    if name in call.scene.functions:
        return reads("a function defined in the command itself")
    found = _STANDARD_PATH.match(name)
    plain = found[1] if found else str(name)
    judge = programs.judge_of(plain)
    if judge is None:
        return unknown(f"{plain[:60]!r} is not a program known here")
    call.name = plain
    return judge(call)
