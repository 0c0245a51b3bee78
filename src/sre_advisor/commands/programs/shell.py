"""The shell's own commands."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.secrets import secret_word

# Source: https://www.gnu.org/software/bash/manual/html_node/Shell-Builtin-Commands.html
_QUIET = (
    "true",
    "false",
    ":",
    "cd",
    "pwd",
    "pushd",
    "popd",
    "dirs",
    "type",
    "exit",
    "return",
    "break",
    "continue",
    "shift",
    "wait",
    "jobs",
    "sleep",
    "times",
    "getopts",
    "logname",
    "yes",
    "seq",
    "expr",
    "basename",
    "dirname",
    "tput",
    "clear",
    "tty",
    "factor",
    "numfmt",
)
_HIDDEN_VARIABLES = re.compile(r"\$\{!|@[PQEAKak]\}")


def _code(call: Call) -> bool:
    """Whether an argument holds source that a builtin might evaluate (array subscripts)."""
    return any("[" in a and ("$(" in a or "`" in a) for a in call.args)


def quiet(call: Call) -> Effect:
    """Commands that only print or steer the script itself."""
    return (
        unknown("a subscript may run a command")
        if _code(call)
        else reads(f"{call.name}: changes nothing outside the script")
    )


def echo(call: Call) -> Effect:
    """Echo and printf print what they are given."""
    if call.name == "printf" and call.args[:1] and str(call.args[0]).startswith("-v"):
        return unknown("printf -v sets a variable")
    for item in call.args:
        if any(secret_word(name) for name in item.vars):
            return secret("prints a variable that speaks of a credential")
        if _HIDDEN_VARIABLES.search(item):
            return unknown("which variable is printed is not visible")
    return reads("prints text")


def test(call: Call) -> Effect:
    """[ and test compare."""
    return (
        unknown("a comparison may run a command")
        if _code(call) or "-v" in call.args or "-R" in call.args
        else reads("compares")
    )


def environment(call: Call) -> Effect:
    """printenv, and the listing forms of export, declare and set."""
    names = [a for a in call.args if not a.startswith("-")]
    if not call.settled:
        return unknown("which variable is printed is not visible")
    if names and all(n.static and not secret_word(n) and re.fullmatch(r"\w+", n) for n in names):
        return reads("prints a variable")
    return secret("prints the environment, which usually holds credentials")


def declare(call: Call) -> Effect:
    """export, declare, local, readonly: they set variables, or print all of them."""
    words = list(call.args)
    if _code(call) or any(not w.static for w in words):
        return unknown("what is declared is not visible")
    flags = [w for w in words if w.startswith("-")]
    names = [w for w in words if not w.startswith("-")]
    if any("f" in f or "F" in f for f in flags) and call.name != "export":
        return reads("prints functions")
    if any("i" in f or "n" in f for f in flags):
        return unknown("arithmetic or indirection in a declaration")
    if any("p" in f for f in flags):
        return (
            secret("prints variables") if not names or any(secret_word(n) for n in names) else reads("prints variables")
        )
    if names:
        return (
            reads("declares a variable of this shell")
            if all(re.fullmatch(r"\w+", n) for n in names)
            else unknown("a declaration not understood")
        )
    return (
        secret("prints all variables, which usually hold credentials")
        if not call.args or flags
        else reads("declares nothing")
    )


def set_(call: Call) -> Effect:
    """`set` alone prints every variable; with options it steers the script."""
    if not call.args:
        return secret("prints all variables, which usually hold credentials")
    words = [str(a) for a in call.args]
    if all(re.fullmatch(r"[-+][euxofvEC]+|pipefail|errexit|nounset|xtrace|noglob", w) for w in words):
        return reads("sets options of this shell")
    return unknown("sets options or arguments of this shell")


def read(call: Call) -> Effect:
    """`read` and mapfile take input into variables, whose value is then not visible."""
    flags = [a for a in call.args if a.startswith("-") and not re.fullmatch(r"-[rsaet]+", a)]
    if _code(call) or any("C" in f for f in flags):
        return unknown("may run a command")
    names = [str(a) for a in call.args if re.fullmatch(r"[A-Za-z_]\w*", a)]
    for name in names:
        call.scene.assigned.setdefault(name, []).append(None)
        if name.isupper() and (
            name.endswith(("PATH", "PAGER", "EDITOR", "OPTS"))
            or name in {"IFS", "ENV", "PS4"}
            or name.startswith(("LD_", "BASH", "GIT"))
        ):
            return unknown(f"reads into {name}, which changes what programs run")
    return reads("reads input into variables")


def trap(call: Call) -> Effect:
    """`trap` runs its text later."""
    if not call.args or call.args[0] in {"-l", "-p", "-", ""}:
        return reads("prints or clears traps")
    return combine([call.script(call.args[0]), unknown("a trap runs at a time of its own")])


def kill(call: Call) -> Effect:
    """Kill ends processes, except that -l lists signals and -0 only asks."""
    words = [str(a) for a in call.args]
    if words[:1] in (["-l"], ["-L"], ["--list"]) and not call.open_args:
        return reads("lists signals")
    if words[:1] == ["-0"] and call.name == "kill":
        return reads("asks whether a process is there")
    return changes("sends a signal to processes", "processes on one host", False)


def hidden(call: Call) -> Effect:
    """Builtins that run or prepare what cannot be seen."""
    return unknown(f"{call.name}: runs or prepares what is not visible here")


def ulimit(call: Call) -> Effect:
    """Ulimit and umask without a value print."""
    plain = all(re.fullmatch(r"-[A-Za-z]+", a) for a in call.args)
    return reads("prints limits") if plain else changes("sets limits of this shell", "this shell", True)


def alias(call: Call) -> Effect:
    """An alias hides what later words mean."""
    if (not call.args or call.args == ["-p"]) and not call.open_args:
        return reads("lists aliases")
    meant = [a.partition("=")[2] for a in call.args if "=" in a]
    hides = changes("defines an alias, which hides what later words run", "this shell", True)
    return combine([hides, *(call.script(text) for text in meant)])


def history(call: Call) -> Effect:
    """The history often holds passwords typed by mistake."""
    loose = any(re.match(r"-[cdarwsnp]", a) for a in call.args)
    return (
        changes("changes the history", "one file", False)
        if loose
        else secret("prints the history, which often holds credentials")
    )


PROGRAMS = {
    **dict.fromkeys(_QUIET, quiet),
    "echo": echo,
    "printf": echo,
    "test": test,
    "[": test,
    "[[": test,
    "printenv": environment,
    **dict.fromkeys(("export", "declare", "typeset", "local", "readonly"), declare),
    "set": set_,
    "unset": quiet,
    "read": read,
    "mapfile": read,
    "readarray": read,
    "trap": trap,
    "kill": kill,
    "pkill": kill,
    "killall": kill,
    "skill": kill,
    "ulimit": ulimit,
    "umask": ulimit,
    "alias": alias,
    "history": history,
    "fc": history,
    **dict.fromkeys(
        (
            ".",
            "source",
            "enable",
            "bind",
            "complete",
            "compopt",
            "shopt",
            "hash",
            "let",
            "disown",
            "suspend",
            "logout",
            "unalias",
            "fg",
            "bg",
        ),
        hidden,
    ),
}
