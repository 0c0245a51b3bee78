"""Reading a policy file; what is wrong with it is said in one line."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pydantic import ValidationError

from sre_advisor.broker.policy.model import Policy
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

SIZE_LIMIT = 1_000_000


class PolicyBroken(Exception):
    """The policy cannot be used; the message says where and what to do."""


def read_policy(file: Path) -> tuple[Policy, str]:
    """The policy and the SHA-256 of the file's bytes; raises PolicyBroken."""
    try:
        raw = read_strict(file, SIZE_LIMIT)
    except YamlProblem as problem:
        raise PolicyBroken(f"{file}: the policy {problem}; `sre-advisor init` writes one") from None
    return parse_policy(raw, str(file)), hashlib.sha256(raw).hexdigest()


def parse_policy(raw: bytes | str, where: str) -> Policy:
    """The policy in this YAML; raises PolicyBroken. An empty file allows nothing in Slack."""
    try:
        content = parse_strict(raw)
        return Policy.model_validate(content if content is not None else {})
    except YamlProblem as problem:
        raise PolicyBroken(f"{where}: {problem}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        place = ".".join(str(part) for part in first["loc"] if part not in ("everything", "names")) or "the file"
        what = "no such key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise PolicyBroken(f"{where}: {place}: {what}{more}; docs/reference/policy.md lists the keys") from None
