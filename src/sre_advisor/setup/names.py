"""When two names mean the same service: pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_ENDING = re.compile(r"-?(service|svc)$")


def key(name: str) -> str:
    """The name without case and with one kind of separator: Order_Service and order-service are one."""
    return re.sub(r"[\s_./]+", "-", name.strip()).strip("-").casefold()


def stem(name: str) -> str:
    """The key without a closing -service or -svc; the key itself when nothing else would be left."""
    return _ENDING.sub("", key(name)) or key(name)


class Known:
    """Names of services, found again in other spellings."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self._by_key: dict[str, str] = {}
        stems: dict[str, list[str]] = {}
        for name in self.names:
            self._by_key.setdefault(key(name), name)
            stems.setdefault(stem(name), []).append(name)
        self._by_stem: Mapping[str, str] = {one: names[0] for one, names in stems.items() if len(names) == 1}

    def find(self, word: str) -> str | None:
        """The service this word names: in the same spelling, else without -service where that is unambiguous."""
        return self._by_key.get(key(word)) or self._by_stem.get(stem(word))
