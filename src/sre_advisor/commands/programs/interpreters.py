"""Programs in other languages."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads, unknown
from sre_advisor.commands.files import contents
from sre_advisor.commands.tables import names

_INTERPRETERS = names(
    """python python2 python3 perl ruby node nodejs php lua java go cargo make npm npx yarn pnpm deno bun
    tclsh gdb strace ltrace perf bpftrace expect osascript pwsh powershell ansible ansible-playbook
    Rscript julia groovy scala swift dotnet mvn gradle gcc cc rustc"""
)


def interpreter(call: Call) -> Effect:
    """Programs in other languages are not read here."""
    words = [str(a) for a in call.args]
    if words in (["--version"], ["-V"], ["-v"], ["version"], ["--help"]) and not call.open_args and call.args[0].static:
        return reads("prints the version")
    if (
        call.name.startswith("python")
        and words[:2] == ["-m", "json.tool"]
        and len(words) <= 3
        and call.settled
        and not call.open_args
        and not any(w.startswith("-") for w in words[2:])
    ):
        return contents(call, call.args[2:], "prints formatted JSON")
    return unknown(f"{call.name}: the program it runs is not judged here")


PROGRAMS = dict.fromkeys(_INTERPRETERS, interpreter)
