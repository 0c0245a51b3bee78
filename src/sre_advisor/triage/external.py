"""Signs that the cause lies outside of every known change: names, certificates, providers, machines, a surge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sre_advisor.model import Alert, SignalKind
from sre_advisor.triage.logs import new_trouble
from sre_advisor.triage.movements import Seen
from sre_advisor.triage.nouns import LogTemplate
from sre_advisor.triage.peers import SHORTEST
from sre_advisor.triage.relevance import SYMPTOMS
from sre_advisor.triage.words import squash

_NAMES = (
    r"no such host|ENOTFOUND|EAI_AGAIN|SERVFAIL|NXDOMAIN|name resol|name or service not known|resolve host"
    r"|getaddrinfo|nameserver|upstreams? down"
)
_CERTIFICATE = (
    r"certificate (?:has )?expired|x509|certificate (?:is )?not (?:yet )?valid|CERT_HAS_EXPIRED"
    r"|cert\w* expir(?!es? (?:in|soon|within)\b|ing\b)|certificate verify failed|unable to get (?:local )?issuer"
    r"|(?:licen[cs]e|api key|credentials?|secret) (?:has |have )?(?:expired|been revoked|revoked)"
)
_MACHINE = (
    r"node (?:is )?not ?ready|NodeLost|I/O error|input/output error|disk fail|hardware error|\bECC\b|machine check"
    r"|read-only file system|kernel panic|spot interruption|preempt|evict\w+.*\bnode|\bnode\b.*evict|\bNIC\b"
    r"|link (?:is )?down|packet loss|zone (?:outage|impair)|kubelet|no space left on device|clock (?:skew|drift)"
)
_PROVIDER = (
    r"SlowDown|throttl|rate exceeded|quota exceeded|too many requests|service ?unavailable.*region"
    r"|region=\S+.*unavailable|provider (?:outage|unavailable|error)|third[- ]party"
)
_CAUSES = tuple(
    (said, re.compile(pattern, re.IGNORECASE))
    for said, pattern in (
        ("names do not resolve", _NAMES),
        ("a certificate, key or licence is not valid", _CERTIFICATE),
        ("a machine, disk or network is failing", _MACHINE),
        ("a provider throttles or fails", _PROVIDER),
    )
)
# A name on the internet as it stands in a log line: not a package path (java.io.X), not a module (host.tld/path without
# a scheme), which stack traces are full of.
_HOST = re.compile(
    r"(?:(?<=://)|(?<![\w./@-]))((?:[a-z0-9-]+\.)+(?:com|net|org|io|dev|cloud|co|ai|app|eu|de|uk|gov))\b(?!\.\w|-)",
    re.IGNORECASE,
)
_MODULE = re.compile(r"(?<!://)\b(?:[a-z0-9-]+\.)+[a-z]+/[\w./-]+", re.IGNORECASE)
# A refusal (4xx, but for "too many") says that we asked wrongly, and a change may be why.
_OUR_FAULT = re.compile(r"\b4(?!29)\d\d\b")
ENOUGH = 0.4
"""Share of the new troubled lines that must point outside before it counts as the shape of the trouble."""
SURGE, SURGE_FACTOR, SURGE_SHARE = 6.0, 1.5, 0.6
"""Surprise of incoming traffic (about eight sigmas) and its growth from which demand itself may be the cause; it
stands against shares of log lines as a little more than half."""
SURGE_LEAD = timedelta(minutes=30)
"""Time within which a surge breaks what it breaks; demand that rose for longer is the time of day."""


@dataclass(frozen=True, slots=True)
class Outside:
    """A cause outside of the changes: its share of the new troubled lines (0 to 1), in words."""

    share: float
    reason: str


def look_outside(
    templates: Sequence[LogTemplate],
    alerts: Sequence[Alert],
    seen: Sequence[Seen],
    services: Iterable[str],
    demand: set[str],
) -> Outside | None:
    """The strongest sign of an outside cause, or None; a host is outside when its name holds no known service's."""
    known = [squash(s) for s in services]
    lines = [(t.example, float(t.since)) for t in new_trouble(templates)]
    told = " ".join(v for a in alerts for v in a.annotations.values())
    total = sum(n for _, n in lines)
    found: list[Outside] = []
    for reason, pattern in _CAUSES:
        hits = [(m, n) for m, n in lines if pattern.search(m)]
        share = sum(n for _, n in hits) / total if total else 0.0
        if share >= ENOUGH:
            found.append(Outside(share, reason))
        elif pattern.search(told):
            found.append(Outside(ENOUGH, f"by the words of an alert {reason}"))
    hits = [(m, n) for m, n in lines if _outside_hosts(m, known)]
    if total and sum(n for _, n in hits) / total >= ENOUGH:
        host = _outside_hosts(hits[0][0], known)[0]
        share = sum(n for _, n in hits) / total
        found.append(Outside(share, f"calls to {host} fail, which is none of our services"))
    surge = _surge(seen, demand)
    if surge is not None:
        found.append(surge)
    return max(found, key=lambda o: o.share, default=None)


def _outside_hosts(line: str, known: Sequence[str]) -> list[str]:
    if _OUR_FAULT.search(line):
        return []
    hosts = _HOST.findall(_MODULE.sub(" ", line))
    return [h for h in hosts if not any(len(k) >= SHORTEST and k in squash(h) for k in known)]


def _surge(seen: Sequence[Seen], demand: set[str]) -> Outside | None:
    """Traffic where demand comes in rose plainly, and no later than anything failed."""
    rises = [
        s.movement
        for s in seen
        if s.movement is not None
        and s.kind is SignalKind.TRAFFIC
        and s.movement.direction == "up"
        and s.peer is None
        and not s.patchy
        and s.source.service in demand
        and s.movement.score >= SURGE
        and s.movement.now >= SURGE_FACTOR * s.movement.before > 0
    ]
    failing = [s.movement.onset for s in seen if s.moved and s.harm and s.movement and s.kind in SYMPTOMS]
    started = [t for t in failing if t is not None]
    if not rises or not started:
        return None
    best = max(rises, key=lambda m: m.score)
    if best.onset is None or not timedelta(0) <= min(started) - best.onset <= SURGE_LEAD:
        return None
    return Outside(SURGE_SHARE, f"traffic of {best.service} rose from {best.before:.4g} to {best.now:.4g} first")
