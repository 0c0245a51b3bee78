"""Programs that run text as a shell's source: here, later, as another user, on another host."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, combine, reads, unknown
from sre_advisor.commands.options import split
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word


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


def su(call: Call) -> Effect:
    """Su -c runs its text as another user."""
    parsed = split(call.args, {"-c", "--command", "-s", "--shell", "-g", "-G"}, {"-l", "--login", "-m", "-p"})
    given = list(parsed.values("-c", "--command"))
    if len(given) != 1 or parsed.strange or parsed.has("-s", "--shell"):
        return unknown("an interactive session as another user")
    return text(call, given)


PROGRAMS = {
    **dict.fromkeys(("sh", "bash", "zsh", "dash", "ksh", "ash"), shell),
    "eval": joined,
    "watch": joined,
    "ssh": ssh,
    "su": su,
    "runuser": su,
}
