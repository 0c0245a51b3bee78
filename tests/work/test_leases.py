"""Names that are held: what was lost is not given back when somebody holds it anew."""

from __future__ import annotations

import psycopg
import pytest

from sre_advisor.work.contract import QueueUnavailable
from sre_advisor.work.leases import Leases
from tests.servers.postgresql import running_postgresql


async def test_who_lost_a_name_and_ends_late_does_not_give_away_what_is_held_anew() -> None:
    with running_postgresql() as url:
        plain = url.replace("postgresql+psycopg", "postgresql")
        ours, others = Leases(plain), Leases(plain)
        lost: list[str] = []
        async with ours.held("thread", lambda: lost.append("first")) as first:
            assert first
            async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as cutting:
                await cutting.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
                )
            with pytest.raises(QueueUnavailable):
                await ours.check()
            assert lost == ["first"]
            anew = ours.held("thread", lambda: lost.append("second"))
            assert await anew.__aenter__()
        async with others.held("thread") as theirs:
            assert not theirs, "the first holder gave away the second one's name"
        await anew.__aexit__(None, None, None)
        async with others.held("thread") as theirs:
            assert theirs
        await ours.close()
        await others.close()
