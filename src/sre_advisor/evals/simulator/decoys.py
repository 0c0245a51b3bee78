"""What has nothing to do with the trouble and looks as if it had: other changes, an old alert, a busy machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from sre_advisor.evals.simulator.alarms import disk_alarm
from sre_advisor.evals.simulator.day import SAMPLES, Day, Extra
from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.told import AUTHORS, Told, shipped
from sre_advisor.model import Alert, Change, SignalKind, Verdict

_HARMLESS = (
    ("Reword a message for customers", "messages.py", '    text = "Please wait"', '    text = "One moment, please"'),
    ("Bump a development dependency", "requirements-dev.txt", "pytest==8.4.1", "pytest==8.4.2"),
    ("Log the request's id once", "logging.py", '    log.debug("begin")', '    log.debug("begin", request=request.id)'),
    ("Rename a variable for clarity", "naming.py", "    tmp = total(items)", "    order_total = total(items)"),
    ("Adjust a colour of the banner", "banner.css", "  color: #335577;", "  color: #336699;"),
    ("Describe the endpoint in its docstring", "api.py", '    """List."""', '    """List what was ordered."""'),
)
_SUSPECT = (
    ("Keep the list of countries for an hour", "countries.py", "TTL_S = 600", "TTL_S = 3600"),
    ("Run two more workers", "workers.py", "WORKERS = 8", "WORKERS = 10"),
    ("Try the nightly export twice", "export.py", "EXPORT_ATTEMPTS = 1", "EXPORT_ATTEMPTS = 2"),
    ("Ask for the customer's language once", "language.py", "    load(user)", "    load(user, languages=True)"),
    ("Wait longer for the report", "report.py", "REPORT_TIMEOUT_S = 20", "REPORT_TIMEOUT_S = 60"),
)
"""Changes one would look at twice; that nothing of their own service moved is what clears them."""


@dataclass(frozen=True, slots=True)
class Decoys:
    """What was laid out."""

    changes: tuple[Change, ...]
    services: tuple[str, ...]
    alerts: tuple[Alert, ...]


def lay(day: Day, told: Told) -> Decoys:
    """Decoys of every kind, away from the truth."""
    noise = day.noise("decoys")
    guilty = set(told.services) | {c.service for c in told.changes}
    free = [n for n in day.shop.tier(0, 1, 2) if n not in guilty and n not in told.hidden]
    chosen = noise.some(free, 4)
    changes = [] if told.verdict is Verdict.NOT_ENOUGH else _changes(day, noise, told, chosen)
    busy = chosen[-1]
    if told.verdict is not Verdict.NOT_ENOUGH:
        _busy(day, noise, busy)
    # On a day on which nothing is wrong no alert may fire, or not all would be well.
    alerts = (
        [] if told.verdict is not Verdict.LIKELY_CAUSE or noise.chance(0.4) else [_old_alert(day, noise, chosen[0])]
    )
    return Decoys(tuple(changes), tuple(chosen), tuple(alerts))


def _changes(day: Day, noise: Noise, told: Told, chosen: list[str]) -> list[Change]:
    """Deploys before and shortly before the onset, a flag, and one after it to somebody who suffers."""
    suspect = noise.some(_SUSPECT, 2)
    plain = noise.some(_HARMLESS, 2)
    # The one shortly before the onset is always one that could have done it.
    texts = [plain[0], suspect[0], plain[1], suspect[1]]
    minutes = (noise.between(70, 140), noise.between(2, 9), noise.between(15, 50))
    found: list[Change] = []
    for service, text, ago in zip(chosen, texts, minutes, strict=False):
        found += shipped(noise, service, day.onset - timedelta(seconds=round(60 * ago)), *text)
    suffering = sorted(day.shop.upstream(told.services[0]) - set(told.services)) if told.services else []
    if suffering and noise.chance(0.7):
        live = day.onset + timedelta(seconds=round(noise.between(120, 400)))
        found += shipped(noise, noise.one(suffering), live, *texts[3])
    flag = noise.one(chosen)
    found.append(
        Change(
            f"flag-{flag}-theme-{noise.below(90) + 10}", "flag",
            day.onset - timedelta(seconds=round(noise.between(60, 900))),
            f"flag {flag}.summer-theme: 0 % -> {noise.one((5, 10, 50))} % of visitors", flag, noise.one(AUTHORS),
        )
    )  # fmt: skip
    return found


def _busy(day: Day, noise: Noise, service: str) -> None:
    """A burst of processor use every half hour, as every day."""
    at = (np.arange(SAMPLES) + noise.below(60)) % 60
    day.bend(service).cpu = day.bend(service).cpu + np.where(at < 5, noise.between(0.15, 0.3), 0.0)


def _old_alert(day: Day, noise: Noise, service: str) -> Alert:
    level = np.full(SAMPLES, noise.between(0.86, 0.89))
    day.bend(service).extras["disk_used_ratio"] = Extra(level, SignalKind.SATURATION, "ratio", 0.002, 1.0)
    return disk_alarm(day, service, noise.between(1.6, 2.7))
