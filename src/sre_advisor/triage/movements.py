"""Every series held against its own past: which left its range, when, and which way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from sre_advisor.model import Series, SignalKind
from sre_advisor.triage.calm import calm
from sre_advisor.triage.clean import Samples, clean
from sre_advisor.triage.deviation import MIN_BASELINE, MOVED, surprise
from sre_advisor.triage.kinds import kind_of
from sre_advisor.triage.nouns import Movement
from sre_advisor.triage.onset import departure
from sre_advisor.triage.past import key_of, pasts, with_past
from sre_advisor.triage.peers import Peers, is_outbound, names_caller
from sre_advisor.triage.plain import PLAIN, back_since, plain
from sre_advisor.triage.rise import foot_of

MANY = 1000
"""Series from which the plainly calm ones are not looked at closely: thousands of small scores only add noise."""
SPARSE = 0.5
"""Share of the moments seen elsewhere below which a series is too patchy to be taken at its word."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One series after cleaning, with its movement when it has a baseline (or is not plainly calm among many).

    `calls_peer` tells the direction of an edge series, `outbound` that the series tells of what the service calls,
    `patchy` that many samples are missing; `excess` is the movement in the signal's own unit, signed; `began` is
    when it did, in unix seconds to a fraction of a sample; `plain` that it is no noise (see `plain.plain`) and hurts.
    """

    source: Series
    samples: Samples
    kind: SignalKind
    movement: Movement | None = None
    calm: bool = False
    peer: str | None = None
    calls_peer: bool = False
    outbound: bool = False
    patchy: bool = False
    excess: float = 0.0
    began: float = float("inf")
    plain: bool = False

    @property
    def judged(self) -> bool:
        """Whether there was enough history to say anything."""
        return self.calm or self.movement is not None

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
    peers = Peers(services)
    earlier = pasts(series)
    present = [s for s in series if not s.offset]
    cleaned = [clean(s) for s in present]
    counts = [c.times.size for c in cleaned]
    typical = float(np.quantile(counts, 0.9)) if counts else 0.0
    quiet = calm(cleaned, anchor) if len(cleaned) > MANY else [False] * len(cleaned)
    return [
        Seen(s, c, kind_of(s), calm=True)
        if q
        else _see(s, c, peers, earlier.get(key_of(s), []), anchor, patchy=c.times.size < SPARSE * typical)
        for s, c, q in zip(present, cleaned, quiet, strict=True)
    ]


def _see(
    series: Series, samples: Samples, peers: Peers, past: Sequence[Series], anchor: float, *, patchy: bool
) -> Seen:
    kind = kind_of(series)
    peer = peers.of(series)
    found = departure(samples, kind, anchor) if samples.times.size > MIN_BASELINE else None
    found = with_past(found, samples, past, kind, anchor) if past else found
    movement = None
    if found is not None:
        score, direction = surprise(found.z), "up" if found.z > 0 else "down"
        movement = Movement(
            service=series.service,
            signal=series.name,
            kind=kind,
            unit=series.unit,
            direction=direction,
            before=found.usual.middle,
            now=found.value,
            onset=datetime.fromtimestamp(found.onset, UTC),
            score=score,
            series=series,
            peer=peer,
            callee=(series.service if names_caller(series) else peer) if peer else None,
            plain=score > PLAIN and harms(kind, direction) and plain(samples, found, kind),
            per=samples.step if samples.rate else None,
            back=back_since(samples, found) if score > MOVED else None,
        )
    return Seen(
        source=series,
        samples=samples,
        kind=kind,
        movement=movement,
        peer=peer,
        calls_peer=peer is not None and not names_caller(series),
        outbound=peer is None and is_outbound(series),
        patchy=patchy,
        excess=found.z * found.usual.scale if found is not None else 0.0,
        began=foot_of(samples, found) if found is not None else float("inf"),
        plain=movement is not None and movement.plain,
    )
