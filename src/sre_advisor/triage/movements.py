"""Every series held against its own past: which left its range, when, and which way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.clean import Samples, clean
from sre_advisor.triage.deviation import MIN_BASELINE, MOVED, surprise
from sre_advisor.triage.kinds import kind_of, peer_of
from sre_advisor.triage.nouns import Movement
from sre_advisor.triage.onset import departure
from sre_advisor.triage.words import split_identifier, squash

_CALLER_WORDS = frozenset({"from", "caller", "source", "downstream", "origin"})
_OUTBOUND_WORDS = frozenset({"client", "upstream", "outbound", "egress", "outgoing", "provider", "external"})
_SPARSE = 0.5
"""Share of the moments seen elsewhere below which a series is too patchy to be taken at its word."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One series after cleaning, with its movement when it has a baseline at all.

    `harm` is False for a movement to the better (availability up, latency down), `calls_peer` tells the direction of
    an edge series, `outbound` that the series tells of what the service calls, `patchy` that many samples are missing;
    `excess` is the movement in the signal's own unit, signed.
    """

    movement: Movement | None
    samples: Samples
    source: Series
    kind: SignalKind
    peer: str | None
    calls_peer: bool
    outbound: bool
    patchy: bool
    excess: float = 0.0

    @property
    def moved(self) -> bool:
        """Outside of the usual range by the three-sigma rule."""
        return self.movement is not None and self.movement.score > MOVED

    @property
    def harm(self) -> bool:
        """Whether the direction is one that hurts."""
        return self.movement is not None and harms(self.kind, self.movement.direction)


def harms(kind: SignalKind, direction: str) -> bool:
    """Whether a signal of this kind hurts when it goes this way; traffic and unknown kinds may hurt both ways."""
    if kind is SignalKind.AVAILABILITY:
        return direction == "down"
    if kind in {SignalKind.TRAFFIC, SignalKind.OTHER}:
        return True
    return direction == "up"


def look(series: Sequence[Series], services: Iterable[str], anchor: float) -> list[Seen]:
    """Each present-day series (no offset) seen against its own past, taking `anchor` as the guess of the start."""
    names = {squash(s): s for s in services}
    present = [s for s in series if not s.offset]
    cleaned = [clean(s) for s in present]
    counts = [c.times.size for c in cleaned]
    typical = float(np.quantile(counts, 0.9)) if counts else 0.0
    return [_see(s, c, names, anchor, typical) for s, c in zip(present, cleaned, strict=True)]


def _see(series: Series, samples: Samples, names: dict[str, str], anchor: float, typical: float) -> Seen:
    kind = kind_of(series)
    peer = peer_of(series, names)
    words = set(split_identifier(series.name)) | set(split_identifier(" ".join(series.labels)))
    found = departure(samples, kind, anchor) if samples.times.size > MIN_BASELINE else None
    movement = None
    if found is not None:
        movement = Movement(
            service=series.service,
            signal=series.name,
            kind=kind,
            unit=series.unit,
            direction="up" if found.z > 0 else "down",
            before=found.usual.middle,
            now=found.value,
            onset=datetime.fromtimestamp(found.onset, UTC),
            score=surprise(found.z),
            series=series,
            peer=peer,
        )
    return Seen(
        movement=movement,
        samples=samples,
        source=series,
        kind=kind,
        peer=peer,
        calls_peer=peer is not None and not words & _CALLER_WORDS,
        outbound=peer is None and bool(words & _OUTBOUND_WORDS),
        patchy=samples.times.size < _SPARSE * typical,
        excess=found.z * found.usual.scale if found is not None else 0.0,
    )
