"""The shop's log lines: ordinary work of every service, and what the failing charges leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from pydantic import JsonValue

from sre_advisor.demo.incident.charges import (
    HELD_S,
    POOL_AFTER,
    POOL_BEFORE,
    POOL_TIMEOUT_S,
    SECONDS,
    Second,
    simulate,
)
from sre_advisor.demo.incident.noise import Noise
from sre_advisor.demo.incident.timeline import (
    CHECKOUT_DEPLOY,
    FLAG_FLIP,
    LOGGING_DEPLOY,
    PODS_REPLACED,
    POOL_DEPLOY,
    START,
    second_of,
)

Line = dict[str, JsonValue]
_SAMPLED = 60
"""One line in so many of the failing requests reaches the store; the shop's architecture page says so."""
_TIMEOUT_MS = int(POOL_TIMEOUT_S * 1000)
_ORDINARY: dict[str, tuple[tuple[str, str, int], ...]] = {
    "accounts": (("INFO", "sign-in link sent request=req-{id}", 130), ("WARN", "link expired request=req-{id}", 900)),
    "cart": (("INFO", "cart saved items={n} request=req-{id}", 95),),
    "catalog": (("INFO", "cache refreshed products={n}00 in {n} ms", 60),),
    "checkout": (("INFO", "order placed request=req-{id} in 9{n} ms", 55),),
    "frontend": (("INFO", "GET / 200 in 2{n} ms request=req-{id}", 45), ("WARN", "slow client gone req-{id}", 700)),
    "inventory": (("INFO", "released {n} old reservations", 300),),
    "notifications": (
        ("INFO", "mail queued order={n}{n}", 110),
        ("ERROR", "smtp: 451 greylisted, try again later, attempt {n} of 6 order={n}{n}", 210),
    ),
    "orders": (("INFO", "order created id={n}{n} request=req-{id}", 60),),
    "payments": (("INFO", "charge request=req-{id} result=approved", 50), ("INFO", "charge result=refused 51", 260)),
    "recommendations": (("INFO", "model answered in {n} ms", 120), ("WARN", "model batch late by {n} ms", 480)),
    "search": (("INFO", "segment merged docs={n}000", 180), ("WARN", "index disk above soft limit, merging", 330)),
    "shipping": (("INFO", "parcel asked for order={n}{n}", 100), ("WARN", "carrier timeout, trying again", 390)),
}
"""Level, message and mean seconds between such lines, by service."""


def log_lines() -> list[Line]:
    """All lines in order of time."""
    lines = [*_ordinary(), *_events(), *_failures(simulate())]
    return [_shown(*line) for line in sorted(lines)]


_Raw = tuple[float, str, str, str]
"""Second since the start, service, level, message."""


def _shown(second: float, service: str, level: str, message: str) -> Line:
    at = START + timedelta(milliseconds=round(second * 1000))
    return {"at": f"{at:%FT%T}.{at.microsecond // 1000:03d}Z", "service": service, "level": level, "message": message}


def _filled(message: str, noise: Noise) -> str:
    return message.replace("{id}", f"{noise.below(16**8):08x}").replace("{n}", str(10 + noise.below(80)))


def _ordinary() -> Iterator[_Raw]:
    for service, kinds in _ORDINARY.items():
        noise = Noise(f"log/{service}")
        for second in range(SECONDS):
            for level, message, every in kinds:
                if noise.chance(1 / every):
                    yield second + noise.below(1000) / 1000, service, level, _filled(message, noise)


def _events() -> Iterator[_Raw]:
    for number, after_s in enumerate((40, 130, 220), start=1):
        begun = second_of(LOGGING_DEPLOY) + after_s
        yield begun, "payments", "INFO", f"pod payments-{number} started, release 240"
        yield begun + 0.4, "payments", "INFO", _pool_ready(POOL_BEFORE)
    for number, at in enumerate(PODS_REPLACED, start=1):
        yield second_of(at), "payments", "INFO", f"pod payments-{number} started, release 241"
        yield second_of(at) + 0.4, "payments", "INFO", _pool_ready(POOL_AFTER)
    for number, after_s in enumerate((30, 120, 210, 300), start=1):
        yield second_of(CHECKOUT_DEPLOY) + after_s, "checkout", "INFO", f"pod checkout-{number} started, release 388"
    yield second_of(FLAG_FLIP) + 2, "recommendations", "INFO", "flag recommendations.carousel-v2 now on for 50 percent"
    yield second_of(POOL_DEPLOY), "payments", "INFO", "rollout of release 241 begins"


def _pool_ready(size: int) -> str:
    return f"database ready: pool size={size} overflow=0 timeout={_TIMEOUT_MS}ms"


def _failures(seconds: tuple[Second, ...]) -> Iterator[_Raw]:
    noise = Noise("log/failures")
    for index, second in enumerate(seconds):
        at = index + noise.below(1000) / 1000
        if noise.chance(second.failed / _SAMPLED):
            waiting = max(1, round(second.wait_s * POOL_AFTER / HELD_S))
            yield at, "payments", "ERROR", _filled(
                f"no database connection within {_TIMEOUT_MS} ms (in use {POOL_AFTER}, idle 0, waiting {waiting}) "
                "request=req-{id}", noise
            )  # fmt: skip
        if noise.chance(second.failed / _SAMPLED):
            took = _TIMEOUT_MS + 5 + noise.below(40)
            message = f"payments answered 503 after {took} ms, trying again" + " request=req-{id}"
            yield at + 0.01, "checkout", "WARN", _filled(message, noise)
        if noise.chance(second.given_up / (_SAMPLED / 4)):
            message = "order not placed: charge failed after 3 attempts, last 503 from payments request=req-{id}"
            yield at + 0.02, "checkout", "ERROR", _filled(message, noise)
            if noise.chance(0.5):
                yield at + 0.03, "frontend", "WARN", _filled("POST /checkout 502 request=req-{id}", noise)
