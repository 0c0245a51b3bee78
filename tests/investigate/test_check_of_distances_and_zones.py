"""Times told by a place's clock or by their distance from another event, held against those of the evidence."""

from __future__ import annotations

import pytest

from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.investigate.checking.judge import judge
from sre_advisor.model import Standing

CHANGES = """2031-05-12T09:14:30Z deploy rel-7 ledger 3.4.0 by ana.ruiz
2031-05-12T09:31:10Z deploy rel-8 kiosk 1.9.2 by bo.lind
2031-05-12T09:36:00Z flag ledger fast_path off->on by ana.ruiz"""
ALERTS = """[{"name": "LedgerSlow", "service": "ledger", "startsAt": "2031-05-12T09:38:20Z",
  "endsAt": "2031-05-12T09:52:20Z", "state": "resolved", "summary": "ledger answers late"}]"""
LOG = """2031-05-12T09:36:40Z WARN [ledger] write queue is 900 entries long
2031-05-12T09:37:33Z ERROR [kiosk] no answer from ledger within 2000ms
2031-05-12T09:40:05Z WARN [depot] stock view is stale"""
METRICS = """ledger write_p99_s: 09:35 0.21 | 09:36 0.44 | 09:37 1.90 | 09:38 4.80 | 09:39 4.60 | 09:40 0.30
kiosk error_ratio: 09:35 0.01 | 09:36 0.01 | 09:37 0.02 | 09:38 0.31 | 09:39 0.30 | 09:40 0.02"""
SOURCES = {
    "C": Source("C", CHANGES),
    "A": Source("A", ALERTS),
    "L": Source("L", LOG),
    "M": Source("M", METRICS),
}


def standing(claim: str) -> Standing:
    """How the claim stands to all of it."""
    return judge(claim, tuple(SOURCES), SOURCES)[0]


@pytest.mark.parametrize(
    "claim",
    [
        "In Madrid rel-8 was deployed at 11:31:10.",
        "rel-8 was deployed at 11:31:10 in Madrid.",
        "LedgerSlow started at 05:38:20 Eastern Daylight Time.",
        "Seen from Seattle (PDT), LedgerSlow started at 02:38:20.",
        "On 12 May 2031 rel-8 was deployed at 09:31:10 UTC.",
        "rel-8 went out at 09:31:10 UTC on May 12, 2031.",
    ],
)
def test_a_time_by_the_clock_of_a_place_or_with_a_date_in_words_is_that_time(claim: str) -> None:
    assert standing(claim) is Standing.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "In Madrid rel-8 was deployed at 12:31:10.",
        "LedgerSlow started at 06:38:20 Eastern Daylight Time.",
        "On 13 May 2031 rel-8 was deployed at 09:31:10 UTC.",
    ],
)
def test_another_hour_or_day_than_that_of_the_place_is_refused(claim: str) -> None:
    assert standing(claim) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "LedgerSlow started just over two minutes after ana.ruiz switched fast_path on.",
        "The deploy of kiosk predates the flag by just under five minutes.",
        "rel-8 followed rel-7 after 16 minutes and 40 seconds.",
        "ana.ruiz switched fast_path on 2 min 20 s before LedgerSlow started.",
        "The last deploy before LedgerSlow was rel-8, seven minutes and ten seconds ahead of it.",
        "The flag is the change closest ahead of LedgerSlow.",
        "“no answer from ledger” was logged 53 seconds after “write queue is 900 entries”.",
        "After 14 minutes LedgerSlow was resolved (09:52:20).",
        "ledger had a long queue first, at 09:36:40; kiosk missed its answer 53 seconds later.",
        "kiosk's missing answer at 09:37:33 is what came of ledger's long queue at 09:36:40.",
    ],
)
def test_how_far_two_events_lie_apart_is_worked_out_of_their_times(claim: str) -> None:
    assert standing(claim) is Standing.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "LedgerSlow started eight minutes after ana.ruiz switched fast_path on.",
        "The last deploy before LedgerSlow was rel-7.",
        "rel-7 is the change closest ahead of LedgerSlow.",
        "“no answer from ledger” was logged 95 seconds after “write queue is 900 entries”.",
        "kiosk missed its answer first, at 09:37:33; ledger's queue was long 53 seconds later.",
    ],
)
def test_another_distance_or_another_last_change_is_refused(claim: str) -> None:
    assert standing(claim) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The rollout of rel-8 (09:31 UTC) predates the first write_p99_s reading of ledger above 1 s (09:37 UTC).",
        "ledger's write p99 had already passed 1 s at 09:37, before kiosk's error ratio went above 0.1 at 09:38.",
        "ledger's write p99 was well again at 09:40, and kiosk's error ratio stayed above 0.25 until then.",
        "ledger's write p99 began to rise at 09:36 and jumped two minutes later, to 4.80 s.",
    ],
)
def test_the_times_of_two_events_of_one_sentence_are_not_taken_for_each_other(claim: str) -> None:
    assert standing(claim) is not Standing.UNSUPPORTED


def test_each_of_two_events_of_one_sentence_is_held_to_its_own_time() -> None:
    claim = "The long queue of ledger at 09:36:40 is behind the missing answer that kiosk logged at {}."
    assert standing(claim.format("09:37:33")) is Standing.SUPPORTED
    assert standing(claim.format("09:40:05")) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        ("Between “write queue is 900 entries long” and “stock view is stale” 205 seconds passed.", Standing.SUPPORTED),
        (
            "Between “write queue is 900 entries long” and “stock view is stale” 53 seconds passed.",
            Standing.UNSUPPORTED,
        ),
    ],
)
def test_two_lines_quoted_lie_as_far_apart_as_is_said(claim: str, held: Standing) -> None:
    assert standing(claim) is held
