"""Questions of one moment share what is read, and each has it on record as its own."""

import asyncio
from datetime import UTC, datetime, timedelta

from sre_advisor.broker.broker import Broker, ReadingDesk
from sre_advisor.broker.config import LimitsConfig
from sre_advisor.broker.redaction import Redactor
from sre_advisor.connectors.contract import Health, Reading, Tool, ToolArgs, Unavailable
from sre_advisor.journal.events import ToolCalled
from sre_advisor.model import Alert, Outcome, Question
from sre_advisor.sharing import Shared

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALERT = Alert("Dark", NOW)


class Args(ToolArgs):
    room: str = "hall"


class Lamp:
    """A connector whose only tool takes a while and counts its reads; the first ones may fail."""

    name = "lamp"

    def __init__(self, takes_s: float = 0.01, fails: int = 0) -> None:
        self.takes_s, self.fails = takes_s, fails
        self.reads = 0

    async def shine(self, _args: Args, _now: datetime) -> Reading:
        self.reads += 1
        await asyncio.sleep(self.takes_s)
        if self.reads <= self.fails:
            raise Unavailable("unauthorised", "HTTP 401")
        return Reading(f"lit, read {self.reads}", {"lit": True}, (ALERT,))

    def tools(self) -> tuple[Tool, ...]:
        return (Tool("lamp_shine", "shines", Args, self.shine),)

    async def ping(self) -> Health:
        return Health("lamp", "ok", "", 0)

    async def close(self) -> None:
        pass


class House:
    """Desks of different questions at one broker."""

    def __init__(self, lamp: Lamp, share_reads_s: float = 5.0) -> None:
        self.recorded: list[ToolCalled] = []
        self.broker = Broker([lamp], Redactor(), LimitsConfig(share_reads_s=share_reads_s))

    def desk(self, question: str, now: datetime = NOW) -> ReadingDesk:
        return self.broker.desk(Question(question, question, "?", NOW), now, self.record)

    async def record(self, event: ToolCalled) -> None:
        self.recorded.append(event)


async def test_two_questions_of_one_moment_read_once_and_both_have_it_on_record() -> None:
    lamp = Lamp()
    house = House(lamp)
    first, second = await asyncio.gather(*(house.desk(q).read("lamp_shine", {}) for q in ("q1", "q2")))
    assert lamp.reads == 1
    assert first.number == second.number
    assert first.nouns == second.nouns == (ALERT,)
    assert sorted(str(e.question) for e in house.recorded) == ["q1", "q2"]
    assert first.evidence == second.evidence


async def test_other_arguments_or_another_moment_are_read_apart() -> None:
    lamp = Lamp()
    house = House(lamp)
    await house.desk("q1").read("lamp_shine", {"room": "hall"})
    await house.desk("q2").read("lamp_shine", {"room": "attic"})
    await house.desk("q3", NOW + timedelta(seconds=5)).read("lamp_shine", {"room": "hall"})
    assert lamp.reads == 3


async def test_a_failure_is_told_to_all_who_waited_and_the_next_question_tries_anew() -> None:
    lamp = Lamp(fails=1)
    house = House(lamp)
    waited = await asyncio.gather(*(house.desk(q).read("lamp_shine", {}) for q in ("q1", "q2")))
    assert [read.evidence.outcome for read in waited] == [Outcome.UNAVAILABLE] * 2
    assert (await house.desk("q3").read("lamp_shine", {})).evidence.outcome is Outcome.OK


async def test_one_that_cannot_wait_does_not_stop_the_read_of_the_other() -> None:
    lamp = Lamp(takes_s=0.2)
    house = House(lamp)
    hasty, patient = await asyncio.gather(
        house.desk("q1").read("lamp_shine", {}, 0.05), house.desk("q2").read("lamp_shine", {})
    )
    assert (hasty.evidence.outcome, patient.evidence.outcome) == (Outcome.UNAVAILABLE, Outcome.OK)
    assert lamp.reads == 1


async def test_nothing_is_shared_when_sharing_is_off() -> None:
    lamp = Lamp()
    house = House(lamp, share_reads_s=0)
    await asyncio.gather(*(house.desk(q).read("lamp_shine", {}) for q in ("q1", "q2")))
    assert lamp.reads == 2
    assert house.broker.moment(NOW) == NOW


async def test_questions_within_the_sharing_time_have_one_moment_that_is_never_in_the_future() -> None:
    broker = House(Lamp()).broker
    times = [NOW + timedelta(seconds=s) for s in (0.0, 1.7, 4.999, 5.0)]
    moments = [broker.moment(at) for at in times]
    assert moments == [NOW, NOW, NOW, NOW + timedelta(seconds=5)]


async def test_a_result_is_forgotten_when_its_time_is_over() -> None:
    seconds = 0.0
    shared = Shared[int](5.0, lambda: seconds)
    made: list[int] = []

    async def make() -> int:
        made.append(len(made))
        return made[-1]

    assert [await shared.once("key", make), await shared.once("key", make)] == [0, 0]
    seconds = 6.0
    assert await shared.once("key", make) == 1


async def test_a_conclusion_is_drawn_once_for_one_key() -> None:
    house = House(Lamp())
    drawn: list[str] = []

    def draw() -> str:
        drawn.append("once")
        return "it is dark"

    said = await asyncio.gather(*(house.desk(q).conclude(("dark", 1), draw) for q in ("q1", "q2")))
    assert said == ["it is dark"] * 2
    assert drawn == ["once"]


async def test_a_secret_in_a_shared_reading_is_redacted_for_each_investigation_in_its_own_numbering() -> None:
    password = "hunter2-" + "x" * 12

    class Leaky(Lamp):
        async def shine(self, _args: Args, _now: datetime) -> Reading:
            self.reads += 1
            return Reading("lit", {"said": f"the key is {password}"}, (Alert("Dark", NOW, service=password),))

    lamp, recorded = Leaky(), list[ToolCalled]()

    async def record(event: ToolCalled) -> None:
        recorded.append(event)

    broker = Broker([lamp], Redactor([password]), LimitsConfig())
    desks = [broker.desk(Question(q, q, "?", NOW), NOW, record) for q in ("q1", "q2")]
    first, second = await asyncio.gather(*(desk.read("lamp_shine", {}) for desk in desks))
    assert lamp.reads == 1
    assert password not in repr((first, second)) + repr(recorded)
    one, two = (broker.redactor.scope(q).text(password)[0] for q in ("q1", "q2"))
    assert first.evidence.body == {"said": f"the key is {one}"}
    assert second.evidence.body == {"said": f"the key is {two}"}
