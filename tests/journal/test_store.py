"""The journal keeps what happened, once, in order, and notices tampering."""

import asyncio
from pathlib import Path

import pytest
from pydantic import JsonValue
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.store import Journal, JournalUnavailable
from tests.journal.events import answered, as_is, asked, in_slack, sqlite


async def test_what_was_written_is_read_back_after_a_restart(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1, "emoji 🔥 and עברית"), answered(1))
    async with await Journal.open(config, as_is) as journal:
        assert await journal.of_investigation("i1") == (asked(1, "emoji 🔥 and עברית"), answered(1))


async def test_an_event_with_a_key_is_written_once(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        assert await journal.append_once(asked(1), "T1/C1/100.1")
        assert not await journal.append_once(asked(1), "T1/C1/100.1")
        assert len(await journal.of_kinds("question_asked")) == 1


async def test_a_question_stays_unfinished_until_it_is_answered(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(in_slack(1), in_slack(2), answered(1))
        assert [q.id for q in await journal.unfinished()] == ["q2"]


async def test_what_was_asked_outside_slack_and_never_answered_is_not_taken_up(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1), in_slack(2))
        assert [q.id for q in await journal.unfinished()] == ["q2"]


async def test_two_processes_share_one_unbroken_chain(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as one, await Journal.open(config, as_is) as two:
        for number in range(10):
            await (one if number % 2 else two).append(asked(number))
        checked = await one.verify()
    assert (checked.records, checked.broken_at) == (10, None)


async def test_events_of_many_at_once_form_one_chain_in_the_order_they_came(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        await asyncio.gather(*(journal.append(asked(n), answered(n)) for n in range(50)))
        checked = await journal.verify()
        kept = await journal.of_kinds("question_asked", "question_answered")
    assert (checked.records, checked.broken_at) == (100, None)
    assert list(kept) == [event for n in range(50) for event in (asked(n), answered(n))]


async def test_an_event_is_on_disk_when_append_returns(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:

        async def seen(number: int) -> bool:
            await journal.append(asked(number))
            with create_engine(f"sqlite:///{tmp_path}/journal.db").connect() as other:
                return bool(other.execute(sql(f"SELECT 1 FROM records WHERE question = 'q{number}'")).first())

        assert all(await asyncio.gather(*(seen(n) for n in range(10))))


async def test_an_event_that_cannot_be_written_fails_nobody_else(tmp_path: Path) -> None:
    def fragile(value: JsonValue) -> JsonValue:
        if "poison" in str(value):
            raise ValueError("cannot be redacted")
        return value

    async with await Journal.open(sqlite(tmp_path), fragile) as journal:
        events = [asked(0), asked(1, "poison"), asked(2)]
        ended = await asyncio.gather(*(journal.append(e) for e in events), return_exceptions=True)
        assert [type(each) for each in ended] == [type(None), ValueError, type(None)]
        assert [e.question for e in await journal.of_kinds("question_asked")] == ["q0", "q2"]


async def test_what_waits_is_written_before_the_journal_closes(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        waiting = [asyncio.create_task(journal.append(asked(n))) for n in range(20)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        assert len(await journal.of_kinds("question_asked")) == 20


async def test_only_the_kinds_that_are_named_are_read(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        await journal.append(asked(1), answered(1), asked(2))
        assert await journal.of_investigation("i1", "question_answered") == (answered(1),)


@pytest.mark.parametrize(
    ("tampering", "where"),
    [
        ("UPDATE records SET body = replace(body, 'why?', 'whyy') WHERE seq = 3", 3),
        ("DELETE FROM records WHERE seq = 3", 3),
        ("UPDATE records SET question = 'q9' WHERE seq = 3", 3),
        ("UPDATE records SET once = NULL WHERE seq = 3", 3),
    ],
)
async def test_tampering_is_found_and_located(config: DatabaseConfig, tampering: str, where: int) -> None:
    async with await Journal.open(config, as_is) as journal:
        for n in range(5):
            await journal.append_once(asked(n), f"once {n}")
        with create_engine(config.url).begin() as connection:
            connection.execute(sql(tampering))
        assert (await journal.verify()).broken_at == where


async def test_what_is_written_is_redacted_first(tmp_path: Path) -> None:
    def hide(value: JsonValue) -> JsonValue:
        return value | {"asked": value["asked"] | {"text": "[hidden]"}} if isinstance(value, dict) else value  # type: ignore[operator] # test data

    async with await Journal.open(sqlite(tmp_path), hide) as journal:
        await journal.append(asked(1, "my password is swordfish"))
    assert b"swordfish" not in b"".join(f.read_bytes() for f in tmp_path.iterdir())


async def test_a_database_that_cannot_be_opened_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "journal.db").mkdir()
    with pytest.raises(JournalUnavailable, match=r"journal\.db cannot be used: unable to open.*check database\.url"):
        await Journal.open(sqlite(tmp_path), as_is)


async def test_a_database_of_a_later_version_is_one_clear_error(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is):
        pass
    with create_engine(f"sqlite:///{tmp_path}/journal.db").begin() as connection:
        connection.execute(sql("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(JournalUnavailable, match="its shape '9999' is not known to this version"):
        await Journal.open(sqlite(tmp_path), as_is)
