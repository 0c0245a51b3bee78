"""How much may be used: counted in the journal, so that it holds over restarts and replicas."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.advisors.ledger import Ledger, LimitReached, Limits, Usage
from sre_advisor.broker.config import LimitsConfig, QuotasConfig
from sre_advisor.broker.quota import ModelLeft, Quotas
from sre_advisor.broker.quota.tally import Account, Tally
from sre_advisor.connectors.contract import QuotaExceeded
from sre_advisor.investigate.advising import within
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import ModelTurned, QuestionAsked, QuestionRefused, ToolCalled
from sre_advisor.journal.spent import Spent
from sre_advisor.journal.store import Journal
from sre_advisor.model import Evidence, Outcome, Question
from tests.servers.postgresql import running_postgresql

KEY = "k" * 32
OPEN: dict[str, Any] = {
    name: dict.fromkeys(("calls", "bytes", "rows", "query_cost", "parallel")) for name in ("question", "backend")
} | {
    name: dict.fromkeys(("calls", "bytes", "rows", "query_cost", "parallel", "questions", "model_tokens", "cost_usd"))
    for name in ("person", "channel", "day")
}


def quotas_of(**limits: dict[str, Any]) -> QuotasConfig:
    """Nothing limited but what is given."""
    return QuotasConfig.model_validate({name: OPEN.get(name, {}) | limits.get(name, {}) for name in {**OPEN, **limits}})


def question(number: int = 1, person: str = "U0ADA", channel: str = "C0OPS") -> Question:
    name = f"{channel}-{person}-{number}"
    return Question(name, name, "?", datetime.now(UTC), asker=person, channel=channel)


def asked(one: Question) -> QuestionAsked:
    return QuestionAsked(investigation=one.investigation, question=one.id, asked=one)


def called(one: Question, calls: int = 1, bytes: int = 0, rows: int = 0, query_cost: int = 0) -> ToolCalled:  # noqa: A002 - the field's name
    evidence = Evidence(
        id="E1", source="prometheus", tool="t", request={}, outcome=Outcome.OK, read_at=datetime.now(UTC), summary="s"
    )
    return ToolCalled(
        investigation=one.investigation,
        question=one.id,
        evidence=evidence,
        seconds=0.1,
        calls=calls,
        bytes=bytes,
        rows=rows,
        query_cost=query_cost,
    )


def turned(one: Question, usd: float = 0.0, **tokens: int) -> ModelTurned:
    detail: dict[str, JsonValue] = {"cost_usd": usd, **{f"{name}_tokens": n for name, n in tokens.items()}}
    return ModelTurned(investigation=one.investigation, question=one.id, detail=detail)


@pytest.fixture(params=["sqlite", "postgresql"])
async def journals(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Journal, Journal]]:
    """Two processes' journals over one database, each kind of database in turn."""
    if request.param == "sqlite":
        config = DatabaseConfig.model_validate({"url": f"sqlite:///{tmp_path}/j.db", "key": KEY})
        async with await Journal.open(config, lambda v: v) as one, await Journal.open(config, lambda v: v) as other:
            yield one, other
        return
    with running_postgresql() as url:
        config = DatabaseConfig.model_validate({"url": url, "key": KEY})
        async with await Journal.open(config, lambda v: v) as one, await Journal.open(config, lambda v: v) as other:
            yield one, other


async def room(quotas: Quotas, one: Question, source: str = "prometheus", cost: int = 0) -> str:
    """ "" when a read is let in, else why not."""
    try:
        (await quotas.admit_read(one, source, cost)).release()
    except QuotaExceeded as limit:
        return str(limit)
    return ""


USED = {"bytes": 100, "rows": 10, "query_cost": 1000}


@pytest.mark.parametrize(
    ("limits", "refused", "let_in"),
    [
        ({"question": {"calls": 1}}, question(1), question(2)),
        ({"question": {"bytes": 100}}, question(1), question(2)),
        ({"question": {"rows": 10}}, question(1), question(2)),
        ({"person": {"calls": 1}}, question(2), question(1, person="U0BOB")),
        ({"channel": {"rows": 10}}, question(2, person="U0BOB"), question(1, channel="C0DEV")),
        ({"day": {"bytes": 100}}, question(3, person="U0BOB", channel="C0DEV"), None),
        ({"backend": {"calls": 1}}, question(2), None),
        ({"backends": {"prometheus": {"query_cost": 1500}}}, question(2), None),
        ({"person": {"query_cost": 1500}}, question(2), question(1, person="U0BOB")),
    ],
)
async def test_each_limit_counts_what_another_process_recorded(
    journals: tuple[Journal, Journal], limits: dict[str, Any], refused: Question, let_in: Question | None
) -> None:
    one, other = journals
    quotas = Quotas(quotas_of(**limits), other.spent)
    for q in {refused.id: refused, question(1).id: question(1)}.values():
        await one.append(asked(q))
    assert await room(quotas, refused, cost=1000) == ""
    await one.append(called(question(1), **USED))
    assert "of" in await room(quotas, refused, cost=1000)
    restarted = Quotas(quotas_of(**limits), other.spent)
    assert "of" in await room(restarted, refused, cost=1000)
    if let_in:
        await one.append(asked(let_in))
        assert await room(quotas, let_in, cost=1000) == ""
    if "backend" in limits or "backends" in limits:
        assert await room(quotas, refused, source="git") == ""


