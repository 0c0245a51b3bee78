"""Commands that answer line by line: what came before a broken line is answered, then one clear error."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import BinaryIO

from pydantic import JsonValue

from sre_advisor.commands import Effect, explain
from sre_advisor.investigate.checking.lines import BrokenLine, verdicts


def check_claims(stdin: BinaryIO) -> int:
    """A verdict a line for the claims on standard input; 2 when a line is broken."""
    return _printed(dict[str, JsonValue](v) for v in verdicts(_decoded(stdin)))


def explain_lines(stdin: BinaryIO) -> int:
    """An object a line for the commands on standard input, each a JSON string; 2 when a line is broken."""
    return _printed(explained(command) for command in _json_strings(_decoded(stdin)))


def explain_words(commands: Sequence[str], *, as_json: bool) -> int:
    """Explain these commands to a person, or as objects."""
    if as_json:
        return _printed(explained(command) for command in commands)
    from rich.console import Console

    from sre_advisor.terminal.effects import show_effect

    console = Console(highlight=False)
    for number, command in enumerate(commands):
        if number:
            console.print()
        show_effect(console, command, explain(command))
    return 0


def commands_of(arguments: Sequence[str], stdin: BinaryIO) -> list[str]:
    """The commands meant: words of one, or a command each when the first holds a space; else the lines of stdin."""
    if not arguments:
        return [line for line in _decoded(stdin) if line.strip()]
    return list(arguments) if any(c.isspace() for c in arguments[0]) else [shlex.join(arguments)]


def explained(command: str) -> dict[str, JsonValue]:
    """What a command would do, as an object."""
    effect: Effect = explain(command)
    return {"command": command, **asdict(effect)}


def _json_strings(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            value: JsonValue = json.loads(line)
        except ValueError as error:
            raise BrokenLine(f"line {number}: no JSON ({error})") from None
        if not isinstance(value, str):
            raise BrokenLine(f'line {number}: a JSON string was expected, like "kubectl get pods"')
        yield value


def _decoded(stdin: BinaryIO) -> Iterator[str]:
    for number, raw in enumerate(stdin, 1):
        try:
            yield raw.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise BrokenLine(f"line {number}: no UTF-8 text") from None


def _printed(objects: Iterable[dict[str, JsonValue]]) -> int:
    try:
        for value in objects:
            # Escapes instead of letters: a line may hold halves of characters that no terminal can be sent.
            sys.stdout.write(json.dumps(value) + "\n")
    except BrokenLine as broken:
        sys.stdout.flush()
        sys.stderr.write(f"sre-advisor: {broken}\n")
        return 2
    return 0
