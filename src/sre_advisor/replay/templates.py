"""Log lines that say the same with other numbers, counted as one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sre_advisor.model import LogLine

_VARIABLE = re.compile(
    r"(?P<id>\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b|\b(?=[a-fA-F]*[0-9])[0-9a-fA-F]{8,64}\b"
    # Letters and digits in one long word: were only its digits replaced, a token would no longer be known as a secret.
    r"|\b(?=[A-Za-z+]*[0-9])(?=[0-9+]*[A-Za-z])[A-Za-z0-9+]{10,}=*)"
    r"|(?P<ip>\b[0-9]{1,3}(?:\.[0-9]{1,3}){3}\b)"
    r"|(?P<n>[0-9]+(?:\.[0-9]+)?)"
)
_LOOKED_AT = 500
"""Characters of a message that decide which template it is."""
_SEVERITY = ("fatal", "critical", "error", "warn", "warning", "info", "debug", "trace")


@dataclass(slots=True)
class Template:
    """One kind of line: how often, when first and last, and the oldest and newest as examples."""

    text: str
    service: str | None
    level: str | None
    count: int
    first: datetime
    last: datetime
    oldest: str
    newest: str

    @property
    def rank(self) -> tuple[int, int]:
        """Worst level first, then the most frequent; unknown levels after the known ones."""
        level = (self.level or "").casefold()
        return (_SEVERITY.index(level) if level in _SEVERITY else len(_SEVERITY), -self.count)


def template_of(message: str) -> str:
    """The message with ids, addresses and numbers replaced by what they are; other text stays as it is."""
    return _VARIABLE.sub(lambda found: f"<{found.lastgroup}>", message[:_LOOKED_AT])


def without_ids(message: str) -> str:
    """The message with ids and addresses replaced, numbers kept: what differs then is worth showing."""
    return _VARIABLE.sub(lambda found: found[0] if found.lastgroup == "n" else f"<{found.lastgroup}>", message)


def grouped(lines: Iterable[LogLine]) -> list[Template]:
    """The lines by service, level and template, worst and most frequent first; lines must be in order of time."""
    groups: dict[tuple[str | None, str | None, str], Template] = {}
    for line in lines:
        text = template_of(line.message)
        group = groups.get((line.service, line.level, text))
        if group is None:
            groups[line.service, line.level, text] = Template(
                text, line.service, line.level, 1, line.at, line.at, line.message, line.message
            )
        else:
            group.count, group.last, group.newest = group.count + 1, line.at, line.message
    return sorted(groups.values(), key=lambda group: group.rank)