async def test_money_and_tokens_lower_what_is_left_for_the_model(journals: tuple[Journal, Journal]) -> None:
    one, other = journals
    quotas = Quotas(quotas_of(person={"cost_usd": 1.0}, day={"model_tokens": 1000}), other.spent)
    await one.append(asked(question(1)), turned(question(1), 0.75, input=100, cache_read=200, output=50))
    left = await quotas.model_left(question(2))
    assert (left.usd, left.tokens) == (0.25, 650)
    limits = within(Limits(cost_usd=0.5), left)
    assert (limits.cost_usd, limits.tokens) == (0.25, 650)
    await one.append(turned(question(1), 0.30))
    left = await quotas.model_left(question(2))
    assert left.nothing
    assert "this person today: 1.00 USD" in left.why
    assert not (await quotas.model_left(question(1, person="U0BOB"))).nothing


async def test_money_promised_to_a_running_question_is_not_promised_again() -> None:
    quotas = Quotas(quotas_of(day={"cost_usd": 0.6}))
    with quotas.reserved(question(1), 0.5):
        assert (await quotas.model_left(question(2))).usd == pytest.approx(0.1)
    assert (await quotas.model_left(question(2))).usd == pytest.approx(0.6)


async def test_questions_are_let_in_in_their_order_and_refused_ones_do_not_count(
    journals: tuple[Journal, Journal],
) -> None:
    one, other = journals
    quotas = Quotas(quotas_of(person={"questions": 2}), other.spent)
    several = [question(n) for n in range(1, 5)]
    await one.append(*(asked(q) for q in several))
    words = [await quotas.admit_question(q) for q in several]
    assert [w is None for w in words] == [True, True, False, False]
    first = several[0]
    await one.append(QuestionRefused(investigation=first.investigation, question=first.id, rule="no words"))
    assert await quotas.admit_question(several[2]) is None
    assert await quotas.admit_question(several[3]) is not None


async def test_a_new_day_begins_with_nothing_used_and_a_question_of_yesterday_is_still_its_askers(
    journals: tuple[Journal, Journal],
) -> None:
    one, other = journals
    today = datetime.now(UTC)
    clock = [today]
    quotas = Quotas(quotas_of(person={"calls": 1}), other.spent, lambda: clock[0])
    await one.append(asked(question(1)), called(question(1)))
    assert await room(quotas, question(1))
    clock[0] = today + timedelta(days=1)
    assert await room(quotas, question(1)) == ""
    records = await other.spent(today + timedelta(hours=1), 0)
    assert [r.kind for r in records] == ["question_asked"]


async def test_reads_under_way_count_before_they_are_on_record() -> None:
    quotas = Quotas(quotas_of(question={"calls": 2}))
    held = [await quotas.admit_read(question(), "git", 0) for _ in range(2)]
    assert await room(quotas, question())
    held[0].release()
    assert await room(quotas, question()) == ""


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 50)), max_size=40), st.integers(1, 100))
def test_no_order_of_reads_passes_a_limit_of_calls_or_query_cost(reads: list[tuple[int, int]], most: int) -> None:
    async def play() -> None:
        quotas = Quotas(quotas_of(day={"query_cost": most, "calls": 10}))
        cost = calls = 0
        for person, wanted in reads:
            try:
                await quotas.admit_read(question(person=f"U0{person}"), "prometheus", wanted)
            except QuotaExceeded:
                assert cost + wanted > most or calls == 10
            else:
                cost, calls = cost + wanted, calls + 1
            assert cost <= most
            assert calls <= 10

    asyncio.run(play())


@given(st.permutations(range(1, 9)), st.integers(0, 3))
def test_a_tally_counts_each_record_once_however_often_it_is_handed_over(order: list[int], repeats: int) -> None:
    records = [Spent(n, "2026-01-01T10", "tool_called", "q", source="git", calls=1, rows=n) for n in range(1, 9)]
    tally = Tally(datetime(2026, 1, 1, tzinfo=UTC))
    for upto in [*sorted(order[: 1 + repeats]), 8]:
        tally.add(records[:upto])
        tally.add(records[:upto])
    assert tally.used[Account("backend", "git")].calls == 8
    assert tally.used[Account("day")].rows == sum(range(1, 9))


@pytest.mark.parametrize("scope", ["question", "person", "channel", "day", "backend"])
async def test_no_more_reads_run_at_once_than_a_limit_allows(scope: str) -> None:
    quotas = Quotas(quotas_of(**{scope: {"parallel": 2}}))
    running = most = 0

    async def one() -> None:
        nonlocal running, most
        async with quotas.slot(question(), "git"):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(one() for _ in range(6)))
    assert most == 2


def test_a_ledger_stops_at_its_tokens() -> None:
    ledger = Ledger(Limits(tokens=100))
    ledger.admit_model_call(0.0)
    ledger.charge(Usage(input=60, output=10), 0.0)
    assert "tokens" in (ledger.why_last(0.0) or "")
    ledger.admit_model_call(0.0)
    ledger.charge(Usage(input=30), 0.0)
    with pytest.raises(LimitReached, match="100 tokens"):
        ledger.admit_model_call(0.0)


def test_without_quotas_a_questions_own_limits_stay() -> None:
    assert within(Limits(), ModelLeft()) == Limits()


def test_the_shipped_limits_let_one_question_through() -> None:
    limits = LimitsConfig()
    assert (limits.quotas.question.calls or 0) >= limits.tool_calls
