"""argocd, flux, istioctl, linkerd, velero, stern, kustomize and other cluster tools, as tables."""

from __future__ import annotations

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, judge
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import clusters as table
from sre_advisor.commands.tables import names

_APP_CHANGE = changes("changes the application", "one application", True)


def _context(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if len(parsed.operands) > 1 or parsed.has("--delete"):
        return changes("argocd context: switches or deletes the context", "local configuration", True)
    return effect


def _get(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return _APP_CHANGE if parsed.has("--hard-refresh", "--refresh") else effect


def _diff(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return _APP_CHANGE if parsed.has("--hard-refresh") else effect


def _vault(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    return secret("prints a secret") if any(secret_word(o) for o in parsed.operands) else effect


def _raw(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    names_only = [f for f in parsed.flags if f.name in {"--keys-only", "--count-only"} and f.value in (None, "true")]
    return effect if names_only else secret("the store of a cluster holds its secrets")


_COMMON = names(
    """-n --namespace --context --kubeconfig --kube-context -o --output -l --selector --server --auth-token
    --app-namespace -N"""
)
_SWITCHES = names("""-A --all-namespaces --insecure --plaintext --grpc-web --core -w --watch --no-color""")


def _make(name: str) -> Cli:
    hooks = {
        "argocd": {"context": _context, "app get": _get, "app diff": _diff},
        "vault": {"list": _vault},
        "etcdctl": {"get": _raw},
    }.get(name, {})
    return Cli(name, table.TABLES[name], _COMMON, _SWITCHES, hooks=hooks, raising=table.RAISING.get(name, {}))


_CLIS = {name: _make(name) for name in table.TABLES}


def tool(call: Call) -> Effect:
    """What a call of one of these tools would do."""
    return judge(_CLIS[call.name], call)


def stern(call: Call) -> Effect:
    """Stern and kubetail only follow logs."""
    return reads("follows logs") if call.settled else unknown("arguments are not visible")


PROGRAMS = {**dict.fromkeys(_CLIS, tool), "stern": stern, "kubetail": stern}
