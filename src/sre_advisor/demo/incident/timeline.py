"""When what happened in the bundled incident; every other module takes its times from here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

SEED = "shop-incident-1"
STEP_S = 15
NOW = datetime(2026, 3, 12, 14, 4, tzinfo=UTC)
START = NOW - timedelta(hours=3)
SAMPLES = int((NOW - START).total_seconds()) // STEP_S + 1


def _at(clock: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-12T{clock}+00:00")


LOGGING_DEPLOY = _at("12:41:05")
FRONTEND_DEPLOY = _at("13:33:20")
POOL_DEPLOY = _at("13:48:30")
FLAG_FLIP = _at("13:51:45")
CHECKOUT_DEPLOY = _at("13:56:10")

PODS_REPLACED = tuple(POOL_DEPLOY + timedelta(seconds=s) for s in (35, 125, 215))
"""When each pod of payments came up with the new settings: one after the other, each ready for 85 s first."""

DISK_ALERT = _at("12:17:30")
LATENCY_ALERT = _at("13:55:45")
CHECKOUT_ALERT = _at("13:57:30")


def second_of(at: datetime) -> int:
    """Seconds since the recording's start."""
    return int((at - START).total_seconds())
