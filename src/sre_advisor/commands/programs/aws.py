"""aws: operations by access level."""

from __future__ import annotations

from functools import cache

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed, split
from sre_advisor.commands.secrets import secret_word
from sre_advisor.commands.tables import aws as table
from sre_advisor.commands.tables import names

_GLOBAL = names(
    """--profile --region --output --query --endpoint-url --color --ca-bundle --cli-read-timeout
    --cli-connect-timeout --cli-binary-format"""
)
_SWITCHES = names(
    """--debug --no-verify-ssl --no-paginate --no-sign-request --no-cli-pager --no-cli-auto-prompt
    --cli-auto-prompt --version"""
)
_IRREVERSIBLE = {"delete", "terminate", "purge", "release", "revoke", "reset"}
_S3_CHANGES = {"cp": None, "mv": None, "rm": False, "sync": None, "mb": True, "rb": False, "website": True}
_UNSAFE_NAME = (
    "secret-value",
    "password",
    "credential",
    "auth-token",
    "authorization-token",
    "session-token",
    "access-token",
    "login",
)


@cache
def _listed(name: str) -> frozenset[tuple[str, str]]:
    found: dict[str, str] = getattr(table, name)
    return frozenset((service, operation) for service, operations in found.items() for operation in operations.split())


def aws(call: Call) -> Effect:
    """What an aws call would do."""
    parsed = split(call.args, _GLOBAL, _SWITCHES)
    operands = parsed.operands
    if not operands:
        plain = not call.open_args and all(a.static for a in call.args)
        return reads("prints how aws is used") if plain else unknown("the aws operation is not visible")
    service = operands[0]
    if len(operands) > 1 and operands[1] == "help" and service.static:
        return reads("prints help")
    if service == "help" or (len(operands) > 2 and operands[2] == "help" and all(o.static for o in operands)):
        return reads("prints help")
    if len(operands) < 2 or not (service.static and operands[1].static) or service.glob or operands[1].glob:
        return unknown("the aws operation is not visible")
    place = parsed.places[1]
    early = [
        f.name
        for f in parsed.flags
        if f.at < place and f.name not in _GLOBAL | _SWITCHES and "=" not in call.args[f.at]
    ]
    if early:
        return unknown(f"aws: the option {early[0]} before the operation is not known here")
    return _operation(call, parsed, str(service), str(operands[1]))


def _operation(call: Call, parsed: Parsed, service: str, name: str) -> Effect:
    shown, pair = f"aws {service} {name}", (service, name)
    if service == "configure":
        return _configure(parsed, name)
    if service == "s3" and name in _S3_CHANGES:
        return _s3(call, parsed, name)
    if pair in _listed("LOCAL_WRITES"):
        return changes(f"{shown}: writes local files", "local configuration", True)
    if pair in _listed("CHANGING"):
        return changes(f"{shown}: changes something although it sounds like reading", "the account")
    if pair in _listed("SECRETS"):
        return secret(f"{shown}: returns credentials, or settings that usually hold some")
    if pair in _listed("READING") or pair in _listed("CUSTOM_READS"):
        return _outfile(parsed, shown, reads(f"{shown}: reads"))
    if name == "wait":
        return (
            reads(f"{shown}: waits") if len(parsed.operands) > 2 else unknown(f"{shown}: waits for what is not visible")
        )
    return _by_verb(parsed, shown, name)


def _by_verb(parsed: Parsed, shown: str, name: str) -> Effect:
    verb, _, rest = name.partition("-")
    if verb == "batch":
        verb = rest.partition("-")[0]
        verb = verb if verb in table.BATCH_READ else "update"
    if verb in table.READ_VERBS:
        if parsed.has("--with-decryption") or (
            name.startswith("get-parameter") and any(secret_word(o) for o in parsed.operands[2:])
        ):
            return secret(f"{shown}: prints decrypted parameters")
        if (
            any(part in name for part in _UNSAFE_NAME)
            and not name.startswith(("list-", "describe-"))
            and not rest.endswith(("policy", "report", "provider", "providers"))
        ):
            return secret(f"{shown}: returns a credential")
        if parsed.has("--include-value", "--include-values", "--show-sensitive-data"):
            return secret(f"{shown}: prints key values")
        return _outfile(parsed, shown, reads(f"{shown}: reads"))
    if verb in table.CHANGE_VERBS:
        if (
            parsed.has("--dry-run")
            and any(f.name == "--dry-run" and f.value is None and f.sure for f in parsed.flags)
            and shown.startswith("aws ec2 ")
        ):
            return reads(f"{shown}: a dry run only asks for the permission")
        blast = (
            "the account's access rights"
            if shown.startswith(("aws iam", "aws organizations", "aws sts"))
            else "the named cloud resources"
        )
        return changes(f"{shown}: changes cloud resources", blast, False if verb in _IRREVERSIBLE else None)
    return unknown(f"{shown}: not an operation known here")


def _outfile(parsed: Parsed, shown: str, effect: Effect) -> Effect:
    """Operations that answer with a body write it to a file given as a further operand."""
    loose = [o for o in parsed.operands[2:] if o not in {"-", "/dev/stdout"}]
    if shown in {"aws s3 ls", "aws logs tail"} or not loose:
        return effect
    valued = [f for f in parsed.flags if f.name not in _SWITCHES and f.name not in _GLOBAL and f.value is None]
    bodies = shown.rpartition(" ")[2] in table.OUTFILE
    if not valued or (bodies and len(loose) > len(valued)):
        return changes(f"{shown}: writes its answer to a file", "one file")
    return effect


def _s3(call: Call, parsed: Parsed, name: str) -> Effect:
    if any(f.name == "--dryrun" and f.value is None and f.sure for f in parsed.flags):
        return reads(f"aws s3 {name}: a dry run prints what it would do")
    paths = parsed.operands[2:]
    if name == "cp" and len(paths) == 2 and paths[1] == "-" and paths[0].startswith("s3://"):
        return (
            secret("prints a stored file with credentials")
            if secret_word(paths[0])
            else reads("prints a stored object")
        )
    return changes(
        f"aws s3 {name}: changes stored objects or local files", "stored objects (data) or files", _S3_CHANGES[name]
    )


def _configure(parsed: Parsed, name: str) -> Effect:
    if name in {"list", "list-profiles"}:
        return reads("prints settings, credentials masked")
    if name == "get":
        key = " ".join(parsed.operands[2:])
        return (
            secret("prints a stored credential")
            if secret_word(key) or "key" in key or not parsed.operands[2:3]
            else reads("prints a setting")
        )
    if name == "export-credentials":
        return secret("prints credentials")
    return changes("writes the aws configuration", "local configuration", True)


PROGRAMS = {"aws": aws}
