"""The signals of a shop over some hours, as an ordinary day gives them and a cause bends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from sre_advisor.evals.simulator.noise import Noise
from sre_advisor.evals.simulator.shop import Member, Shop
from sre_advisor.model import SignalKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

STEP_S = 30
HOURS = 3
SAMPLES = HOURS * 3600 // STEP_S + 1
TRAFFIC, ERRORS, LATENCY = "http_requests_per_second", "http_error_ratio", "http_request_p99_seconds"
CPU, MEMORY = "cpu_utilization_ratio", "memory_working_set_ratio"
KINDS = {
    TRAFFIC: (SignalKind.TRAFFIC, "requests/s"),
    ERRORS: (SignalKind.ERRORS, "ratio"),
    LATENCY: (SignalKind.LATENCY, "seconds"),
    CPU: (SignalKind.CPU, "ratio"),
    MEMORY: (SignalKind.MEMORY, "ratio"),
}
_DAY = datetime(2026, 4, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Extra:
    """A metric that only some services have; `spread` is its relative noise, `top` the most it can be."""

    values: Floats
    kind: SignalKind
    unit: str | None
    spread: float = 0.03
    top: float | None = None


@dataclass(slots=True)
class Bend:
    """What a cause does to one service, sample by sample."""

    traffic: Floats = field(default_factory=lambda: np.ones(SAMPLES))
    """Times the ordinary traffic."""
    errors: Floats = field(default_factory=lambda: np.zeros(SAMPLES))
    """Added error ratio."""
    slow_s: Floats = field(default_factory=lambda: np.zeros(SAMPLES))
    """Added seconds at the 99th percentile."""
    cpu: Floats = field(default_factory=lambda: np.zeros(SAMPLES))
    memory: Floats = field(default_factory=lambda: np.zeros(SAMPLES))
    extras: dict[str, Extra] = field(default_factory=dict[str, Extra])


@dataclass(slots=True)
class Day:
    """The hours before the question, as they are being bent; `onset` is when the trouble begins to show."""

    seed: str
    shop: Shop
    now: datetime
    onset: datetime
    bends: dict[str, Bend] = field(default_factory=dict[str, Bend])

    def bend(self, name: str) -> Bend:
        """How a service is bent so far."""
        return self.bends.setdefault(name, Bend())

    @property
    def start(self) -> datetime:
        """The time of the first sample."""
        return self.now - timedelta(hours=HOURS)

    @property
    def onset_index(self) -> int:
        """The first sample at or after the onset."""
        return self.index(self.onset)

    def index(self, at: datetime) -> int:
        """The first sample at or after a time."""
        return int(-((self.start - at).total_seconds() // STEP_S))

    def time(self, index: int) -> datetime:
        """When a sample was taken."""
        return self.start + timedelta(seconds=index * STEP_S)

    def step(self, at: datetime | None = None, rise_s: float = 90) -> Floats:
        """0 before, 1 after, rising in between; by default at the onset."""
        begun = self.index(at or self.onset)
        return np.clip((np.arange(SAMPLES) - begun + 1) / max(1.0, rise_s / STEP_S), 0.0, 1.0) * (
            np.arange(SAMPLES) >= begun
        )

    def ramp(self, begin: datetime, end: datetime) -> Floats:
        """0 before `begin`, 1 after `end`, a straight line between."""
        first, last = self.index(begin), max(self.index(end), self.index(begin) + 1)
        return np.clip((np.arange(SAMPLES) - first) / (last - first), 0.0, 1.0)

    def noise(self, *names: object) -> Noise:
        """A stream of this day's own."""
        return Noise(self.seed, *names)


def make_day(seed: str, shop: Shop, minutes: tuple[float, float] = (14, 32)) -> Day:
    """An ordinary day that ends with a question; the trouble began so many minutes before it."""
    noise = Noise(seed, "day")
    now = _DAY + timedelta(days=noise.below(20), hours=10 + noise.below(9), minutes=noise.below(60))
    onset = now - timedelta(seconds=STEP_S * int(60 * noise.between(*minutes) // STEP_S))
    return Day(seed, shop, now, onset)


def columns(day: Day) -> dict[tuple[str, str], Floats]:
    """Every series by (service, metric)."""
    busy = 0.8 + 0.2 * np.sin(np.linspace(0.3, 1.5, SAMPLES))
    found: dict[tuple[str, str], Floats] = {}
    for member in day.shop.members:
        found |= {(member.name, metric): values for metric, values in _member(day, member, busy).items()}
    for name, bend in day.bends.items():
        for metric, extra in bend.extras.items():
            noisy = day.noise(name, metric).around(extra.values, extra.spread)
            found[name, metric] = np.minimum(noisy, extra.top) if extra.top is not None else noisy
    return found


def _member(day: Day, member: Member, busy: Floats) -> dict[str, Floats]:
    bend = day.bend(member.name)

    def noisy(metric: str, values: Floats, spread: float, top: float | None = None) -> Floats:
        found = day.noise(member.name, metric).around(values, spread)
        return np.minimum(found, top) if top is not None else found

    signals = {
        TRAFFIC: noisy(TRAFFIC, member.traffic * busy * bend.traffic, 0.035),
        ERRORS: noisy(ERRORS, member.errors + bend.errors, 0.12, 1.0),
        LATENCY: noisy(LATENCY, member.p99_s + bend.slow_s, 0.05),
    }
    if not member.outside:  # nobody sees the machines of another company
        load = 0.6 + 0.4 * busy * bend.traffic
        signals[CPU] = noisy(CPU, member.cpu * load + bend.cpu, 0.05, 1.0)
        signals[MEMORY] = noisy(MEMORY, member.memory + bend.memory, 0.006, 1.0)
    return signals
