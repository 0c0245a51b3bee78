"""Tools that print, judged from the tables and a few closer looks."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.files import contents, tree
from sre_advisor.commands.options import Parsed, abbreviates, split
from sre_advisor.commands.tables import names
from sre_advisor.commands.tables.readers import READERS, Tool
from sre_advisor.commands.tables.strict import STRICT
from sre_advisor.commands.words import Word

_LONG_VALUES = names(
    """--lines --bytes --field-separator --key --delimiter --fields --characters --regexp --file
    --max-count --after-context --before-context --context --format --output-delimiter --width
    --skip-fields --skip-chars --check-chars"""
)
_PLACE = re.compile(r"\+(?:F|G|\d+)")
"""Where a pager begins: at a line, at the end, or following."""


def reader(call: Call) -> Effect:
    """What a reading tool would do with these options."""
    spec = READERS[call.name]
    takes = frozenset("-" + c for c in spec.takes) | _LONG_VALUES
    parsed = split(call.args, takes)
    problem = _bad_option(call, spec, parsed)
    if problem:
        return problem
    if call.name in STRICT:
        return _strict(call)
    closer = _CLOSER.get(call.name)
    effect = closer(call, parsed) if closer else None
    if effect:
        return effect
    operands = [*parsed.operands, *parsed.tail]
    if spec.most is not None and (len(operands) > spec.most or call.open_args):
        return changes(f"{call.name}: a further operand is written to", "one file", None)
    if not spec.files:
        return reads(f"{call.name}: only prints")
    if spec.search:
        return _search(call, parsed, operands)
    return contents(call, operands, f"{call.name}: only prints")


def _bad_option(call: Call, spec: Tool, parsed: Parsed) -> Effect | None:
    if not spec.bad:
        return None
    bad = spec.bad.split()
    for item in call.args:
        name = item.partition("=")[0]
        if any(
            name == b
            or abbreviates(name, b)
            or (b == "+" and item.startswith("+") and not _PLACE.fullmatch(item))
            or (not b.startswith("-") and item == b)
            for b in bad
        ):
            return changes(
                f"{call.name} {name[:30]}: writes or runs something", "files on one host, or whatever is run", None
            )
    if any(f.name in bad for f in parsed.flags):
        return changes(
            f"{call.name}: an option writes or runs something", "files on one host, or whatever is run", None
        )
    hidden = [a for a in call.args if not call.scene.settled(a)]
    if call.unseen or any(not h.startswith("/") and not h.startswith("<(") for h in hidden):
        return unknown("arguments that are not visible may make it write")
    return None


def _search(call: Call, parsed: Parsed, operands: list[Word]) -> Effect:
    """Grep and its kin: what is looked for matters as much as where."""
    patterns = list(parsed.values("-e", "--regexp"))
    lists = [*parsed.values("-f", "--file")]
    if not patterns and not lists and operands:
        patterns, operands = operands[:1], operands[1:]
    recursive = any(
        f.name in {"-r", "-R", "--recursive", "--dereference-recursive"} for f in parsed.flags
    ) or call.name in {"rg", "ag", "ack"}
    quiet = any(
        f.name
        in {"-l", "-L", "-c", "-q", "--files-with-matches", "--count", "--quiet", "--files-without-match", "--silent"}
        for f in parsed.flags
    )
    hunting = any(
        re.search(r"passw|secret|token|api.?key|credential|private.key|AKIA|BEGIN|access.?key", p, re.IGNORECASE)
        for p in patterns
    )
    logs = all(re.search(r"/log|\.log|\.gz$|messages|syslog", o) for o in operands) and bool(operands)
    if hunting and not quiet and not logs and (operands or recursive or call.open_args):
        return secret("looks for credentials in files")
    if recursive and not quiet:
        return tree_or(call, [*operands, *lists])
    return (
        contents(call, [*operands, *lists], f"{call.name}: prints matching lines")
        if not quiet
        else reads(f"{call.name}: names or counts matches")
    )


def tree_or(call: Call, roots: list[Word]) -> Effect:
    """A recursive search; /etc below a named directory is ordinary, / and home directories are not."""
    return tree(call, roots, "prints matching lines")


def _strict(call: Call) -> Effect:
    allowed = STRICT[call.name]
    verbs = {a for a in allowed if not a.startswith("-")}
    loose = [a for a in call.args if a.startswith("-") and a not in allowed]
    words = [a for a in call.args if not a.startswith("-")]
    plain = (
        call.settled
        and not call.open_args
        and not loose
        and (not verbs or (bool(words) and words[0] in verbs) or (call.name == "apachectl"))
    )
    if call.name == "apachectl" and any(w not in allowed for w in words):
        plain = False
    if call.name == "nc" and not any("z" in a for a in call.args if a.startswith("-")):
        return unknown("nc without -z sends what arrives on its input")
    if call.name == "nginx" and "-T" in call.args:
        return unknown("prints the whole configuration, which may hold credentials")
    if call.name == "keytool" and not {"-list", "-printcert"} & set(call.args):
        plain = False
    return (
        reads(f"{call.name}: only prints")
        if plain
        else unknown(f"{call.name}: with these words it may change something")
    )


def _ps(call: Call, _parsed: Parsed) -> Effect | None:
    for item in call.args:
        if (
            (not item.startswith("-") and "e" in item and re.fullmatch(r"[a-zA-Z]+", item) and item != "pid,ppid,cmd")
            or "environ" in item
            or item.startswith("-E")
        ):
            if call.args.index(item) and re.fullmatch(
                r"-?-?[opCuUtgGN]|--sort|--format|-o|--ppid|--pid|--user", call.args[call.args.index(item) - 1]
            ):
                continue
            return secret("ps e prints environments")
    return reads("lists processes") if call.settled else unknown("arguments are not visible")


def _getent(call: Call, _parsed: Parsed) -> Effect | None:
    plain = call.settled and all(a.static for a in call.args[:1])
    return secret("prints password hashes") if any(re.search(r"shadow", a) for a in call.args) or not plain else None


def _ls_like(call: Call, _parsed: Parsed) -> Effect | None:
    return reads(f"{call.name}: lists")


_CLOSER = {"ps": _ps, "getent": _getent, "ls": _ls_like}


PROGRAMS = dict.fromkeys(READERS, reader)
