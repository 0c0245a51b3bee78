"""kubectl (and oc, for the subcommands they share)."""

from __future__ import annotations

import re
from dataclasses import replace
from urllib.parse import unquote

from sre_advisor.commands.call import Call
from sre_advisor.commands.cli import Cli, dry, judge
from sre_advisor.commands.effect import Effect, changes, combine, reads, secret, unknown
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.secrets import secret_file
from sre_advisor.commands.tables import kubectl as table
from sre_advisor.commands.words import Word, word
from sre_advisor.model import CommandLabel

_SAFE_RAW = re.compile(
    r"/(?:metrics(?:/[\w-]+)*|healthz(?:/[\w-]+)*|readyz(?:/[\w-]+)*|livez(?:/[\w-]+)*|version|openapi/v[23](?:/[\w./-]+)?|"
    r"apis?(?:/[\w.$<>{}*-]+)*)/?(?:\?[\w=&.,%+-]*)?"
)
_FROM_FILE = re.compile(r"(?:go-)?template-file=|custom-columns-file=|jsonpath-file=")
_MAY_LIST_SECRETS = re.compile(r"secret|api-resources|crd|customresource", re.IGNORECASE)
_RAW_DOUBT = re.compile(r"/(?:proxy|exec|attach|portforward|token|run)(?:/|$)")
_SECRET_KIND = re.compile(r"(?:secrets?|sealedsecretkeys?|[\w-]*tokens?|oauthaccesstokens?)(?:\.|$)", re.IGNORECASE)


def _kinds(parsed: Parsed) -> list[Word]:
    return parsed.operands[1:] + parsed.tail


def _names_secret(items: list[Word]) -> bool:
    parts = (part.split("/")[0] for item in items for part in item.split(","))
    return any(_SECRET_KIND.match(part) for part in parts)


def _first_kind_visible(call: Call, parsed: Parsed) -> bool:
    items = _kinds(parsed)
    if call.unseen:
        return False
    if not items:
        return call.open_args and not _MAY_LIST_SECRETS.search(call.scene.source)
    first = items[0]
    if "/" in first:
        return bool(re.match(r"[\w.]+/", first))
    return (first.static and not first.glob and not re.search(r"[<{]", first)) or _listed_names(first, call)


def _listed_names(item: Word, call: Call) -> bool:
    """`get $(kubectl get pods -o name)`: the kind stands in the inner command, which is judged too."""
    return (
        item.whole
        and item.subs is not None
        and call.scene.settled(item)
        and not _MAY_LIST_SECRETS.search(call.scene.source)
    )


