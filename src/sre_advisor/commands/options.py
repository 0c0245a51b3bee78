"""Options and operands told apart, the way each style of program does it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from sre_advisor.commands.words import Word, word


@dataclass(slots=True)
class Flag:
    """One option as written; `sure` is False when it might be the value of the unknown option before it."""

    name: str
    value: Word | None
    sure: bool
    at: int


@dataclass(slots=True)
class Parsed:
    """A command line split up; `tail` is what follows `--`; `strange` are options of unknown arity."""

    flags: list[Flag] = field(default_factory=list[Flag])
    operands: list[Word] = field(default_factory=list[Word])
    places: list[int] = field(default_factory=list[int])
    tail: list[Word] = field(default_factory=list[Word])
    strange: list[tuple[str, int]] = field(default_factory=list[tuple[str, int]])

    def has(self, *names: str) -> bool:
        """Whether any of these options is present, abbreviated long ones included."""
        return any(f.name in names or any(abbreviates(f.name, n) for n in names) for f in self.flags)

    def values(self, *names: str) -> Iterator[Word]:
        """What these options were given; an empty word where they were given nothing."""
        for flag in self.flags:
            if flag.name in names:
                yield flag.value if flag.value is not None else word("")


def abbreviates(given: str, full: str) -> bool:
    """Whether a long option could be short for another, as GNU getopt allows."""
    return len(given) > 2 and given.startswith("--") and full.startswith(given)


def split(
    args: Sequence[Word],
    takes: Collection[str] = (),
    switches: Collection[str] = (),
    *,
    go: bool = False,
    stop: bool = False,
) -> Parsed:
    """Split arguments; `takes` are options with a value, `switches` without, `go`: -long, `stop`: at an operand."""
    parsed = Parsed()
    index, unsure = 0, False
    while index < len(args):
        item = args[index]
        if item == "--":
            parsed.tail = list(args[index + 1 :])
            break
        if not item.startswith("-") or item == "-" or _placeholder(item):
            parsed.operands.append(item)
            parsed.places.append(index)
            if stop:
                parsed.tail = list(args[index + 1 :])
                break
            unsure = False
            index += 1
            continue
        index, unsure = _option(args, index, takes, switches, parsed, go=go, unsure=unsure)
    return parsed


def _placeholder(item: Word) -> bool:
    return item[:2] in {"-<", "-{"}


def _option(
    args: Sequence[Word],
    index: int,
    takes: Collection[str],
    switches: Collection[str],
    parsed: Parsed,
    *,
    go: bool,
    unsure: bool,
) -> tuple[int, bool]:
    item = args[index]
    if item.startswith("--") or go:
        name, equals, value = item.partition("=")
        if equals:
            parsed.flags.append(Flag(name, _like(value, item), not unsure, index))
            return index + 1, False
        return _named(name, args, index, takes, switches, parsed, unsure=unsure)
    for place in range(1, len(item)):
        name = "-" + item[place]
        if name in takes:
            rest = item[place + 1 :].removeprefix("=")
            if rest:
                parsed.flags.append(Flag(name, _like(rest, item), not unsure, index))
                return index + 1, False
            return _named(name, args, index, takes, switches, parsed, unsure=unsure)
        parsed.flags.append(Flag(name, None, not unsure, index))
        if item[place + 1 : place + 2] == "=":
            return index + 1, False
        if name not in switches:
            parsed.strange.append((name, index))
    return index + 1, f"-{item[-1]}" not in switches


def _named(  # the scanner's state, handed on once
    name: str,
    args: Sequence[Word],
    index: int,
    takes: Collection[str],
    switches: Collection[str],
    parsed: Parsed,
    *,
    unsure: bool,
) -> tuple[int, bool]:
    if name in takes:
        value = args[index + 1] if index + 1 < len(args) else None
        parsed.flags.append(Flag(name, value, not unsure, index))
        return index + 2, False
    parsed.flags.append(Flag(name, None, not unsure, index))
    if name not in switches:
        parsed.strange.append((name, index))
        return index + 1, True
    return index + 1, False


def _like(text: str, source: Word) -> Word:
    return word(text, names=source.vars, subs=source.subs, glob=source.glob, opaque=source.complex)
