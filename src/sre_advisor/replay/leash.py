"""A program that ends when this one does, however this one ends."""

from __future__ import annotations

from collections.abc import Sequence

# A shell waits for the program, and beside it another for the end of its input, which comes when whoever holds the
# other end of the pipe closes it or dies. What is left of the two goes when the program is gone.
_SHELL = """
trap 'told=1; kill "$child" 2>/dev/null' TERM
exec 3<&0
"$@" 3<&- & child=$!
[ -z "$told" ] || kill "$child"
{ read _ <&3; kill "$child" 2>/dev/null; } & watch=$!
exec 3<&-
while kill -0 "$child" 2>/dev/null; do wait "$child"; status=$?; done
kill -KILL "$watch" 2>/dev/null
exit "${status:-0}"
"""


def leashed(command: Sequence[str]) -> list[str]:
    """The command so that it ends when its standard input does, or at SIGTERM; give it a pipe, and keep its end."""
    return ["/bin/sh", "-c", _SHELL, "sh", *command]
