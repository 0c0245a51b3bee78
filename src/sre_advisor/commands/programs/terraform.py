"""terraform, tofu and terragrunt."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge, rows
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.secrets import secret_word

# Source: https://developer.hashicorp.com/terraform/cli/commands (1.12)
_INFRA, _LOCAL, _STATE = (
    "the infrastructure of this configuration",
    "files on one host",
    "the record of the infrastructure",
)
_TABLE = rows(
    reading="""plan, validate, version, graph, providers, providers schema, state list, workspace list, workspace show,
    fmt, get-help, metadata functions, show, state show, output""",
    secrets="state pull, console",
    opaque="login-status, test, import-plan, query",
    changing={
        "apply": changes("changes the infrastructure", _INFRA, None),
        "destroy": changes("removes the infrastructure", _INFRA, False),
        """import, refresh, state mv, state rm, state push, state replace-provider, taint,
        untaint, force-unlock""": changes("edits the state", _STATE, None),
        """init, get, providers lock, providers mirror, workspace new, workspace select""": changes(
            "writes local files", _LOCAL, True
        ),
        "workspace delete": changes("removes a workspace and its state", _STATE, False),
        "login, logout": changes("changes stored credentials", "local configuration", True),
    },
)


_HARMLESS_OUTPUT = re.compile(
    r"(?:\w+_)?(?:id|ids|name|names|arn|url|uri|ip|ips|address|host|hostname|dns|domain|endpoint|endpoints|port|region|zone|zones|count|version|cidr|bucket)"
)


def _plan(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if parsed.has("-out", "--out", "-generate-config-out", "--generate-config-out"):
        return changes("writes the plan to a file", "one file")
    return effect


def _fmt(_call: Call, parsed: Parsed, _effect: Effect) -> Effect:
    sure = any(
        f.name.lstrip("-") == "check" or (f.name.lstrip("-") == "write" and f.value == "false")
        for f in parsed.flags
        if f.sure
    )
    return reads("checks the format") if sure else changes("rewrites files", _LOCAL, True)


def _output(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    names = parsed.operands[1:]
    if any(secret_word(n) for n in names):
        return secret("prints an output that speaks of a credential")
    if parsed.has("-json", "--json") and not names:
        return secret("-json prints sensitive outputs in clear")
    if parsed.has("-raw", "--raw", "-json", "--json"):
        return (
            effect
            if names and all(_HARMLESS_OUTPUT.fullmatch(n) for n in names) and not call.open_args
            else unknown("sensitive outputs would be printed in clear")
        )
    return effect


def _show(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return secret("-json prints sensitive values in clear") if parsed.has("-json", "--json") else effect


_CLI = Cli(
    "terraform",
    _TABLE,
    frozenset({"-var-file", "-var", "-target", "-state", "-lock-timeout", "-parallelism", "-replace"}),
    frozenset({"-json", "-raw", "-no-color", "-destroy", "-refresh-only", "-check", "-diff", "-recursive", "-list"}),
    go=True,
    hooks={"plan": _plan, "fmt": _fmt, "output": _output, "show": _show},
    before=frozenset(),
)


def terraform(call: Call) -> Effect:
    """What a terraform call would do."""
    effect = judge(_CLI, call)
    if call.unseen:
        return unknown("arguments are not visible")
    return effect


PROGRAMS = {"terraform": terraform, "tofu": terraform, "terragrunt": terraform}
