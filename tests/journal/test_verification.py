"""Whatever is done to the record behind the journal's back is found, and the record is named."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine
from sqlalchemy import text as sql

from sre_advisor.journal.archive import open_archive
from sre_advisor.journal.config import DatabaseConfig
from sre_advisor.journal.events import Expired
from sre_advisor.journal.heads import read_heads
from sre_advisor.journal.store import Journal, JournalUnavailable
from sre_advisor.journal.verification import Verification, verify
from tests.journal.events import answered, as_is, asked, in_slack, sqlite

LATER = datetime(2100, 1, 1, tzinfo=UTC)


def with_heads(config: DatabaseConfig, tmp_path: Path) -> DatabaseConfig:
    return config.model_copy(update={"head_file": tmp_path / "heads"})


async def written(config: DatabaseConfig, count: int = 6) -> None:
    async with await Journal.open(config, as_is) as journal:
        for number in range(count):
            await journal.append(asked(number))


def tamper(config: DatabaseConfig, *statements: str) -> None:
    with create_engine(config.url).begin() as connection:
        for statement in statements:
            connection.execute(sql(statement))


def checked(config: DatabaseConfig) -> Verification:
    heads = read_heads(config.head_file) if config.head_file else ()
    with open_archive(config) as archive:
        return verify(archive.keys, archive.records(), heads)


@pytest.mark.parametrize(
    ("statements", "where", "words"),
    [
        (
            ["UPDATE records SET body = replace(body, 'why?', 'whY?') WHERE seq = 3"],
            [3],
            "the body of record 3 was alt",
        ),
        (["UPDATE records SET at = '2020-01-01T00:00:00.000000+00:00' WHERE seq = 3"], [3], "record 3 was altered"),
        (["UPDATE records SET kind = 'voted' WHERE seq = 1"], [1], "record 1 was altered or moved"),
        (["DELETE FROM records WHERE seq = 3"], [3], "record 3 is missing"),
        (["DELETE FROM records WHERE seq IN (3, 4)"], [3], "records 3 to 4 are missing"),
        (["DELETE FROM records WHERE seq = 1"], [1], "record 1 is missing"),
        (
            [
                "UPDATE records SET seq = 30 WHERE seq = 3",
                "UPDATE records SET seq = 3 WHERE seq = 4",
                "UPDATE records SET seq = 4 WHERE seq = 30",
            ],
            [3, 4, 5],
            "record 3 was altered or moved",
        ),
        (["DELETE FROM records WHERE seq > 4"], [5], "records 5 to 6 are cut off: the head file knows record 6"),
        (["DELETE FROM records"], [1], "records 1 to 6 are cut off"),
        (["UPDATE records SET body = NULL WHERE seq = 2"], [2], "the body of record 2 is gone, and no expired record"),
    ],
)
async def test_tampering_is_found_and_the_record_named(
    config: DatabaseConfig, tmp_path: Path, statements: list[str], where: list[int], words: str
) -> None:
    config = with_heads(config, tmp_path)
    await written(config)
    assert checked(config).whole
    tamper(config, *statements)
    found = checked(config)
    assert [p.seq for p in found.problems] == where
    assert words in found.reason


@pytest.mark.parametrize("column", ["at", "investigation", "question", "kind", "body", "digest", "key", "mac"])
@pytest.mark.parametrize("value", ["CAST(x'80ff' AS TEXT)", "x'80ff'", "7", "1.5", "char(27) || '[31m'"])
async def test_whatever_sqlite_can_hold_in_a_column_is_found(tmp_path: Path, column: str, value: str) -> None:
    await written(sqlite(tmp_path), 3)
    tamper(sqlite(tmp_path), f"UPDATE records SET {column} = {value} WHERE seq = 2")
    assert checked(sqlite(tmp_path)).broken_at == 2


async def test_a_byte_flipped_on_the_disk_is_found_and_the_record_named(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        await journal.append(asked(1), asked(2, "swordfish"), asked(3))
    file = tmp_path / "journal.db"
    content = file.read_bytes()
    assert content.count(b"swordfish") == 1
    for bit in range(8):
        at = content.index(b"swordfish")
        file.write_bytes(content[:at] + bytes([content[at] ^ 1 << bit]) + content[at + 1 :])
        assert [p.seq for p in checked(sqlite(tmp_path)).problems] == [2]


async def test_one_altered_record_does_not_hide_another(config: DatabaseConfig) -> None:
    await written(config, 9)
    tamper(config, "UPDATE records SET body = replace(body, 'why?', 'whY?') WHERE seq IN (2, 7)")
    assert [p.seq for p in checked(config).problems] == [2, 7]


async def test_what_is_found_says_when_the_record_was_written(config: DatabaseConfig) -> None:
    await written(config)
    with open_archive(config) as archive:
        at = [r.at for r in archive.records()]
    tamper(config, "DELETE FROM records WHERE seq = 3")
    found = checked(config)
    assert f"written between {at[1]} and {at[3]}" in found.reason


async def test_a_cut_tail_cannot_be_seen_without_the_head_file(config: DatabaseConfig) -> None:
    await written(config)
    tamper(config, "DELETE FROM records WHERE seq > 4")
    assert checked(config).whole  # documented: this is what the head file is for


async def test_a_tail_written_anew_by_somebody_with_the_key_differs_from_the_head_file(
    config: DatabaseConfig, tmp_path: Path
) -> None:
    config = with_heads(config, tmp_path)
    await written(config)
    tamper(config, "DELETE FROM records WHERE seq = 6")
    async with await Journal.open(config.model_copy(update={"head_file": None}), as_is) as journal:
        await journal.append(asked(99))
    found = checked(config)
    assert "record 6 was rewritten: the head file holds another MAC" in found.reason


async def test_another_key_verifies_nothing(config: DatabaseConfig) -> None:
    await written(config)
    found = checked(config.model_copy(update={"key": SecretStr("w" * 32)}))
    assert found.broken_at == 1
    assert "a key that is not configured" in found.reason


async def test_another_key_cannot_append(config: DatabaseConfig) -> None:
    await written(config)
    async with await Journal.open(config.model_copy(update={"key": SecretStr("w" * 32)}), as_is) as journal:
        with pytest.raises(JournalUnavailable, match=r"name that one in database\.previous_key_files"):
            await journal.append(asked(7))


# --- heads -------------------------------------------------------------------------------------------------------


async def test_the_head_is_written_out_every_so_many_records_and_at_the_end(
    config: DatabaseConfig, tmp_path: Path
) -> None:
    config = with_heads(config, tmp_path).model_copy(update={"head_every": 4})
    await written(config, 10)
    heads = read_heads(tmp_path / "heads")
    assert [h.seq for h in heads] == [4, 8, 10]
    with open_archive(config) as archive:
        assert [(r.mac, r.at) for r in archive.records() if r.seq in (4, 8, 10)] == [(h.mac, h.at) for h in heads]


async def test_the_head_is_written_out_after_a_while_although_nothing_more_happens(tmp_path: Path) -> None:
    import asyncio

    config = with_heads(sqlite(tmp_path), tmp_path).model_copy(update={"head_minutes": 0.001})
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1))
        for _ in range(100):
            if read_heads(tmp_path / "heads"):
                break
            await asyncio.sleep(0.02)
        assert [h.seq for h in read_heads(tmp_path / "heads")] == [1]


def test_a_torn_last_line_of_the_head_file_is_left_out_and_a_foreign_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "heads"
    file.write_text(f"1 {'a' * 64} 2026-01-01T00:00:00+00:00\n2 {'b' * 30}")
    assert [h.seq for h in read_heads(file)] == [1]
    file.write_text("not a head\n")
    with pytest.raises(JournalUnavailable, match="line 1: expected `seq mac at`"):
        read_heads(file)


async def test_a_head_file_that_cannot_be_written_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "heads").mkdir()
    with pytest.raises(JournalUnavailable, match=r"head_file .* cannot be written"):
        await Journal.open(with_heads(sqlite(tmp_path), tmp_path), as_is)


# --- retention ---------------------------------------------------------------------------------------------------


async def test_an_expired_investigation_is_gone_and_the_chain_is_whole(config: DatabaseConfig, tmp_path: Path) -> None:
    config = with_heads(config, tmp_path)
    async with await Journal.open(config, as_is) as journal:
        await journal.append(in_slack(1, "the swordfish question"), in_slack(2), answered(1))
        gone = await journal.expire(LATER, "ada")
        assert [(e.investigation, e.records) for e in gone] == [("i2", 1), ("i1", 2)]
        assert [type(e) for e in await journal.of_investigation("i1")] == [Expired]
        assert await journal.unfinished() == ()
        await journal.append(in_slack(3))
        assert [q.id for q in await journal.unfinished()] == ["q3"]
    found = checked(config)
    assert (found.whole, found.expired, found.records) == (True, 3, 6)


async def test_what_is_expired_leaves_the_files_of_an_sqlite_database(tmp_path: Path) -> None:
    config = sqlite(tmp_path)
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1, "swordfish " * 2000), asked(2, "a short swordfish"))
        assert b"swordfish" in b"".join(f.read_bytes() for f in tmp_path.iterdir())
        await journal.expire(LATER, "ada")
        assert b"swordfish" not in b"".join(f.read_bytes() for f in tmp_path.iterdir())


async def test_only_what_was_not_touched_since_is_expired(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1))
        assert await journal.expire(datetime.now(UTC) - timedelta(days=90), "ada") == ()
        between = datetime.now(UTC)
        await journal.append(asked(2))
        foreseen = await journal.expirable(between, "ada")
        assert await journal.of_investigation("i1") == (asked(1),)
        assert await journal.expire(between, "ada") == foreseen
        assert [e.investigation for e in foreseen] == ["i1"]
        assert await journal.of_investigation("i2") == (asked(2),)


async def test_an_expired_thread_that_goes_on_is_expired_again_and_its_signature_stays(config: DatabaseConfig) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1))
        await journal.expire(LATER, "ada")
        await journal.append(answered(1))
        (again,) = await journal.expire(LATER, "ada")
        assert again.records == 1
        assert len(await journal.of_kinds("expired")) == 2
        assert await journal.expire(LATER, "ada") == ()
    assert checked(config).whole
    tamper(config, "UPDATE records SET body = NULL WHERE seq = 2")  # the first signature, under cover of the second
    assert "the body of record 2 is gone" in checked(config).reason


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("UPDATE records SET body = NULL WHERE seq = 5", 5),  # written after the investigation expired
        ("UPDATE records SET body = NULL WHERE kind = 'expired'", 1),
        ("DELETE FROM records WHERE seq = 2", 2),
    ],
)
async def test_an_expired_record_excuses_only_what_it_names(config: DatabaseConfig, statement: str, where: int) -> None:
    async with await Journal.open(config, as_is) as journal:
        await journal.append(asked(1), answered(1))
        await journal.expire(LATER, "ada")
        await journal.append(answered(1), answered(1))
    assert checked(config).whole
    tamper(config, statement)
    assert checked(config).broken_at == where


async def test_a_forged_expired_record_excuses_nothing(config: DatabaseConfig) -> None:
    await written(config)
    forged = Expired(investigation="i1", records=1, through=2, cutoff=LATER, by="mallory").model_dump_json()
    with create_engine(config.url).begin() as connection:
        connection.execute(sql("UPDATE records SET body = NULL WHERE seq = 2"))
        connection.execute(
            sql(
                "INSERT INTO records (seq, at, investigation, kind, body, digest, key, mac) "
                "SELECT 7, at, 'i1', 'expired', :body, digest, key, mac FROM records WHERE seq = 6"
            ),
            {"body": forged},
        )
    assert [p.seq for p in checked(config).problems] == [2, 7]


# --- keys --------------------------------------------------------------------------------------------------------


def rekeyed(config: DatabaseConfig, now: str, *earlier: str) -> DatabaseConfig:
    return config.model_copy(
        update={"key": SecretStr(now * 32), "previous_keys": tuple(SecretStr(k * 32) for k in earlier)}
    )


async def test_after_a_change_of_key_old_and_new_records_verify(config: DatabaseConfig) -> None:
    await written(rekeyed(config, "a"), 2)
    await written(rekeyed(config, "b", "a"), 2)
    await written(rekeyed(config, "c", "a", "b"), 2)
    with open_archive(rekeyed(config, "c", "a", "b")) as archive:
        kinds = [r.kind for r in archive.records()]
    assert kinds.count("key_changed") == 2
    assert checked(rekeyed(config, "c", "a", "b")).whole
    assert checked(rekeyed(config, "c")).broken_at == 1


async def test_a_key_that_was_given_up_can_neither_append_nor_take_the_chain_back(config: DatabaseConfig) -> None:
    await written(rekeyed(config, "a"), 2)
    await written(rekeyed(config, "b", "a"), 2)
    async with await Journal.open(rekeyed(config, "a", "b"), as_is) as journal:
        with pytest.raises(JournalUnavailable, match="another key"):
            await journal.append(asked(7))


async def test_a_thief_of_an_earlier_key_cannot_go_on_with_it(config: DatabaseConfig) -> None:
    from sre_advisor.journal.chain import digest_of, seal
    from sre_advisor.journal.keys import key_id

    await written(rekeyed(config, "a"), 2)
    await written(rekeyed(config, "b", "a"), 1)
    old = b"a" * 32
    body = asked(66).model_dump_json()
    with create_engine(config.url).begin() as connection:
        last = connection.execute(sql("SELECT seq, mac, at FROM records ORDER BY seq DESC LIMIT 1")).one()
        seq, at, digest = last.seq + 1, last.at, digest_of(old, body)
        mac = seal(old, last.mac, seq, at, "i66", "q66", "question_asked", None, digest)
        connection.execute(
            sql(
                "INSERT INTO records (seq, at, investigation, question, kind, body, digest, key, mac) "
                "VALUES (:seq, :at, 'i66', 'q66', 'question_asked', :body, :digest, :key, :mac)"
            ),
            {"seq": seq, "at": at, "body": body, "digest": digest, "key": key_id(old), "mac": mac},
        )
    found = checked(rekeyed(config, "b", "a"))
    assert "a key that had been given up before" in found.reason
