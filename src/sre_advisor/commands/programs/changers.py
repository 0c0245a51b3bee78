"""Tools that exist to change things, judged from the table."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads
from sre_advisor.commands.options import split
from sre_advisor.commands.tables.changers import CHANGERS, READING_OPTIONS, READING_WORDS, VALUED


def changer(call: Call) -> Effect:
    """Tools that exist to change things."""
    if len(call.args) == 1 and call.args[0] in {"--help", "--version"} and not call.open_args:
        return reads(f"prints how {call.name} is used")
    if call.settled and not call.open_args and _only_prints(call):
        return reads(f"{call.name}: with these words it only prints")
    return CHANGERS[call.name]


def _only_prints(call: Call) -> bool:
    parsed = split(call.args, VALUED.get(call.name, ()))
    given = {f.name for f in parsed.flags}
    if call.name in READING_OPTIONS:
        return bool(given) and given <= READING_OPTIONS[call.name] and not parsed.tail
    words, valued = READING_WORDS.get(call.name, frozenset[str]()), VALUED.get(call.name, frozenset[str]())
    return bool(parsed.operands) and words.issuperset(parsed.operands) and given <= valued and not parsed.tail


PROGRAMS = dict.fromkeys(CHANGERS, changer)
