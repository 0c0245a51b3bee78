"""Helm."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge
from sre_advisor.commands.effect import Effect, secret
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.tables import helm as table


def _diff(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return secret("prints secrets in the diff") if parsed.has("--show-secrets", "--show-secrets-decoded") else effect


_CLI = Cli(
    "helm",
    table.TABLE,
    table.TAKES,
    table.SWITCHES,
    raising=table.RUNS,
    dry_run=table.DRY_RUN,
    before=table.BEFORE,
    hooks={f"diff {kind}": _diff for kind in ("upgrade", "revision", "rollback", "release")},
)


def helm(call: Call) -> Effect:
    """What a helm call would do."""
    for item in call.args:
        for flag, effect in table.RUNS.items():
            if item.partition("=")[0] == flag and flag != "--repository-file":
                return effect
    return judge(_CLI, call)


PROGRAMS = {"helm": helm}
