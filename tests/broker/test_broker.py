"""Every read goes through one door, and whatever happens behind it comes out as evidence."""

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.broker.bound import bound
from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import (
    BadRequest,
    Health,
    NoData,
    Reading,
    Tool,
    ToolArgs,
    ToolFailure,
    Unavailable,
)
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import Alert, Outcome, Question

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SECRET = "hunter2-" + "x" * 12


class Args(ToolArgs):
    number: int = 0


class Lamp:
    """A connector with one tool that does what the test says."""

    name = "lamp"

    def __init__(self, *answers: Reading | BaseException | float) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []

    async def shine(self, args: Args, _now: datetime) -> Reading:
        self.asked.append(args.number)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, (int, float)):
            await asyncio.sleep(answer)
            return Reading("late", None)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def tools(self) -> tuple[Tool, ...]:
        return (Tool("lamp_shine", "shines", Args, self.shine),)

    async def ping(self) -> Health:
        return Health("lamp", "ok", "", 0)

    async def close(self) -> None:
        pass


class Bench:
    def __init__(self, lamp: Lamp, limits: LimitsConfig | None = None) -> None:
        self.recorded: list[ToolCalled] = []
        broker = Broker([lamp], Redactor([SECRET]), limits or LimitsConfig(tool_timeout_s=0.5))
        self.desk: ReadingDesk = broker.desk(Question("q1", "i1", "?", NOW), NOW, self.record)

    async def record(self, event: ToolCalled) -> None:
        self.recorded.append(event)


@pytest.mark.parametrize(
    ("happens", "outcome", "words"),
    [
        (NoData("nothing there"), Outcome.NO_DATA, "nothing there"),
        (BadRequest("use a number"), Outcome.BAD_REQUEST, "use a number"),
        (Unavailable("unauthorised", "HTTP 401"), Outcome.UNAVAILABLE, "unauthorised: HTTP 401"),
        (ZeroDivisionError("secret internals"), Outcome.UNAVAILABLE, "internal: lamp_shine has a defect"),
        (5.0, Outcome.UNAVAILABLE, "timeout: no answer within 0.5 s"),
    ],
)
async def test_every_failure_is_an_outcome_and_on_record(
    happens: ToolFailure | float, outcome: Outcome, words: str
) -> None:
    bench = Bench(Lamp(happens))
    evidence = (await bench.desk.read("lamp_shine", {})).evidence
    assert evidence.outcome is outcome
    assert evidence.summary.startswith(words)
    assert "secret internals" not in evidence.model_dump_json()
    assert [e.evidence for e in bench.recorded] == [evidence]


@pytest.mark.parametrize(("tool", "args"), [("rm", {}), ("lamp_shine", {"number": "many"}), ("lamp_shine", {"x": 1})])
async def test_a_call_that_does_not_fit_never_reaches_the_connector(tool: str, args: dict[str, JsonValue]) -> None:
    lamp = Lamp(Reading("on", None))
    evidence = (await Bench(lamp).desk.read(tool, args)).evidence
    assert evidence.outcome is Outcome.BAD_REQUEST
    assert lamp.asked == []


async def test_an_identical_call_is_answered_from_the_first() -> None:
    lamp = Lamp(Reading("on", None))
    bench = Bench(lamp)
    first, second = await asyncio.gather(*(bench.desk.read("lamp_shine", {"number": 1}) for _ in range(2)))
    assert first.evidence.id == second.evidence.id == "E1"
    assert lamp.asked == [1]


async def test_trouble_that_passes_is_tried_once_more() -> None:
    lamp = Lamp(Unavailable("server_error", "HTTP 503"), Reading("on", None))
    assert (await Bench(lamp).desk.read("lamp_shine", {})).evidence.outcome is Outcome.OK


async def test_the_limit_of_reads_ends_in_an_outcome() -> None:
    bench = Bench(Lamp(Reading("on", None)), LimitsConfig(tool_calls=2))
    outcomes = [(await bench.desk.read("lamp_shine", {"number": n})).evidence.outcome for n in range(3)]
    assert outcomes == [Outcome.OK, Outcome.OK, Outcome.QUOTA_EXCEEDED]


async def test_a_secret_is_gone_from_evidence_record_and_nouns() -> None:
    alert = Alert("A", NOW, annotations={"summary": f"password {SECRET}"})
    bench = Bench(Lamp(Reading(f"key {SECRET}", {SECRET: [SECRET]}, (alert,))))
    read = await bench.desk.read("lamp_shine", {})
    assert SECRET not in repr(read) + bench.recorded[0].model_dump_json()
    assert read.evidence.redactions == 3


async def test_ids_go_on_after_earlier_evidence() -> None:
    first = Bench(Lamp(Reading("on", None)))
    earlier = (await first.desk.read("lamp_shine", {})).evidence
    broker = Broker([Lamp(Reading("on", None))], Redactor(), LimitsConfig())
    desk = broker.desk(Question("q2", "i1", "?", NOW), NOW, first.record, [earlier])
    assert (await desk.read("lamp_shine", {})).evidence.id == "E2"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=30) | st.dictionaries(st.text(max_size=5), inner, max_size=10),
    max_leaves=200,
)


@given(JSON, st.integers(1000, 2000))
def test_a_bounded_body_fits_or_says_that_it_was_cut(body: JsonValue, limit: int) -> None:
    kept, cut = bound([body, "x" * 900], limit)
    import json

    assert len(json.dumps(kept, ensure_ascii=False).encode()) <= limit * 1.01
    assert (kept == [body, "x" * 900]) == (cut is None)
