"""What a Prometheus holds: services, golden signals and calls, found in a constant number of requests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sre_advisor.connectors.contract import ToolFailure
from sre_advisor.connectors.prometheus.capacity import STATE_LABELS, States, states_of
from sre_advisor.connectors.prometheus.config import SignalQuery
from sre_advisor.connectors.prometheus.edges import CALLEE_LABELS, CALLER_LABELS, Edge, read_edges
from sre_advisor.connectors.prometheus.label_choice import STATUS_LABELS, choose_label, labels_worth_probing
from sre_advisor.connectors.prometheus.reads import PrometheusReads
from sre_advisor.connectors.prometheus.resolution import usual_interval
from sre_advisor.connectors.prometheus.schemes import GAUGES, Candidate, Shape, classify
from sre_advisor.connectors.prometheus.signal_queries import signals_of
from sre_advisor.connectors.prometheus.together import together
from sre_advisor.model import SignalKind, Window

LOOK_BACK = timedelta(hours=1)
_SPANS: Mapping[str, int] = {"1m": 60, "5m": 300, "30m": 1800}
FEWEST_SAMPLES = 3
"""Samples that a span must hold to tell how far apart they are."""
NAMES_CHARACTERS = 6_000
"""Longest list of metric names put into one query: the address stays under what proxies accept."""
MOST_SIGNALS: Mapping[SignalKind, int] = {
    SignalKind.TRAFFIC: 4,
    SignalKind.ERRORS: 6,
    SignalKind.LATENCY: 6,
    SignalKind.SATURATION: 10,
    SignalKind.AVAILABILITY: 2,
    SignalKind.CPU: 2,
    SignalKind.MEMORY: 2,
    SignalKind.OTHER: 2,
}
BUCKETS_LIMIT = 20_000
"""Bucket series up to which a quantile over three hours takes a small Prometheus a second or so."""
EDGE_QUERIES = 6
SERVICES_LIMIT = 5_000

Held = dict[str, dict[str, int]]
"""For each label: metric name -> how many values the label has on it."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found; `notes` say what a person should look at, `scrape_interval_s` is None when not measurable."""

    services: tuple[str, ...] = ()
    signals: tuple[SignalQuery, ...] = ()
    edges: tuple[Edge, ...] = ()
    notes: tuple[str, ...] = ()
    scrape_interval_s: float | None = None


async def discover(client: PrometheusReads, at: datetime | None = None) -> Discovery:
    """Look at the names and labels of the hour before `at` (default: now); raises the contract's failures."""
    now = at or datetime.now(UTC)
    recent = Window(now - LOOK_BACK, now)
    names, labels, types = await together(client.metric_names(recent), client.label_names(recent), _types(client))
    every = classify(names, types)
    candidates = _that_fit(every)
    if not candidates:
        return Discovery(notes=(f"none of {len(names)} metrics follows a naming scheme known here",))
    order = client.config.service_labels
    probed = labels_worth_probing(labels, order)
    held, heavy = await together(
        _probe(client, candidates, probed, now), _heavy_histograms(client, candidates, names, now)
    )
    picked = [(c, label) for c in candidates if (label := choose_label(c.probe, held, order)) is not None]
    picked, lightened = _lightened(picked, heavy)
    states = await _states(client, [c for c, _ in picked if c.shape in GAUGES], labels, now)
    signals, chosen = _pick_signals(picked, held, states)
    services, interval = await together(_services(client, chosen, now), _interval(client, chosen, now))
    # A counter of calls may name both ends and nobody as its service: its caller stands in for that.
    calls = [(c, caller) for c in candidates if choose_label(c.probe, held, order) is None
             for caller in CALLER_LABELS if held.get(caller, {}).get(c.probe)]  # fmt: skip
    edges = await _edges(client, [*picked, *calls], held, services, now)
    left, unlabelled = len(every) - len(candidates), len(candidates) - len(picked)
    notes = lightened + _notes(signals, services, edges, chosen, left, unlabelled)
    return Discovery(services, signals, edges, notes, interval)


