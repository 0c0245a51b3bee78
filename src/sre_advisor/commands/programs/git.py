"""git."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed, split
from sre_advisor.commands.secrets import secret_path, secret_word
from sre_advisor.commands.tables import git as table
from sre_advisor.commands.words import Word
from sre_advisor.model import CommandLabel

_LOCAL_CHANGE = changes("changes the local repository", "the local repository")
_CONFIG_READ = {
    "--get",
    "--get-all",
    "--get-regexp",
    "--get-urlmatch",
    "--list",
    "-l",
    "--get-color",
    "--get-colorbool",
    "get",
    "list",
}
_CONFIG_MAY = _CONFIG_READ | {
    "--global",
    "--system",
    "--local",
    "--worktree",
    "--show-origin",
    "--show-scope",
    "--name-only",
    "--null",
    "-z",
    "--type",
    "--bool",
    "--int",
    "--includes",
    "--no-includes",
    "--default",
    "--path",
    "--all",
    "--regexp",
    "--fixed-value",
}


def _listing(call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    """branch, tag, remote: list without operands, or with options that only list."""
    path = parsed.operands[0]
    allowed = table.LISTING[str(path)]
    flags = [f.name for f in parsed.flags if f.at > parsed.places[0]]
    if any(name not in allowed and not re.fullmatch(r"-n\d*|-\d", name) for name in flags) or not call.settled:
        return changes(f"git {path}: may make, move or remove one", "the local repository")
    lists = {"--list", "-l", "--contains", "--no-contains", "--merged", "--no-merged", "--points-at"}
    if len(parsed.operands) == 1 and not parsed.tail:
        return reads(f"git {path}: lists")
    return reads(f"git {path}: lists") if lists & set(flags) else _LOCAL_CHANGE


def _stash(_call: Call, _parsed: Parsed, _effect: Effect) -> Effect:
    return changes("puts uncommitted work away", table.TREE, True)


def _config(call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    flags = {f.name for f in parsed.flags if f.at > parsed.places[0]}
    words = parsed.operands[1:]
    if not call.settled:
        return unknown("arguments are not visible")
    if flags - _CONFIG_MAY:
        return changes("writes the configuration", table.LOCAL, True)
    if not flags & _CONFIG_READ and words[:1] not in (["get"], ["list"]):
        if len(words) == 1 and not parsed.tail and "." in words[0]:
            return _config_key(words[0])
        return changes("writes the configuration", table.LOCAL, True)
    for item in words:
        if _config_key(item).label is CommandLabel.READS_SECRET:
            return _config_key(item)
    return reads("prints configuration")


def _config_key(key: str) -> Effect:
    return (
        secret("prints a stored credential")
        if secret_word(key) or "extraheader" in key.lower()
        else reads("prints a setting")
    )


def _writes(_call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    flags = {f.name for f in parsed.flags}
    if parsed.operands[0] == "format-patch":
        return (
            reads("prints patches") if "--stdout" in flags else changes("writes patch files", "files on one host", True)
        )
    if flags & {"-o", "--output", "--remote", "--exec"} or any(f.startswith("--o") for f in flags):
        return changes("writes an archive", "one file")
    return reads("prints an archive")


def _symbolic(call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    flags = {f.name for f in parsed.flags}
    plain = len(parsed.operands) == 2 and not parsed.tail and not flags - {"--short", "-q", "--quiet"} and call.settled
    return reads("prints a reference") if plain else _LOCAL_CHANGE


def _show(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    for item in [*parsed.operands[1:], *parsed.tail]:
        path = item.partition(":")[2]
        if path and secret_path(path):
            return secret("prints a file that usually holds credentials")
    return effect


def _contents(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    """diff, blame and log -p print the files they are given."""
    patch = parsed.operands[0] != "log" or any(
        f.name in {"-p", "--patch", "-u", "-L", "-G", "-S"} or f.name.startswith("-L") for f in parsed.flags
    )
    if patch and any(secret_path(o) for o in [*parsed.operands[1:], *parsed.tail]):
        return secret("prints a file that usually holds credentials")
    return effect


def _grep(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if any(item.startswith("-") and not item.startswith("--") and "O" in item for item in call.args):
        return changes("starts a program", "whatever that program does")
    return secret("looks for credentials") if any(secret_word(o) for o in parsed.operands[1:2]) else effect


def _ls_remote(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return unknown("the address may run a program") if any("::" in o for o in parsed.operands) else effect


def _fsck(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return _LOCAL_CHANGE if parsed.has("--lost-found") else effect


def _push(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    forced = parsed.has("-f", "--force", "--force-with-lease", "--mirror", "--delete", "-d", "--prune")
    if forced or any(o.startswith(("+", ":")) for o in [*parsed.operands[1:], *parsed.tail]):
        return changes("overwrites or removes what a shared repository holds", table.REMOTE, False)
    return effect


def _discarding(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    """checkout, restore, switch and reset, where they surely throw away what was not committed."""
    name, paths = parsed.operands[0], "--" in call.args or "." in parsed.operands
    staged = parsed.has("--staged", "-S") and not parsed.has("--worktree", "-W")
    lost = {
        "checkout": paths or parsed.has("-f", "--force"),
        "restore": not staged,
        "switch": parsed.has("-f", "--force", "--discard-changes"),
        "reset": parsed.has("--hard", "--merge"),
    }
    return changes(f"{name}: discards what was not committed", table.TREE, False) if lost[name] else effect


def _bisect(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return _LOCAL_CHANGE if parsed.operands[1:2] != ["log"] else effect


_HOOKS = {
    "branch": _listing,
    "tag": _listing,
    "remote": _listing,
    "notes": _listing,
    "submodule": _listing,
    "stash": _stash,
    "config": _config,
    "config get": _config,
    "config list": _config,
    "archive": _writes,
    "format-patch": _writes,
    "symbolic-ref": _symbolic,
    "show": _show,
    "cat-file": _show,
    "grep": _grep,
    "diff": _contents,
    "blame": _contents,
    "log": _contents,
    "ls-remote": _ls_remote,
    "fsck": _fsck,
    "bisect": _bisect,
    "push": _push,
    **dict.fromkeys(("checkout", "restore", "switch", "reset"), _discarding),
}
_CLI = Cli("git", table.TABLE, frozenset(), table.BEFORE, raising=table.RUNS, hooks=_HOOKS, before=table.BEFORE)


def _own_config(item: Word) -> bool:
    key, _, value = item.partition("=")
    return item.static and key in table.SAFE_CONFIG and not value.startswith("!")


def git(call: Call) -> Effect:
    """What a git call would do."""
    front = split(call.args, table.BEFORE_TAKES, table.BEFORE, stop=True)
    for value in front.values("-c", "--config-env"):
        if not (_own_config(value) or re.fullmatch(r"core\.pager=(?:cat|less|)", value)):
            return changes("git -c can make git run other programs", "whatever that program does")
    if front.has("--exec-path") and any(f.value is not None for f in front.flags if f.name == "--exec-path"):
        return changes("--exec-path makes git run other programs", "whatever those do")
    unusual = [
        f.name
        for f in front.flags
        if f.name not in table.BEFORE and f.name not in {"--version", "--help", "--exec-path"}
    ]
    if unusual and front.operands:
        return unknown(f"git: the option {unusual[0]} before the subcommand is not known here")
    inner = Call(
        "git", [*front.operands, *front.tail] or call.args, call.scene, call.stdin, call.fed, call.piped, call.open_args
    )
    effect = judge(_CLI, inner)
    if effect.label is CommandLabel.READ_ONLY and front.operands[:1] == ["help"]:
        return effect if not front.tail or not front.tail[0].startswith("-") else unknown("git help may start a viewer")
    return effect


PROGRAMS = {"git": git}
