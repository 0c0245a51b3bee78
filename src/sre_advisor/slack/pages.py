"""Which addresses may stand as links in a message: pages of the systems that are configured, and no others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

PORTS = {"http": 80, "https": 443}
_UNSAFE = re.compile(r"[^\x21-\x7e]|[\\<>|\"'`{}^]")
"""Characters that browsers, Slack and urlsplit read differently; a link that a tool builds has them encoded."""
LONGEST = 3_000


@dataclass(frozen=True, slots=True)
class Pages:
    """The origins (scheme, host, port) a link may lead to; none unless said."""

    origins: frozenset[tuple[str, str, int]] = frozenset()

    @classmethod
    def of(cls, addresses: Iterable[str | None]) -> Pages:
        """The origins of these addresses; what is no http(s) address adds nothing."""
        found = (_origin(address) for address in addresses if address)
        return cls(frozenset(origin for origin in found if origin is not None))

    def allows(self, url: str) -> bool:
        """Whether the address, exactly as written, leads to one of the origins and to nowhere else."""
        origin = _origin(url)
        return origin is not None and origin in self.origins


NOWHERE = Pages()


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None for what is not plainly an http(s) address without a user name in it."""
    if len(url) > LONGEST or _UNSAFE.search(url):
        return None
    try:
        parts: SplitResult = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in PORTS or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port or PORTS[parts.scheme]
