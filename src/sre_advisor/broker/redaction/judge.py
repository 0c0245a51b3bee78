"""Whether a value looks like a secret, or like a word, a name or a place to put one."""

from __future__ import annotations

import base64
import binascii
import re
from collections import Counter
from math import log2

_PLACEHOLDER = re.compile(
    r"""(?ix)
    <[^>]*>? | \[[^\]]*\]? | \{.* | %\(?\w+\)?s?%? | \$\{.* | \$\(.* | \$(?-i:[A-Z_][A-Z0-9_]*|[a-z_]+)
    | \#\{.* | @\w+@ | \.{2,}.* | .*\.\.\.
    | (?:your|my|some|the|insert|enter|replace|put)[-_ ].*
    | (?:redacted|masked|hidden|filtered|omitted|removed|placeholder|example|dummy)[\w.-]{0,12}
    """
)
# fmt: off
_NOT_A_VALUE = frozenset({
    "true", "false", "null", "none", "nil", "undefined", "nan", "yes", "no", "on", "off", "empty", "blank",
    "required", "optional", "missing", "invalid", "incorrect", "wrong", "expired", "changed", "reset",
    "failed", "failure", "error", "unknown", "unset", "default", "string", "str", "int", "bool", "bytes",
    "text", "hidden", "secret", "password", "passwd", "token", "value", "key", "file", "prompt", "stdin",
    "ask", "plain", "md5", "sha256", "scram-sha-256", "trust", "peer", "basic", "bearer", "disabled",
    "enabled", "authentication", "authorization", "credentials", "stored", "encrypted", "generated",
    "rotated", "protected",
})
# fmt: on
_WORD = re.compile(r"[A-Za-z]?[a-z]*[.,:!?]?|[A-Z]+")
_RESOURCE_NAME = re.compile(r"[a-z0-9]+(?:[-./:][a-z0-9]+)+")
_CODE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|::\w+|->\w+)+\(?.*|[A-Za-z_][\w.]*\(.*|[A-Za-z_]\w*\[[\w., |]*\]*")
_EVIDENCE_NAME = re.compile(
    r"""(?ix).*(?:
    (?:idempotency|partition|cache|sort|routing|object|dedup|deduplication|shard|row|primary|foreign|request|message
    |event|lookup|hash|index|group|series|etcd|registry|trace)[_. -]?key
    | (?:^|[^a-z])(?:id|uid|uuid|guid|sha\d*|commit|hash|digest|checksum|rev|revision|etag|fingerprint
    |trace|span|version|image|node|pod|instance|replicaset) | (?-i:[a-z]I[dD])
    )"""
)
_IDENTITY = re.compile(r"(?i)[0-9a-f]{7,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_UUID = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T_ ]?[\d:.,Z+-]*|\d{1,6}(?:[.,:/-]\d+)*[a-z%]{0,3}")


def entropy(value: str) -> float:
    """Shannon's entropy in bits a character."""
    size = len(value)
    return -sum(n / size * log2(n / size) for n in Counter(value).values()) if size else 0.0


def is_placeholder(value: str) -> bool:
    """Stands for a secret without being one: `<token>`, `${TOKEN}`, `****`, `xxxx`."""
    return len(set(value)) <= 2 or _PLACEHOLDER.fullmatch(value) is not None


def is_plain(value: str) -> bool:
    """A keyword such as `true`, or a piece of code: nothing anybody would take for a secret."""
    return value.lower().rstrip(".,;:!?)") in _NOT_A_VALUE or _CODE.fullmatch(value) is not None


def is_time(value: str) -> bool:
    """A date, a time or a duration."""
    return _TIME.fullmatch(value) is not None


def is_word(value: str) -> bool:
    """One word in ordinary spelling."""
    return _WORD.fullmatch(value) is not None


def is_identity(name: str, value: str) -> bool:
    """A commit, a request, a trace: hexadecimal under a name that says that it only tells things apart."""
    return _IDENTITY.fullmatch(value) is not None and _EVIDENCE_NAME.fullmatch(name) is not None


def is_resource_name(value: str) -> bool:
    """A Kubernetes name, an image, a path of words: lower-case parts, most of them letters only."""
    if not _RESOURCE_NAME.fullmatch(value) or _UUID.fullmatch(value):
        return False
    parts = re.split(r"[-./:]", value)
    return sum(len(p) for p in parts if p.isalpha()) * 2 >= sum(len(p) for p in parts)


def is_random(value: str, length: int = 12, bits: float = 2.8) -> bool:
    """Letters and digits in a mix that nobody types for a name."""
    return (
        len(value) >= length
        and any(c.isdigit() for c in value)
        and any(c.isalpha() for c in value)
        and entropy(value) >= bits
        and not is_placeholder(value)
        and not is_plain(value)
        and not is_time(value)
        and not is_resource_name(value)
    )


def is_user_and_password(value: str) -> bool:
    """Base64 of `user:password`, as basic authentication and Docker's configuration carry it."""
    try:
        plain = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_" if set(value) & set("-_") else None)
        text = plain.decode("utf-8")
    except (binascii.Error, ValueError):
        return False
    return ":" in text and len(text) >= 3 and text.isprintable()
