"""What could not be seen, said plainly, so that silence is not read as health."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sre_advisor.model import Alert, Catalogue, Change
from sre_advisor.triage.gone import ended
from sre_advisor.triage.movements import Seen

AHEAD = timedelta(minutes=1)
"""Lead of another clock that nobody needs to hear of."""
NAMED = 5
"""Names listed before the rest is only counted."""


def unseen_parts(
    seen: Sequence[Seen],
    services: Sequence[str],
    changes: Sequence[Change],
    alerts: Sequence[Alert],
    catalogue: Catalogue,
    now: datetime,
) -> tuple[str, ...]:
    """One line for each kind of gap, naming the first few it concerns."""
    out: list[str] = []
    measured = {s.source.service for s in seen if s.samples.times.size}
    blind = [s for s in services if s not in measured]
    if not seen:
        out.append("no metrics were read")
    elif blind:
        out.append(f"no metrics of {_some(blind)}")
    judged = {s.source.service for s in seen if s.judged}
    short = sorted(measured - judged)
    if short:
        out.append(f"too little history or nothing since the start to judge {_some(short)}")
    stale = [f"{s.source.service} {s.source.name}" for s in seen if ended(s.samples, now.timestamp())]
    if stale:
        out.append(f"no recent samples of {_some(stale)}")
    ahead = sum(a.started_at > now + AHEAD for a in alerts) + sum(c.at > now + AHEAD for c in changes)
    if ahead:
        out.append(f"{ahead} of the alerts and changes lie{'s' * (ahead == 1)} after the question's time: clock skew?")
    if not changes:
        out.append("no deploys, commits or flags are known")
    if not catalogue.graph:
        out.append("no dependency graph, so callers and callees could not be told apart")
    return tuple(out)


def _some(names: Sequence[str]) -> str:
    shown = ", ".join(names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"
