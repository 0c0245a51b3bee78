"""What Prometheus is told of this process: counted from what it puts on record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from time import monotonic

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily

from sre_advisor.journal.events import (
    Event,
    FirstLookMade,
    ModelTurned,
    QuestionAnswered,
    QuestionAsked,
    QuestionJoined,
    QuestionRefused,
    QuestionStarted,
    ToolCalled,
)
from sre_advisor.slack.trouble import SEEN

_TOKENS = ("input_tokens", "cache_write_tokens", "cache_read_tokens", "output_tokens")
_LONG = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
REMEMBERED = 10_000
"""Open questions whose beginning is remembered."""
_SHORT = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 30)


class Metrics:
    """One process's own figures; those of all replicas are summed by whoever reads them."""

    def __init__(self) -> None:
        disable_created_metrics()
        self.registry = registry = CollectorRegistry()
        name = "sre_advisor_{}".format
        self._asked = Counter(name("questions_asked"), "questions stored", registry=registry)
        self._answered = Counter(name("questions_answered"), "questions answered", registry=registry)
        self._refused = Counter(
            name("questions_refused"), "questions refused, by kind of rule", ["by"], registry=registry
        )
        self._seconds = Histogram(
            name("question_seconds"), "from beginning a question to its answer", buckets=_LONG, registry=registry
        )
        self._look = Histogram(
            name("first_look_seconds"),
            "from taking a question in (from beginning it, where another process took it in) to its first look",
            buckets=_SHORT,
            registry=registry,
        )
        self._calls = Counter(name("model_calls"), "calls of the model", registry=registry)
        self._tokens = Counter(name("model_tokens"), "tokens of the model, by kind", ["kind"], registry=registry)
        self._cost = Counter(name("model_cost_usd"), "US dollars for the model", registry=registry)
        labels = ["connector", "outcome"]
        self._tools = Counter(name("tool_calls"), "reads, by connector and how they ended", labels, registry=registry)
        self._tool_seconds = Histogram(
            name("tool_seconds"), "one read", ["connector"], buckets=_SHORT, registry=registry
        )
        self._busy = Gauge(name("questions_busy"), "questions this process has taken on", registry=registry)
        self._waiting = Gauge(
            name("questions_waiting"), "questions that wait; with replicas, of all together", registry=registry
        )
        registry.register(_SlackTrouble())
        self._began: dict[str, float] = {}
        self._kinds: dict[type[Event], Callable[..., None]] = {
            QuestionAsked: self._stored,
            QuestionStarted: self._started,
            FirstLookMade: self._looked,
            QuestionAnswered: self._closed,
            QuestionRefused: self._turned_away,
            QuestionJoined: self._joined,
            ModelTurned: self._turned,
            ToolCalled: self._called,
        }

    def tell(self, event: Event) -> None:
        """Count what this process has put on record."""
        count = self._kinds.get(type(event))
        if count is not None:
            count(event)

    def text(self, busy: int, waiting: int | None) -> bytes:
        """Prometheus' text format; `waiting` is None when the queue cannot be asked."""
        self._busy.set(busy)
        self._waiting.set(float("nan") if waiting is None else waiting)
        return generate_latest(self.registry)

    def _stored(self, event: QuestionAsked) -> None:
        self._asked.inc()
        self._began[event.question or ""] = monotonic()
        while len(self._began) > REMEMBERED:  # what another process answers is not heard of here
            self._began.pop(next(iter(self._began)))

    def _started(self, event: QuestionStarted) -> None:
        self._began.setdefault(event.question or "", monotonic())

    def _joined(self, event: QuestionJoined) -> None:
        self._began.pop(event.question or "", None)

    def _looked(self, event: FirstLookMade) -> None:
        began = self._began.pop(event.question or "", None)
        if began is not None:
            self._look.observe(monotonic() - began)

    def _closed(self, event: QuestionAnswered) -> None:
        self._began.pop(event.question or "", None)
        self._answered.inc()
        self._seconds.observe(event.duration_s)

    def _turned_away(self, event: QuestionRefused) -> None:
        self._began.pop(event.question or "", None)
        self._refused.labels(event.by).inc()

    def _turned(self, event: ModelTurned) -> None:
        self._calls.inc()
        for kind in _TOKENS:
            self._tokens.labels(kind.removesuffix("_tokens")).inc(_number(event.detail.get(kind)))
        self._cost.inc(_number(event.detail.get("cost_usd")))

    def _called(self, event: ToolCalled) -> None:
        outcome = "cached" if event.cached else event.evidence.outcome
        self._tools.labels(event.evidence.source, outcome).inc()
        self._tool_seconds.labels(event.evidence.source).observe(event.seconds)


class _SlackTrouble:
    """What Slack and the way to it did to us."""

    def collect(self) -> Iterable[CounterMetricFamily]:
        """What was seen so far, by kind."""
        family = CounterMetricFamily("sre_advisor_slack_trouble", "calls and events that went wrong", labels=["kind"])
        for kind in ("rate_limited", "server_error", "no_answer", "delivered_again"):
            family.add_metric([kind], SEEN[kind])
        yield family


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and value > 0 else 0.0
