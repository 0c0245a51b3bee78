"""Programs that run the words after their own: the effect is that of these."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sre_advisor.commands import environment
from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.words import Word, word


@dataclass(frozen=True, slots=True)
class Prefix:
    """A program that takes options, `skip` words of its own, and then a command."""

    takes: str = ""
    switches: str = ""
    skip: int = 0


# Sources: sudo(8), GNU coreutils manual (timeout, nice, nohup, stdbuf, env), util-linux manual pages, procps watch(1)
_PREFIXES = {
    "sudo": Prefix(
        """-u --user -g --group -h --host -p --prompt -C --close-from -T --command-timeout -r --role
        -t --type -U --other-user""",
        "-E --preserve-env -n --non-interactive -H --set-home -k --reset-timestamp -S --stdin -A -b --background -P -B",
    ),
    "doas": Prefix("-u", "-n"),
    "nohup": Prefix(),
    "nice": Prefix("-n --adjustment"),
    "ionice": Prefix("-c --class -n --classdata", "-t"),
    "timeout": Prefix("-k --kill-after -s --signal", "--foreground --preserve-status -v --verbose -f -p", 1),
    "gtimeout": Prefix("-k --kill-after -s --signal", "--foreground --preserve-status", 1),
    "time": Prefix("", "-p -v -l"),
    "stdbuf": Prefix("-i --input -o --output -e --error"),
    "setsid": Prefix("", "-w --wait -f --fork -c"),
    "command": Prefix("", "-p"),
    "builtin": Prefix(),
    "exec": Prefix("", "-c -l"),
    "chrt": Prefix("", "-r -f -o -b -i", 1),
    "taskset": Prefix("", "-c -a", 1),
    "unbuffer": Prefix("", "-p"),
    "caffeinate": Prefix("-t", "-d -i -m -s -u"),
    "busybox": Prefix(),
    "toybox": Prefix(),
    "coproc": Prefix(),
    "noglob": Prefix(),
    "nocorrect": Prefix(),
    "chronic": Prefix("", "-v -e"),
    "proxychains": Prefix("", "-q"),
    "proxychains4": Prefix("", "-q"),
    "eatmydata": Prefix(),
    "numactl": Prefix("-C -N -m -i -p", ""),
    "setarch": Prefix("", "-R", 1),
    "linux64": Prefix(),
    "setpriv": Prefix("--reuid --regid", "--clear-groups"),
    "nsenter": Prefix(
        "-t --target", "-m --mount -u --uts -i --ipc -n --net -p --pid -U --user -a --all -C --cgroup -F --no-fork"
    ),
    "chroot": Prefix("", "", 1),
    "systemd-inhibit": Prefix("--what --who --why --mode"),
}


def prefix(call: Call) -> Effect:
    """What a wrapped command would do."""
    if call.name == "command" and call.args[:1] and call.args[0] in {"-v", "-V"}:
        return reads("says where a program is")
    if call.name == "sudo" and call.args[:1] and call.args[0] in {"-l", "-ll", "--list", "-V", "--version", "-v"}:
        return (
            reads("lists what sudo allows")
            if call.args[0] != "-v"
            else changes("renews the sudo ticket", "this session", True)
        )
    spec = _PREFIXES[call.name]
    args = list(call.args)
    parsed = split(args, frozenset(spec.takes.split()), frozenset(spec.switches.split()), stop=True)
    if parsed.strange and not _numeric(call.name, parsed.strange[0][0]):
        if call.name == "time" and parsed.strange[0][0] in {"-o", "-a"}:
            return changes("writes a file", "one file")
        return unknown(f"{call.name}: the option {parsed.strange[0][0]} is not known here")
    if any(
        f.name not in spec.takes.split() + spec.switches.split() and not _numeric(call.name, f.name)
        for f in parsed.flags
    ):
        return unknown(f"{call.name}: an option that is not known here")
    inner: list[Word] = [*parsed.operands, *parsed.tail]
    if call.name in {"sudo", "doas"}:
        return _with_assignments(call, inner)
    if not inner and call.name in {"exec", "time"} and not call.open_args:
        return reads("nothing is run")
    if not inner and call.name in {"chroot", "nsenter", "busybox", "nice"}:
        return unknown("an interactive session")
    rest = inner[spec.skip :]
    if not rest:
        return unknown(f"{call.name}: what is run is not visible")
    return call.inner(rest)


def _numeric(name: str, flag: str) -> bool:
    return name == "nice" and flag[1:].isdigit()


def _with_assignments(call: Call, inner: list[Word]) -> Effect:
    """Words of the form A=b before the command are variables handed to it."""
    found: list[Effect] = []
    while inner and inner[0].static and re.match(r"[A-Za-z_]\w*=", inner[0]):
        name, _, value = inner[0].partition("=")
        found.append(environment.passed(name, word(value)))
        inner = inner[1:]
    if not inner:
        return unknown(f"{call.name}: what is run is not visible")
    return combine([*found, call.inner(inner)])


def env(call: Call) -> Effect:
    """`env A=b program` runs the program; `env` alone prints all variables."""
    parsed = split(
        call.args,
        {"-u", "--unset", "-C", "--chdir"},
        {"-i", "--ignore-environment", "-0", "--null", "-v", "--debug"},
        stop=True,
    )
    known = {
        "-u",
        "--unset",
        "-C",
        "--chdir",
        "-i",
        "--ignore-environment",
        "-0",
        "--null",
        "-v",
        "--debug",
        "--help",
        "--version",
    }
    if any(f.name not in known for f in parsed.flags):
        return unknown("an option of env that is not judged here")
    inner: list[Word] = [*parsed.operands, *parsed.tail]
    if all(re.match(r"[A-Za-z_]\w*=", w) for w in inner):
        return (
            unknown("what is run is not visible")
            if call.open_args
            else secret("prints the environment, which usually holds credentials")
        )
    return _with_assignments(call, inner)


PROGRAMS = {**dict.fromkeys(_PREFIXES, prefix), "env": env}
