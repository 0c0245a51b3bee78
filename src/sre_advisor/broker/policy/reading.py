"""Reading a policy file; what is wrong with it is said in one line."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from sre_advisor.broker.policy.model import Policy

SIZE_LIMIT = 1_000_000


class PolicyBroken(Exception):
    """The policy cannot be used; the message says where and what to do."""


def read_policy(file: Path) -> tuple[Policy, str]:
    """The policy and the SHA-256 of the file's bytes; raises PolicyBroken."""
    try:
        if file.stat().st_size > SIZE_LIMIT:
            raise PolicyBroken(f"{file}: larger than {SIZE_LIMIT // 1000} kB; this is no policy")
        raw = file.read_bytes()
    except OSError as error:
        raise PolicyBroken(
            f"{file}: the policy cannot be read ({error.strerror}); `sre-advisor init` writes one"
        ) from None
    return parse_policy(raw, str(file)), hashlib.sha256(raw).hexdigest()


def parse_policy(raw: bytes | str, where: str) -> Policy:
    """The policy in this YAML; raises PolicyBroken. An empty file allows nothing in Slack."""
    try:
        content = yaml.load(raw, _Strict)  # noqa: S506 - a SafeLoader that also refuses keys given twice
        return Policy.model_validate(content if content is not None else {})
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark else ""
        raise PolicyBroken(f"{where}:{line} {getattr(error, 'problem', None) or 'is no valid YAML'}") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
        place = ".".join(str(part) for part in first["loc"] if part not in ("everything", "names")) or "the file"
        what = "no such key" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ")
        raise PolicyBroken(f"{where}: {place}: {what}{more}; docs/reference/policy.md lists the keys") from None


class _Strict(yaml.SafeLoader):
    """A key given twice would silently drop the first: in a policy that hides what is allowed."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value[:40]!r} is given twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)