def _get(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    raws = list(parsed.values("--raw"))
    if raws:
        return combine(_raw(path, call) for path in raws)
    printed = [f.value for f in parsed.flags if f.value is not None and _FROM_FILE.match(f.value)]
    if any(secret_file(word(v.partition("=")[2], glob=v.glob)) or not v.static for v in printed):
        return secret("prints a file that usually holds credentials")
    plain = all(f.name in table.STRUCTURELESS or _table_output(f.name, f.value) for f in parsed.flags)
    if _names_secret(_kinds(parsed)) or (parsed.strange and _names_secret(list(call.args))):
        if plain and call.settled:
            return reads("lists names and sizes of secrets, not their values")
        return secret("prints the values of secrets")
    if plain and not call.unseen:
        return effect
    if not _first_kind_visible(call, parsed):
        return unknown("which kind of object is printed is not visible; it may be a secret")
    return effect


def _table_output(name: str, value: Word | None) -> bool:
    return name in {"-o", "--output"} and value is not None and value.static and value in {"wide", "name"}


def _raw(path: Word, call: Call) -> Effect:
    plain = unquote(path).lower()
    if re.search(r"secret|token", plain):
        return secret("reads a secret through the raw API")
    if not call.scene.settled(path) or _RAW_DOUBT.search(plain) or ".." in plain or not _SAFE_RAW.fullmatch(plain):
        return unknown("what this raw API path returns or does is not known")
    if path.vars and not re.fullmatch(r"/metrics.*|/.*/(?:pods|nodes)/[^/]*", plain):
        return unknown("the raw API path is not fully visible")
    return reads("reads a raw API path")


def _describe(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if _names_secret(_kinds(parsed)) or (parsed.strange and _names_secret(list(call.args))):
        return secret("describe prints service account tokens in full")
    if not _first_kind_visible(call, parsed) and not parsed.has("-f", "--filename"):
        return unknown("which kind of object is described is not visible; it may be a secret")
    return effect


def _last_applied(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if parsed.has("-f", "--filename") or any("secret" in w.lower() for w in parsed.operands):
        return secret("prints the manifest last applied, values included")
    return (
        effect if len(parsed.operands) > 2 and parsed.operands[2].static else unknown("what is printed is not visible")
    )


def _config_view(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if any(f.name == "--raw" or "--raw".startswith(f.name) for f in parsed.flags if len(f.name) > 2):
        return secret("--raw prints the credentials of the kubeconfig")
    return effect


def _exec(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    inner = parsed.tail
    if not inner:
        if len(parsed.operands) < 3:
            return unknown("the command to run in the container is missing")
        start = parsed.places[2]
        early = [n for n, at in parsed.strange if at < start]
        inner = list(call.args[start:])
        if early:
            return unknown(f"the option {early[0]} is not known here")
    return in_container(call, inner, "one container")


_INSIDE = {
    "one host": "{}",
    "one file": "one file in {}",
    "files on one host": "files in {}",
    "processes on one host": "processes in {}",
}


def in_container(call: Call, inner: list[Word], where: str) -> Effect:
    """The effect of running words inside a container: theirs, with its radius."""
    if not inner:
        return unknown("an interactive session: what is done in it is not visible")
    effect = call.inner(inner)
    return replace(effect, blast_radius=_INSIDE.get(effect.blast_radius, effect.blast_radius).format(where))


def _run(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    """A pod that is started to run something does that as well; deleting the pod does not take it back."""
    if dry(parsed):
        return reads("kubectl run as a dry run: nothing is stored")
    if not parsed.tail:
        return effect
    inner = call.inner(parsed.tail)
    return combine([effect, inner]) if inner.label is not CommandLabel.UNKNOWN else replace(effect, reversible=None)


def _create(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if any(w.startswith("secret") for w in parsed.operands[1:2]) and dry(parsed):
        return secret("a dry run prints the secret it would create")
    if not dry(parsed):
        return effect
    return reads("a dry run: nothing is stored") if not call.unseen else unknown("arguments are not visible")


def _delete(call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if dry(parsed) and not call.unseen:
        return reads("a dry run: nothing is stored")
    if parsed.has("--all", "-A", "--all-namespaces") or any(w == "all" for w in parsed.operands[1:2]):
        return replace(effect, blast_radius="a whole namespace or the cluster", reversible=False)
    if parsed.has("--force"):
        return replace(effect, why=effect.why + "; --force does not wait for a clean end", reversible=False)
    return effect


def _dump(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if any("--output-directory".startswith(f.name) for f in parsed.flags if len(f.name) > 4):
        return changes("writes files", "files on one host", True)
    return effect


def _kustomize(_call: Call, parsed: Parsed, effect: Effect) -> Effect:
    if any(f.name.startswith(("--enable", "--helm", "--network", "--mount", "--env", "-e")) for f in parsed.flags):
        return unknown("kustomize may run plugins")
    return changes("writes files", "files on one host", True) if parsed.has("-o", "--output") else effect


def _auth(call: Call, _parsed: Parsed, effect: Effect) -> Effect:
    return effect if not call.unseen else unknown("arguments are not visible")


_HOOKS = {
    "get": _get,
    "describe": _describe,
    "apply view-last-applied": _last_applied,
    "config view": _config_view,
    "exec": _exec,
    "run": _run,
    "cluster-info dump": _dump,
    "kustomize": _kustomize,
    "auth can-i": _auth,
    **{p: _delete for p in table.TABLE if p.split()[0] == "delete"},
    **{p: _create for p in table.TABLE if p.split()[0] == "create" and p != "create token"},
}
_STORING = {"create", "replace", "delete", "apply", "patch"}
_WRITING = {"--log-file", "--log-dir", "--log_file", "--log_dir", "--profile-output"}
"""Options every subcommand takes (kubectl options; klog before 1.26)."""
_CLI = Cli(
    "kubectl", table.TABLE, table.TAKES, table.SWITCHES, hooks=_HOOKS, dry_run=table.DRY_RUN, before=table.BEFORE
)


def _widened(call: Call, effect: Effect) -> Effect:
    """A change with the radius that flags give it: a selector, all of a kind, all namespaces."""
    if effect.label is not CommandLabel.CHANGES_STATE or {"exec", "run", "debug"} & set(call.args[:4]):
        return effect
    own = list(call.args[: call.args.index("--")] if "--" in call.args else call.args)
    named = {a.partition("=")[0] for a in own if not a.endswith("=false")}
    nodes = {"taint", "cordon", "uncordon", "drain"} & set(own)
    reversible = effect.reversible if not any("NoExecute" in a for a in own) else None
    if named & {"-A", "--all-namespaces"}:
        radius = "the cluster: all namespaces"
    elif "--all" in named:
        radius = "all nodes of the cluster and their pods" if nodes else "a namespace: all objects of the kind"
    elif named & {"-l", "--selector"}:
        radius = "all nodes that the selector matches" if nodes else "all objects that the selector matches"
    else:
        radius = effect.blast_radius
    return replace(effect, blast_radius=radius, reversible=reversible)


def kubectl(call: Call) -> Effect:
    """What a kubectl call would do."""
    for item in call.args:
        if item.startswith("--kubeconfig") and ("<(" in item or "/dev/" in item):
            return unknown("a kubeconfig made up in the command can run programs")
    for before, item in zip(call.args, call.args[1:], strict=False):
        if before == "--kubeconfig" and (item.subs is not None or item.complex or item.startswith(("/dev/", "/proc/"))):
            return unknown("a kubeconfig made up in the command can run programs")
    for item in call.args:
        name = item.partition("=")[0]
        if name in _WRITING and item not in {"--profile=none", "--log-file="}:
            return changes("writes a log or a profile of kubectl itself to a file", "one file")
        if name == "--raw" and _STORING & set(call.args):
            return unknown("--raw sends a request as it is, whatever the other options say")
    effect = _widened(call, judge(_CLI, call))
    if (
        call.unseen
        and effect.label == "read_only"
        and not {"logs", "log", "top", "get", "describe"} & set(call.args[:4])
    ):
        return unknown("arguments that are not visible may change what it does")
    return effect


PROGRAMS = {"kubectl": kubectl, "oc": kubectl}
