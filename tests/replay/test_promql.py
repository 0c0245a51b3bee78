"""Without a Prometheus the recorded series give what a real one gives, or say that they cannot."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from sre_advisor.broker.redaction import Redactor
from sre_advisor.model import Window
from sre_advisor.replay.coverage import NotInThisRecording
from sre_advisor.replay.local_prometheus import installed
from sre_advisor.replay.opening import open_recording
from sre_advisor.replay.openmetrics import RawSeries
from sre_advisor.replay.parts import EraPart, MetricPart, MetricsPart
from sre_advisor.replay.prometheus import EvaluatedPrometheus, ReplayedPrometheus
from sre_advisor.replay.shelf import Shelf
from sre_advisor.replay.writer import write_recording
from tests.replay.small_recording import NOW, START, captured
from tests.replay.test_recordings import ask

QUERIES = (
    "g", 'g{service="web"}', 'g{service!="web"}', 'g{service=~"w.*|d."}', 'g{service!~"w.*"}', "g offset 7m", "c",
    "rate(c[1m])", "rate(c[5m])", "increase(c[3m])", "delta(g[4m])", "increase(c[5m] offset 10m)",
    "sum(rate(c[2m]))", "sum by (service) (rate(c[2m]))", "sum without (pod) (c)", "avg by (service) (g)", "avg(g)",
    "min by (pod) (g)", "max(g)", "count by (service) (g)", "count(g > 50)", "quantile(0.3, g)", "topk(2, g)",
    "bottomk(1, g)", "topk by (service) (1, g)", "max_over_time(g[3m])", "min_over_time(g[3m])", "avg_over_time(g[3m])",
    "sum_over_time(g[3m])",
    "count_over_time(g[3m])", "last_over_time(g[3m])", "g * 2 + 1", "1 - g / 100", "g > 50", "50 > g",
    "g / c", "sum by (service) (g) / (sum by (service) (c) > 0)", "g - g", "g == g", "g != 3", "2 * 3", "vector(4)",
    "histogram_quantile(0.9, sum by (le) (rate(h_bucket[5m])))",
    "histogram_quantile(0, sum by (le) (rate(h_bucket[5m])))",
    "histogram_quantile(0.5, sum by (service, le) (rate(h_bucket[2m])))", "histogram_quantile(1, rate(h_bucket[5m]))",
    '(sum by (pod) (rate(c{pod="1"}[2m])) or 0 * sum by (pod) (rate(c[2m]))) / (sum by (pod) (rate(c[2m])) > 0)',
    'g{service="web"} or g', "count(g > 1000) or vector(0)", "never_was",
)  # fmt: skip
BEYOND = (
    "deriv(g[5m])",
    "g and c",
    "g unless c",
    "g / on (service) c",
    "g > bool 3",
    'label_replace(g, "a", "b", "c", "d")',
)


def series() -> Sequence[RawSeries]:
    """Gauges, counters with restarts, buckets; with gaps, and samples at uneven times."""
    dice, made = random.Random(5), list[RawSeries]()
    for service in ("web", "db"):
        for pod in ("1", "2"):
            at = [START.timestamp() + 15 * n + dice.choice((0, 0.25, 0.113)) for n in range(720)]
            gap = dice.randrange(300, 600)
            at = [t for n, t in enumerate(at) if not gap < n < gap + 40 and dice.random() > 0.02]
            labels = {"service": service, "pod": pod}
            total, counter = 0.0, list[float]()
            buckets: dict[str, list[float]] = {"0.1": [], "1": [], "+Inf": []}
            held = dict.fromkeys(buckets, 0.0)
            for n in range(len(at)):
                total = 0.0 if n in (200, 333) else total + dice.choice((0, 1, 5, 40))
                counter.append(total)
                new = dice.randrange(0, 9)
                for place, bound in enumerate(buckets):
                    held[bound] += new * (place + 1) / 3
                    buckets[bound].append(held[bound])
            gauge = [round(dice.uniform(0, 100), 3) for _ in at]
            rows = [("g", {}, gauge), ("c", {}, counter), *(("h_bucket", {"le": b}, v) for b, v in buckets.items())]
            made += [
                RawSeries({"__name__": name, **labels, **more}, np.array(at), np.array(values))
                for name, more, values in rows
            ]
    return made


def recording(path: Path) -> Path:
    held = captured()
    held.series = {"now": (EraPart(name="now", start=START, end=NOW), series())}
    held.metrics = MetricsPart(metrics=tuple(MetricPart(name=n, held=("now",)) for n in ("g", "c", "h_bucket")))
    return write_recording(held, path, Redactor().numbering())


Points = dict[tuple[tuple[str, str], ...], tuple[list[float], list[float]]]


async def points(backend: ReplayedPrometheus, query: str, window: Window, step: float) -> Points:
    found = await backend.query_range(query, window, step)
    return {tuple(sorted(one.labels.items())): (one.times.tolist(), one.values.tolist()) for one in found}


def same(one: Points, other: Points) -> bool:
    if one.keys() != other.keys():
        return False
    return all(
        one[key][0] == other[key][0]
        and all(math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9) for a, b in zip(one[key][1], other[key][1], strict=True))
        for key in one
    )


@pytest.mark.skipif(installed() is None, reason="needs prometheus: sudo apt-get install prometheus")
async def test_every_query_gives_what_a_real_prometheus_gives(tmp_path: Path) -> None:
    programs, shelf, dice = installed(), Shelf(), random.Random(1)
    assert programs is not None
    volume = shelf.take(recording(tmp_path / "r"))
    assert volume.sealed is not None
    told = (NOW, volume.metrics, volume.sealed.manifest.eras)
    real = ReplayedPrometheus(volume.prometheus(programs).url, *told)
    own = EvaluatedPrometheus(*told, volume.raw)
    for query in QUERIES:
        for step in (15.0, 60.0, 7.0):
            end = NOW - timedelta(seconds=dice.randrange(0, 5000))
            window = Window(end - timedelta(minutes=dice.randrange(5, 60)), end)
            expected, got = await points(real, query, window, step), await points(own, query, window, step)
            assert same(got, expected), (query, window, step)
        assert list(got) == list(expected), f"{query}: in another order"
    shelf.clear()


@pytest.mark.parametrize("query", BEYOND)
async def test_what_it_cannot_evaluate_it_says(query: str, tmp_path: Path) -> None:
    async with open_recording(recording(tmp_path / "r"), use_prometheus=False) as own:
        with pytest.raises(NotInThisRecording, match="needs Prometheus"):
            await ask(own, "metrics_query", query=query, kind="instant")
        assert own.coverage.not_recorded == 1
