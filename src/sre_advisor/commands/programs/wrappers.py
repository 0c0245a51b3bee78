"""Programs that run other programs: the effect is that of what they run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sre_advisor.commands import environment
from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.programs.find import READERS
from sre_advisor.commands.secrets import mentions_secret
from sre_advisor.commands.tables import names
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


def shell(call: Call) -> Effect:
    """sh, bash and the like: what their -c text, their here-document or their input says."""
    parsed = split(
        call.args,
        {"-o", "+o", "-O", "--rcfile", "--init-file"},
        names("-c -l -e -u -x -i -s -f -n --login --norc --noprofile --posix -r"),
        stop=True,
    )
    flags = {f.name for f in parsed.flags}
    if flags & {"--rcfile", "--init-file", "-O"} or any(n not in {"--version", "--help"} for n, _ in parsed.strange):
        return unknown(f"{call.name}: an option that is not known here")
    if flags & {"--version", "--help"} and not call.open_args:
        return reads("prints how the shell is used")
    words: list[Word] = [*parsed.operands, *parsed.tail]
    if "-c" in flags:
        if not words:
            return unknown("what the shell runs is not visible")
        return text(call, words[:1], more=words[1:])
    if words and "-s" not in flags:
        return unknown(f"runs the script {words[0][:40]}, which is not visible")
    if call.stdin is not None and not call.open_args and not words:
        return call.script(call.stdin)
    return unknown("runs what arrives on its input" if call.fed else "an interactive session")


def text(call: Call, parts: Sequence[Word], more: Sequence[Word] = ()) -> Effect:
    """The effect of words that are handed to a shell as source once more."""
    if any(
        not call.scene.settled(p) or p.subs is not None or (p.vars and set(p.vars) & set(call.scene.assigned))
        for p in parts
    ):
        return unknown("the text that a shell would run is not fully visible")
    if call.open_args or any(not call.scene.settled(m) for m in more):
        source = " ".join(parts)
        effect = call.script(source)
        hands_over = re.search(r"\$(?:[@*\d]|\{[@*\d])|\beval\b", source) or call.unseen
        return combine([effect, unknown("the shell is handed words that are not visible")]) if hands_over else effect
    return call.script(" ".join(parts))


def joined(call: Call) -> Effect:
    """Eval and watch hand their words to a shell."""
    parsed = split(
        call.args,
        {"-n", "--interval", "-q", "--equexit", "-s"} if call.name == "watch" else set(),
        names(
            """-d --differences -t --no-title -e --errexit -g --chgexit -c --color -b --beep -p --precise -w
    --no-wrap -r"""
        )
        if call.name == "watch"
        else set(),
        stop=True,
    )
    if call.name == "watch" and parsed.has("-x", "--exec"):
        inner: list[Word] = [*parsed.operands, *parsed.tail]
        bad = [n for n, _ in parsed.strange if n not in {"-x", "--exec"}]
        return unknown("an option of watch that is not known here") if bad or not inner else call.inner(inner)
    if parsed.strange:
        return unknown(f"{call.name}: the option {parsed.strange[0][0]} is not known here")
    words: list[Word] = [*parsed.operands, *parsed.tail]
    if not words:
        return unknown("what is run is not visible")
    if call.name == "eval" and any(not w.static for w in words):
        return unknown("eval runs text that is not visible")
    return text(call, words)


def ssh(call: Call) -> Effect:
    """Ssh runs its words in a shell on another host."""
    takes = names("-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B -P")
    parsed = split(
        call.args, takes, names("-4 -6 -A -a -C -f -g -K -k -M -N -n -q -s -T -t -V -v -X -x -Y -y"), stop=True
    )
    flags = {f.name for f in parsed.flags}
    if parsed.strange or flags & {"-D", "-E", "-F", "-L", "-R", "-w", "-O", "-M", "-N", "-W", "-S", "-I"}:
        return (
            unknown("ssh with tunnels or options that are not judged here")
            if flags != {"-V"}
            else reads("prints the version")
        )
    if any(
        not re.match(
            r"(?:StrictHostKeyChecking|ConnectTimeout|BatchMode|UserKnownHostsFile=/dev/null|LogLevel|ServerAlive\w+|User|Port|IdentitiesOnly|PasswordAuthentication|RequestTTY)\b",
            v,
        )
        for v in parsed.values("-o")
    ):
        return unknown("an ssh option that may run something")
    if not parsed.operands or not call.scene.settled(parsed.operands[0]) or parsed.operands[0].startswith("-"):
        return unknown("the host is not visible")
    rest = list(parsed.tail)
    if rest[:1] == ["--"]:
        rest = rest[1:]
    if rest and rest[0].startswith("-"):
        return unknown("an ssh option after the host")
    if not rest:
        return call.script(call.stdin) if call.stdin is not None else unknown("an interactive session on another host")
    return text(call, rest)


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


def su(call: Call) -> Effect:
    """Su -c runs its text as another user."""
    parsed = split(call.args, {"-c", "--command", "-s", "--shell", "-g", "-G"}, {"-l", "--login", "-m", "-p"})
    given = list(parsed.values("-c", "--command"))
    if len(given) != 1 or parsed.strange or parsed.has("-s", "--shell"):
        return unknown("an interactive session as another user")
    return text(call, given)


PROGRAMS = {
    **dict.fromkeys(_PREFIXES, prefix),
    "env": env,
    **dict.fromkeys(("sh", "bash", "zsh", "dash", "ksh", "ash"), shell),
    "eval": joined,
    "watch": joined,
    "ssh": ssh,
    "xargs": xargs,
    "gxargs": xargs,
    "parallel": parallel,
    "su": su,
    "runuser": su,
}
