"""Which services a line of configuration or code calls: by an address, or by a variable that holds one; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sre_advisor.setup.names import Known

LONGEST_LINE = 600
"""Characters; longer lines are generated or minified."""
_IMAGE = re.compile(r"^\s*-?\s*(image|FROM|uses|name)\s*:?\s", re.IGNORECASE)
_URL = re.compile(r"[a-z][a-z0-9+.-]*://(?:/)?(?:[^@/\s\"']*@)?([a-z0-9][a-z0-9._-]*)", re.IGNORECASE)
_HOST_PORT = re.compile(r"(?<![\w./-])([a-z][a-z0-9._-]*):\d{2,5}(?!\d)", re.IGNORECASE)
_CLUSTER = re.compile(r"(?<![\w./-])([a-z][a-z0-9-]*)\.[a-z0-9-]+\.svc\b", re.IGNORECASE)
_VARIABLE = re.compile(
    r"(?<![A-Za-z0-9_])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*?)_(?:GRPC_|HTTP_|BASE_|API_)?"
    r"(?:URL|URI|HOST|HOSTNAME|ADDR|ADDRESS|ENDPOINT|TARGET|SERVER|DSN)(?![A-Za-z0-9_])"
)


def called_in(lines: Iterable[str], known: Known) -> tuple[str, ...]:
    """The services that these lines name as an address, in order of appearance."""
    found: list[str] = []
    for line in lines:
        if len(line) > LONGEST_LINE or _IMAGE.match(line):
            continue
        words = [host for pattern in (_URL, _HOST_PORT, _CLUSTER) for host in pattern.findall(line)]
        words += [name.replace("_", "-") for name in _VARIABLE.findall(line)]
        for word in words:
            service = known.find(word) or known.find(word.split(".")[0])
            if service:
                found.append(service)
    return tuple(dict.fromkeys(found))
