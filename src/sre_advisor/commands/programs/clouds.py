"""gcloud, gsutil, bq and az: judged by the verb at the end of the command's path, and by what the path speaks of."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed, split
from sre_advisor.commands.tables import clouds as table
from sre_advisor.commands.words import Word

_CLOUD = "the named cloud resources"
_SECRET_PATH = re.compile(
    r"key|credential|secret|connection-string|token|passwor|sas|publishing|appsettings|admin-cred|kubeconfig|auth-string|cert"
)


def _path(parsed: Parsed, operands: list[Word]) -> list[str]:
    """The words of the command's path: plain lower-case words from the start."""
    words: list[str] = []
    for item in operands:
        if not item.static or item.glob or not re.fullmatch(r"[a-z][a-z0-9-]*", item):
            break
        words.append(str(item))
    return words


def az(call: Call) -> Effect:
    """What an az call would do: its verb is the last word of the path, since values only follow options."""
    parsed = split(call.args, table.AZ_TAKES, table.AZ_SWITCHES)
    if not parsed.operands:
        return _alone(call, "az")
    first = next((f.at for f in parsed.flags), len(call.args))
    lead = [w for w, at in zip(parsed.operands, parsed.places, strict=True) if at < first]
    if not lead or any(not w.static or w.glob or not re.fullmatch(r"[a-z][a-z0-9-]*", w) for w in lead):
        return unknown("az: the subcommand is not visible")
    path = " ".join(lead)
    if call.args[-1] in {"--help", "-h"} and len(call.args) == len(lead) + 1:
        return reads("prints help")
    if path in table.AZ_EXACT_READ:
        return reads(f"az {path}: reads")
    verb = lead[-1]
    if path in table.AZ_CHANGING or verb in table.AZ_CHANGING_VERBS:
        return changes(
            f"az {path}: changes cloud resources or local configuration",
            _CLOUD,
            False if verb in {"delete", "purge"} else None,
        )
    if not table.AZ_READ.fullmatch(verb) or call.open_args:
        return unknown(f"az {path}: not a command known here")
    if parsed.has("--file", "--destination", "--output-file") or path.startswith("rest"):
        return changes(f"az {path}: writes a file", "one file")
    if parsed.has("--include-password", "--show-secrets", "--include-secrets"):
        return secret(f"az {path}: prints credentials")
    if path in table.AZ_SECRET or (_SECRET_PATH.search(path) and path not in table.AZ_NOT_SECRET):
        return secret(f"az {path}: prints credentials")
    return reads(f"az {path}: reads")


def gcloud(call: Call) -> Effect:
    """What a gcloud call would do: its verb is found in the path, which a name may follow."""
    parsed = split(call.args, table.GCLOUD_TAKES, table.GCLOUD_SWITCHES)
    words = _path(parsed, parsed.operands)
    if not words:
        return _alone(call, "gcloud") if not parsed.operands else unknown("gcloud: the subcommand is not visible")
    first = 1 if words[0] in {"alpha", "beta", "preview"} else 0
    acting = [i for i, w in enumerate(words) if i > first and w in table.GCLOUD_CHANGING]
    reading = [
        i
        for i, w in enumerate(words)
        if (i > first and table.GCLOUD_READ.fullmatch(w)) or w in {"info", "version", "help"}
    ]
    at = next(iter(acting or reading), 1 if words[:2] == ["compute", "ssh"] else None)
    if at is None:
        return unknown(f"gcloud {' '.join(words[:3])}: not a command known here")
    path = " ".join(words[: at + 1])
    early = [
        f.name
        for f in parsed.flags
        if f.at < parsed.places[at]
        and f.name not in table.GCLOUD_TAKES | table.GCLOUD_SWITCHES
        and "=" not in call.args[f.at]
    ]
    if early:
        return unknown(f"gcloud: the option {early[0]} before the subcommand is not known here")
    if path == "compute ssh":
        return _gcloud_ssh(call, parsed)
    if path.startswith("auth print-") or path in table.GCLOUD_SECRET or (" ".join(words[:2]) in table.GCLOUD_SECRET):
        return secret(f"gcloud {path}: prints credentials")
    if words[at] in table.GCLOUD_CHANGING:
        return changes(
            f"gcloud {path}: changes cloud resources or local configuration",
            _CLOUD,
            False if words[at] in {"delete", "rm"} else None,
        )
    if _worse_gcloud(parsed):
        return unknown(f"gcloud {path}: an option may make it write")
    if words[0] == "config" and any(re.search(r"token|password|secret|credential", o) for o in parsed.operands):
        return secret("prints a credential")
    return reads(f"gcloud {path}: reads")


def _worse_gcloud(parsed: Parsed) -> bool:
    return any(
        f.name in {"--flags-file", "--log-http", "--destination", "--out-file", "--output-file", "--dest"}
        for f in parsed.flags
    )


def _gcloud_ssh(call: Call, parsed: Parsed) -> Effect:
    commands = list(parsed.values("--command"))
    if len(commands) != 1 or parsed.tail or not call.scene.settled(commands[0]):
        return unknown("an interactive session: what is done in it is not visible")
    return call.script(commands[0])


def _alone(call: Call, name: str) -> Effect:
    plain = not call.open_args and all(a in {"--help", "-h", "--version", "version", "info"} for a in call.args)
    return reads(f"prints how {name} is used") if plain else unknown(f"{name}: the subcommand is not visible")


def gsutil(call: Call) -> Effect:
    """What a gsutil call would do."""
    parsed = split(call.args, {"-o", "-h", "-u", "-i"}, {"-m", "-q", "-D"})
    if not parsed.operands or not parsed.operands[0].static:
        return unknown("gsutil: the subcommand is not visible")
    verb = parsed.operands[0]
    if verb in {"ls", "du", "stat", "version", "help", "hash"} or (
        verb == "cat" and all(o.startswith("gs://") for o in parsed.operands[1:])
    ):
        return reads(f"gsutil {verb}: reads")
    return (
        changes("changes stored objects or files", "stored objects (data) or files", False if verb == "rm" else None)
        if verb in table.GSUTIL_CHANGING
        else unknown(f"gsutil {verb}: not known here")
    )


PROGRAMS = {"az": az, "gcloud": gcloud, "gsutil": gsutil}