async def _types(client: PrometheusReads) -> dict[str, str]:
    try:
        return {name: info.type for name, info in (await client.metadata()).items()}
    except ToolFailure:
        return {}  # compatible stores without metadata are read by names alone


def _that_fit(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    kept: list[Candidate] = []
    length = 0
    for candidate in sorted(candidates, key=lambda c: (c.rank, c.name)):
        length += len(candidate.probe) + 1
        if length > NAMES_CHARACTERS:
            break
        kept.append(candidate)
    return tuple(kept)


def _any_of(names: Iterable[str], matcher: str) -> str:
    """Series of these metrics now, or an hour ago: a service that is down has none now."""
    one = f'{{__name__=~"{"|".join(dict.fromkeys(names))}",{matcher}}}'
    return f"({one} or {one} offset 1h)"


async def _probe(client: PrometheusReads, candidates: Sequence[Candidate], labels: Sequence[str], at: datetime) -> Held:
    probes = [candidate.probe for candidate in candidates]

    async def one(label: str) -> dict[str, int]:
        series = _any_of(probes, f'{label}!=""')
        rows = await client.instant(f"count by (__name__) (count by (__name__, {label}) ({series}))", at)
        return {found["__name__"]: round(count) for found, count in rows if "__name__" in found}

    return dict(zip(labels, await together(*(one(label) for label in labels)), strict=True))


async def _heavy_histograms(
    client: PrometheusReads, candidates: Sequence[Candidate], names: Collection[str], at: datetime
) -> dict[str, int]:
    """Names of the buckets of histograms with very many series, and how many; only of those that could be means."""
    buckets = [c.name for c in candidates if c.shape is Shape.HISTOGRAM and f"{c.stem}_sum" in names]
    if not buckets:
        return {}
    rows = await client.instant(f'count by (__name__) ({{__name__=~"{"|".join(buckets)}"}})', at)
    return {found["__name__"]: round(count) for found, count in rows if count > BUCKETS_LIMIT and "__name__" in found}


def _lightened(
    picked: Sequence[tuple[Candidate, str]], heavy: Mapping[str, int]
) -> tuple[list[tuple[Candidate, str]], tuple[str, ...]]:
    """Heavy histograms as means: a quantile over all of their buckets keeps a server busy for many seconds."""
    lighter = [
        (replace(c, name=f"{c.stem}_sum", shape=Shape.MEAN) if c.name in heavy else c, label) for c, label in picked
    ]
    notes = (
        f"{name} has {count:,} series: its mean is looked at, not its quantiles (prometheus.signals can say otherwise)"
        for name, count in sorted(heavy.items())
        if any(c.name == name for c, _ in picked)
    )
    return lighter, tuple(notes)


async def _states(
    client: PrometheusReads, gauges: Sequence[Candidate], labels: Sequence[str], at: datetime
) -> dict[str, States]:
    """The gauges that a label parts into what is in use and what is free."""
    asked = [label for label in STATE_LABELS if label in labels] if gauges else []

    async def one(label: str) -> dict[str, States]:
        series = _any_of([c.probe for c in gauges], f'{label}!=""')
        values: dict[str, list[str]] = {}
        for found, _ in await client.instant(f"count by (__name__, {label}) ({series})", at):
            values.setdefault(found.get("__name__", ""), []).append(found.get(label, ""))
        told = {name: states_of(label, held) for name, held in values.items()}
        return {name: states for name, states in told.items() if states is not None}

    out: dict[str, States] = {}
    for group in await together(*(one(label) for label in asked)):
        out = group | out
    return out


def _pick_signals(
    picked: Sequence[tuple[Candidate, str]], held: Held, states: Mapping[str, States]
) -> tuple[tuple[SignalQuery, ...], list[tuple[Candidate, str]]]:
    """At most so many signals a kind, well-known names and those of many services first."""
    ordered = sorted(picked, key=lambda pair: (pair[0].rank, -held[pair[1]].get(pair[0].probe, 0), pair[0].name))
    left = dict(MOST_SIGNALS)
    signals: list[SignalQuery] = []
    chosen: list[tuple[Candidate, str]] = []
    for candidate, label in ordered:
        status = next((name for name in STATUS_LABELS if held.get(name, {}).get(candidate.probe)), None)
        for signal in signals_of(candidate, label, status, states.get(candidate.name)):
            if left.get(signal.kind, 0) > 0:
                left[signal.kind] -= 1
                signals.append(signal)
                chosen.append((candidate, label))
    kinds = list(SignalKind)
    return tuple(sorted(signals, key=lambda signal: kinds.index(signal.kind))), list(dict.fromkeys(chosen))


async def _services(client: PrometheusReads, chosen: Sequence[tuple[Candidate, str]], at: datetime) -> tuple[str, ...]:
    by_label: dict[str, list[str]] = {}
    for candidate, label in chosen:
        by_label.setdefault(label, []).append(candidate.probe)

    async def one(label: str, names: Sequence[str]) -> list[str]:
        series = _any_of(names, f'{label}!~"|POD"')
        return [found.get(label, "") for found, _ in await client.instant(f"count by ({label}) ({series})", at)]

    groups = await together(*(one(label, names) for label, names in by_label.items()))
    return tuple(sorted({name for group in groups for name in group if name}))[:SERVICES_LIMIT]


async def _interval(client: PrometheusReads, chosen: Sequence[tuple[Candidate, str]], at: datetime) -> float | None:
    if not chosen:
        return None
    probe = chosen[0][0].probe
    counts = await together(*(client.instant(f"max(count_over_time({probe}[{span}]))", at) for span in _SPANS))
    # A series younger than the longest span holds fewer samples of it than its interval makes: the densest span tells.
    apart = [seconds / rows[0][1] for seconds, rows in zip(_SPANS.values(), counts, strict=True)
             if rows and rows[0][1] >= FEWEST_SAMPLES]  # fmt: skip
    return usual_interval(min(apart)) if apart else None


async def _edges(
    client: PrometheusReads,
    picked: Sequence[tuple[Candidate, str]],
    held: Held,
    services: Sequence[str],
    at: datetime,
) -> tuple[Edge, ...]:
    asked = [
        (candidate.probe, label, peer)
        for candidate, label in picked
        for peer in (*CALLER_LABELS, *CALLEE_LABELS)
        if peer != label and held.get(peer, {}).get(candidate.probe)
    ]
    asked.sort(key=lambda one: (-held[one[2]][one[0]] * held[one[1]][one[0]], one))

    async def one(name: str, label: str, peer: str) -> tuple[Edge, ...]:
        series = _any_of([name], f'{label}!="",{peer}!=""')
        rows = await client.instant(f"count by ({label}, {peer}) ({series})", at)
        return read_edges([found for found, _ in rows], label, peer, services)

    groups = await together(*(one(*each) for each in asked[:EDGE_QUERIES]))
    return tuple(sorted({edge for group in groups for edge in group}))


def _notes(
    signals: Sequence[SignalQuery],
    services: Sequence[str],
    edges: Sequence[Edge],
    chosen: Sequence[tuple[Candidate, str]],
    not_looked_at: int,
    unlabelled: int,
) -> tuple[str, ...]:
    labels = sorted({label for _, label in chosen})
    notes = [f"services are named by: {', '.join(labels)}; {len(services)} found"] if labels else []
    held = {signal.kind for signal in signals}
    golden = (SignalKind.TRAFFIC, SignalKind.ERRORS, SignalKind.LATENCY, SignalKind.SATURATION)
    missing = [kind.value for kind in golden if kind not in held]
    if missing:
        notes.append(f"no metric found for: {', '.join(missing)}; name it under prometheus.signals")
    if not edges:
        notes.append("no series names both ends of a call; give depends_on in the catalogue")
    if not_looked_at:
        notes.append(f"{not_looked_at} further metrics follow a naming scheme but were too many to look at")
    if unlabelled:
        notes.append(f"{unlabelled} metrics carry none of the service labels")
    counters = [c.stem for c, _ in chosen if c.shape is Shape.COUNTER and c.kind is SignalKind.TRAFFIC]
    if counters and not any(signal.name.endswith("_error_ratio") for signal in signals):
        notes.append("request counters carry no status label: failures show only where errors are counted apart")
    return tuple(notes)
