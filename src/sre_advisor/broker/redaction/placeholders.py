"""What stands in a secret's place, the same for the same secret within one investigation."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from hashlib import blake2b

PLACEHOLDER = re.compile(r"\[redacted:[a-z0-9-]{1,64}(?:#[0-9]{1,9})?\]")
MARK = "[redacted:"

REMEMBERED = 100_000
"""Secrets that keep their number; an older one that comes back gets a new number."""


class Unnumbered:
    """Names only the kind of secret."""

    def placeholder(self, rule: str, _secret: str) -> str:
        """The text to show instead."""
        return f"{MARK}{rule}]"


class Numbered:
    """Numbers secrets in the order they are met.

    Only a digest under a random key of this object is kept: neither the number nor the memory tells the secret.
    """

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, str] = OrderedDict()
        self._last = 0

    def placeholder(self, rule: str, secret: str) -> str:
        """The text to show instead; a secret keeps the name under which it was met first."""
        digest = blake2b(secret.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        known = self._known.get(digest)
        if known is None:
            self._last += 1
            known = self._known[digest] = f"{MARK}{rule}#{self._last}]"
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known
