"""A journal whose file is taken away is not written into the void."""

from pathlib import Path

import pytest

from sre_advisor.journal.store import Journal, JournalUnavailable
from tests.journal.events import as_is, asked, in_slack, sqlite


async def test_a_file_deleted_while_in_use_is_noticed_and_none_is_made_in_its_place(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        await journal.append(asked(1))
        (tmp_path / "journal.db").unlink()
        for attempt in (
            lambda: journal.append(asked(2)),
            lambda: journal.append_once(asked(2), "key"),
            journal.unfinished,
        ):
            with pytest.raises(JournalUnavailable, match=r"journal\.db was deleted or moved away while it was in use"):
                await attempt()
    assert not (tmp_path / "journal.db").exists()


async def test_a_file_put_in_the_place_of_the_journal_is_not_taken_for_it(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        file = tmp_path / "journal.db"
        file.rename(tmp_path / "away.db")
        file.write_bytes((tmp_path / "away.db").read_bytes())
        with pytest.raises(JournalUnavailable, match="was replaced by another file"):
            await journal.append(asked(1))


async def test_a_file_put_back_is_written_to_again(tmp_path: Path) -> None:
    async with await Journal.open(sqlite(tmp_path), as_is) as journal:
        await journal.append(in_slack(1))
        (tmp_path / "journal.db").rename(tmp_path / "away.db")
        with pytest.raises(JournalUnavailable):
            await journal.append(in_slack(2))
        (tmp_path / "away.db").rename(tmp_path / "journal.db")
        await journal.append(in_slack(3))
        assert [q.id for q in await journal.unfinished()] == ["q1", "q3"]
        assert (await journal.verify()).broken_at is None
