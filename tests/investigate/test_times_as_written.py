"""Times as git, mail and notes write them, seconds told once for all readings, and figures that carry their unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.investigate.checking.words.written_dates import rewritten
from sre_advisor.model import Standing

GIT = """commit 0f9e8d7c6b5a
Author: ana.ruiz
Date:   Mon May 12 11:14:30 2031 +0200

    ledger: keep fewer connections"""
DEPLOY = "2031-05-12T09:16:08Z deploy rel-7 ledger 0f9e8d7c6b5a"
NOTES = """17:14 CST  LedgerSlow fires
17:19 CST  batch job found on the ledger host and stopped
All times CST = UTC+8."""
CAPTION = """ledger, sampled at :28 of each minute
minute  cpu_usage_pct
09:14   2.31
09:15   80.4"""
CELLS = """"Time","ledger CPU","kiosk CPU"
2031-05-12 09:14:28,2.31 %,25.1 %
2031-05-12 09:15:28,80.4 %,26.4 %"""


@pytest.mark.parametrize(
    ("claim", "text", "standing"),
    [
        ("ana.ruiz's commit is dated 09:14:30 UTC.", GIT, Standing.SUPPORTED),
        ("ana.ruiz's commit is dated 11:14:30 UTC.", GIT, Standing.UNSUPPORTED),
        ("ana.ruiz's commit went live on ledger 98 seconds after its date.", f"{GIT}\n\n{DEPLOY}", Standing.SUPPORTED),
        ("LedgerSlow fired at 09:14 UTC, and the batch job was stopped at 09:19 UTC.", NOTES, Standing.SUPPORTED),
        ("The batch job was stopped at 17:19 UTC.", NOTES, Standing.UNSUPPORTED),
        ("ledger's CPU went from 2.3 % at 09:14:28 to 80.4 % at 09:15:28.", CAPTION, Standing.SUPPORTED),
        ("ledger's CPU stood at 80.4 % at 09:15:41.", CAPTION, Standing.UNSUPPORTED),
        ("ledger's CPU stood at 80.4 % at 09:15:28, kiosk's at 26.4 %.", CELLS, Standing.SUPPORTED),
        ("ledger's CPU stood at 26.4 % at 09:15:28.", CELLS, Standing.UNSUPPORTED),
    ],
)
def test_a_time_is_read_in_whatever_way_it_is_written(claim: str, text: str, standing: Standing) -> None:
    assert judge(claim, ("E1",), {"E1": Source("E1", text)})[0] is standing


def test_dates_of_git_and_of_mail_become_iso_and_all_else_stays() -> None:
    assert rewritten("Date: Thu Jun 5 07:51:08 2031 -0700") == "Date: 2031-06-05T07:51:08-07:00"
    assert rewritten("Date: Thu, 5 Jun 2031 07:51:08 +0000") == "Date: 2031-06-05T07:51:08+00:00"
    assert rewritten("on 5 Jun 2031 the pool was 8") == "on 5 Jun 2031 the pool was 8"


@given(st.text(max_size=200))
def test_text_without_such_times_stays_as_it_is(text: str) -> None:
    if ":" not in text:
        assert rewritten(text) == text
