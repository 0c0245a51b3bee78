"""What cannot be put on record is not acknowledged: Slack delivers it again, and then it is answered, once."""

from __future__ import annotations

from pathlib import Path

from sre_advisor.demo.local_slack import LocalSlack
from sre_advisor.demo.local_slack.socket_mode import SocketTiming
from tests.e2e.conftest import stage

QUICK = SocketTiming(ack_timeout_s=0.4, retry_delays_s=(0.2, 0.2, 0.2, 2.0))


async def test_while_the_journal_is_gone_no_event_is_acknowledged_and_later_each_is_answered(tmp_path: Path) -> None:
    slack = LocalSlack(timing=QUICK)
    await slack.start()
    file, away = tmp_path / "journal.db", tmp_path / "away.db"
    async with stage(tmp_path, slack, {}) as on:
        file.rename(away)
        ts = await on.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: any(e["retry_attempt"] == 2 for e in slack.sockets.delivered), 10)
        assert on.service.worker.busy == 0
        assert not on.said(ts, "first_look")
        away.rename(file)
        await on.answered(ts)
        await on.service.worker.idle()
        assert [len(on.said(ts, part)) for part in ("first_look", "answer")] == [1, 1]
        assert len(await on.parts.journal.of_kinds("question_asked")) == 1
    await slack.stop()


async def test_a_question_whose_journal_goes_away_is_not_answered_off_the_record(tmp_path: Path) -> None:
    slack = LocalSlack()
    await slack.start()
    slack.faults.server_error("chat.postMessage", times=10_000)
    async with stage(tmp_path, slack, {}) as on:
        ts = await on.ask("@advisor why is shop failing?")
        await slack.wait_until(lambda: sum(slack.faults.injected.values()) > 2, 10)
        (tmp_path / "journal.db").unlink()
        slack.faults.clear()
        await on.service.worker.idle()
        assert not on.said(ts, "answer")
        assert not on.said(ts, "refusal")
    await slack.stop()
