"""What is told of the chain's end is what is on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Connection

from sre_advisor.journal.batches import Entry
from sre_advisor.journal.database import Database
from sre_advisor.journal.engine import open_engine
from sre_advisor.journal.heads import HeadLog, read_heads
from sre_advisor.journal.keys import load_keys
from sre_advisor.journal.schema import migrate
from sre_advisor.journal.tail import Tail
from tests.journal.events import as_is, asked, sqlite


async def test_a_head_that_was_never_committed_is_not_told_with_the_next_commit(tmp_path: Path) -> None:
    config = sqlite(tmp_path)
    database, heads = Database(open_engine(config.url)), HeadLog(tmp_path / "heads", 1, 3600)
    tail = Tail(load_keys(config), as_is, heads, database.where)

    def write(connection: Connection) -> None:
        tail.begin()
        tail.append_new(connection, [Entry([asked(1)], "once")])

    def write_and_fail(connection: Connection) -> None:
        tail.begin()
        tail.append(connection, [(asked(2), None), (asked(3), None)])
        raise RuntimeError

    await database.transact(migrate)
    database.presence.remember()
    await database.transact(write, tail.committed)
    with pytest.raises(RuntimeError):
        await database.transact(write_and_fail, tail.committed)
    await database.transact(write, tail.committed)  # known already: it writes nothing
    await database.in_turn(heads.write)
    await database.close()
    assert {head.seq for head in read_heads(tmp_path / "heads")} == {1}
