"""Programs that run a command for each word they read."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, combine, reads, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.programs.find import READERS
from sre_advisor.commands.programs.shell_text import text
from sre_advisor.commands.secrets import mentions_secret
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word, word


def xargs(call: Call) -> Effect:
    """Xargs appends what it reads to its command."""
    takes = names(
        """-I -i -n --max-args -P --max-procs -L --max-lines -s --max-chars -d --delimiter -E -a --arg-file
    --replace"""
    ) - {"-i"}
    parsed = split(
        call.args, takes, names("-0 --null -r --no-run-if-empty -t --verbose -p --interactive -x --exit"), stop=True
    )
    if parsed.strange:
        return unknown(f"xargs: the option {parsed.strange[0][0]} is not known here")
    inner: list[Word] = [*parsed.operands, *parsed.tail]
    if not inner:
        return reads("echoes its input")
    marks = [str(v) for v in parsed.values("-I", "--replace") if v]
    listed = bool(call.piped) and not any(f.name in {"-a", "--arg-file"} for f in parsed.flags)
    if not listed:
        call.piped = ()
    if marks:
        if any(m in inner[0] for m in marks):
            return unknown("xargs runs what it reads")
        inner = [_filled(w, marks, call) for w in inner]
    effect = call.inner(inner, open_args=True)
    if effect.label == "read_only" and inner[0] in READERS and mentions_secret(call.scene.source):
        return unknown("may print files that hold credentials")
    return effect


def _filled(item: Word, marks: list[str], call: Call) -> Word:
    if not any(m in item for m in marks):
        return item
    listing = call.piped and all(
        p in {"ls", "find", "kubectl", "grep", "head", "tail", "sort", "uniq", "docker"} for p in call.piped
    )
    return (
        word(item, names=("item",), whole=True)
        if listing and re.fullmatch(r"[\w./{}:=@%-]+", item) and " " not in item
        else word(item, opaque=True)
    )


def parallel(call: Call) -> Effect:
    """Parallel runs its words, filled in, in a shell."""
    parsed = split(
        call.args,
        {"-j", "--jobs", "-n", "-N", "-a", "--arg-file", "-I"},
        {"-k", "--keep-order", "--bar", "--progress", "-0", "--will-cite", "--no-notice", "--tag"},
        stop=True,
    )
    if parsed.strange or not parsed.operands:
        return unknown("what parallel runs is not visible")
    words: list[Word] = [*parsed.operands, *parsed.tail]
    cut = next((i for i, w in enumerate(words) if w.startswith(":::")), len(words))
    if (cut < len(words) and any(w.startswith(("::::",)) for w in words)) or not words[:cut] or "{" in words[0]:
        return unknown("what parallel runs is not visible")
    return combine(
        [
            call.inner(words[:cut], open_args=True),
            text(call, words[:cut]),
            unknown("parallel hands its words to a shell"),
        ]
    )


PROGRAMS = {"xargs": xargs, "gxargs": xargs, "parallel": parallel}
