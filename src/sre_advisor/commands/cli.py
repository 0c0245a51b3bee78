"""Programs made of subcommands, judged from a table of paths."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads, secret, unknown
from sre_advisor.commands.options import Parsed, abbreviates, split
from sre_advisor.commands.words import Word
from sre_advisor.model import CommandLabel

Hook = Callable[[Call, Parsed, Effect], Effect]
PATH_LIMIT = 6
_RUNNERS = {"exec", "run", "create", "debug", "foreach", "ssh", "attach"}
"""Subcommands whose further words may belong to a program they start, --help among them."""


@dataclass(frozen=True, slots=True)
class Cli:
    """A table of subcommands and of what their options mean.

    `rows` maps "config view" to its effect; `takes`/`switches` are the options that may stand before a subcommand or
    carry a value, `before` those that may stand before the subcommand (default: all of them); `raising`
    are options that make any reading subcommand something worse; `hooks` look closer.
    """

    name: str
    rows: Mapping[str, Effect]
    takes: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    raising: Mapping[str, Effect] = field(default_factory=dict[str, Effect])
    hooks: Mapping[str, Hook] = field(default_factory=dict[str, Hook])
    dry_run: frozenset[str] = frozenset()
    before: frozenset[str] | None = None
    go: bool = False
    bare: bool = True
    """Whether the program alone, or asked for --help, only prints how it is used."""


def judge(cli: Cli, call: Call) -> Effect:
    """What a call of this program would do."""
    parsed = split(call.args, cli.takes, cli.switches, go=cli.go)
    if not parsed.operands:
        return _no_subcommand(cli, call, parsed)
    path, effect = _row(cli, parsed.operands)
    if effect is None:
        if _asks_help(cli, call):
            return reads(f"prints how {cli.name} is used")
        shown = " ".join(parsed.operands[:2])[:60]
        return unknown(f"{cli.name} {shown}: not a subcommand known here")
    depth = path.count(" ") + 1
    early = _misplaced(cli, call, parsed, parsed.places[depth - 1])
    if early:
        return unknown(f"{cli.name}: the option {early} before the subcommand may swallow the next word")
    hook = cli.hooks.get(path)
    if path.rpartition(" ")[2] not in _RUNNERS and _asks_help(cli, call):
        return reads(f"prints how {cli.name} {path} is used")
    if hook is not None:
        effect = hook(call, parsed, effect)
    if effect.label is CommandLabel.READ_ONLY:
        return _raised(cli, call, effect)
    if hook is None and path in cli.dry_run and dry(parsed):
        return reads(f"{cli.name} {path} as a dry run: nothing is stored")
    return effect


def _misplaced(cli: Cli, call: Call, parsed: Parsed, place: int) -> str | None:
    """An option before the subcommand not known there: many programs then take the next word for its value."""
    allowed = cli.takes | cli.switches if cli.before is None else cli.before
    for flag in parsed.flags:
        if flag.at < place and flag.name not in allowed and "=" not in call.args[flag.at]:
            return flag.name
    return None


def _row(cli: Cli, operands: list[Word]) -> tuple[str, Effect | None]:
    words: list[str] = []
    for item in operands[:PATH_LIMIT]:
        if not item.static or item.glob:
            break
        words.append(item)
    for length in range(len(words), 0, -1):
        path = " ".join(words[:length])
        if path in cli.rows:
            return path, cli.rows[path]
    return "", None


def _no_subcommand(cli: Cli, call: Call, parsed: Parsed) -> Effect:
    if call.open_args or parsed.tail or not all(a.static for a in call.args):
        return unknown(f"{cli.name}: the subcommand is not visible")
    if cli.bare and all(f.name in {"--help", "--version", "-h", "-v", "-version", "-help"} for f in parsed.flags):
        return reads(f"prints how {cli.name} is used")
    return unknown(f"{cli.name} without a subcommand")


def _asks_help(cli: Cli, call: Call) -> bool:
    """Whether the line ends in --help, and that cannot be the value of the option before it."""
    args = call.args
    if not cli.bare or call.open_args or not args or args[-1] not in {"--help", "help"} or "--" in args:
        return False
    if args[-1] == "help":
        return False
    return all(a.static and not a.startswith("-") for a in args[:-1])


def _raised(cli: Cli, call: Call, effect: Effect) -> Effect:
    if cli.raising:
        for item in call.args:
            name = item.partition("=")[0]
            for flag, worse in cli.raising.items():
                if name == flag or abbreviates(name, flag) or (len(flag) == 2 and _in_cluster(flag, item)):
                    return worse
        if not call.settled:
            return unknown(f"{cli.name}: arguments that are not visible may change what it does")
    return effect


def _in_cluster(flag: str, item: str) -> bool:
    return item.startswith(flag)


def dry(parsed: Parsed) -> bool:
    """Whether every --dry-run on the line surely means that nothing is stored."""
    found = [f for f in parsed.flags if f.name == "--dry-run"]
    return bool(found) and all(f.sure and (f.value is None or (f.value.static and f.value in _DRY)) for f in found)


_DRY = {"client", "server", "true"}


def rows(
    *, reading: str = "", secrets: str = "", opaque: str = "", changing: Mapping[str, Effect] | None = None
) -> dict[str, Effect]:
    """A table from comma-separated paths; `changing` maps comma-separated paths to their effect."""
    table: dict[str, Effect] = {}
    for path in _paths(reading):
        table[path] = reads(f"{path}: only prints")
    for path in _paths(secrets):
        table[path] = secret(f"{path}: prints credentials")
    for path in _paths(opaque):
        table[path] = unknown(f"{path}: what it does depends on more than the command")
    for keys, effect in (changing or {}).items():
        for path in _paths(keys):
            table[path] = replace(effect, why=f"{path}: {effect.why}")
    return table


def _paths(text: str) -> list[str]:
    return [" ".join(p.split()) for p in text.split(",") if p.strip()]
