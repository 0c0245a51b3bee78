"""The time given to an event must be that event's, and a reading belongs to who took it."""

import pytest

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing

CHANGES = """2031-03-04T09:58:20Z deploy ledgerservice v71 (a1b2c3d4e5f6)
2031-03-04T10:04:00Z deploy stockdb v18 (0f9e8d7c6b5a)
2031-03-04T10:09:30Z flag ledgerservice strict_totals: off->on (ada.north)"""
COMMITS = """a1b2c3d4e5f6 2031-03-04T09:51:12Z ada.north fold the rounding helper
0f9e8d7c6b5a 2031-03-04T10:01:40Z bo.lind widen the stock index"""
LOG = """{"at":"2031-03-04T10:10:05Z","service":"ledgerservice","level":"ERROR","message":"total mismatch for invoice"}
{"at":"2031-03-04T10:10:40Z","service":"webshop","level":"ERROR","message":"POST /pay 500 from ledgerservice"}
{"at":"2031-03-04T10:11:15Z","service":"ledgerservice","level":"ERROR","message":"total mismatch for invoice"}"""
ALERTS = """- name: Ledger Errors
  service: ledgerservice
  started_at: 2031-03-04T10:12:00Z
  severity: high
- name: Stock Slow
  service: stockdb
  started_at: 2031-03-04T10:15:30Z
  severity: medium"""
RATES = """ledgerservice success_rate 10:08=100 10:09=100 10:10=96.1 10:11=88.0 10:12=91.5 10:13=98.7 10:14=100 (%)
webshop success_rate 10:08=100 10:09=100 10:10=100 10:11=97.0 10:12=93.2 10:13=99.9 10:14=100 (%)"""
CALLS = """series,10:08,10:09,10:10,10:11,10:12
webshop client_p50_ms_to_ledgerservice,5.1,88.0,131.5,133.0,5.4
ledgerservice server_p50_ms_from_webshop,3.0,3.1,3.3,3.2,3.0
basket client_p50_ms_to_ledgerservice,4.2,4.4,92.0,94.1,93.0"""
NETEM = """2031-03-04T10:08:30Z host-2 netem add delay 90ms (pod webshop-x1)
2031-03-04T10:11:50Z host-2 netem del (pod webshop-x1)"""


def standing(claim: str, **evidence: str) -> Standing:
    pieces = [{"id": key, "source": key, "text": text} for key, text in evidence.items()]
    return judge(claim, tuple(evidence), sources_of(pieces))[0]


@pytest.mark.parametrize(
    "claim",
    [
        "v71 went to ledgerservice at 09:58:20, some 12 minutes before the first total mismatch at 10:10:05.",
        "ada.north's rounding helper went live on ledgerservice at 09:58:20.",
        "webshop logged a 500 from ledgerservice at 10:10:40, 35 s after the first mismatch.",
        "The Ledger Errors alert went off at 10:12; the one on stockdb followed three and a half minutes later.",
    ],
)
def test_an_event_at_its_own_time_holds(claim: str) -> None:
    assert standing(claim, changes=CHANGES, git=COMMITS, logs=LOG, alerts=ALERTS) is Standing.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "ledgerservice's first total mismatch was logged at 10:11:15.",
        "The Stock Slow alert on stockdb started at 10:12.",
        "ada.north's rounding helper was deployed to ledgerservice at 10:04.",
        "At 10:10:40 ledgerservice logged a 500 on POST /pay.",
        "bo.lind turned strict_totals on for ledgerservice.",
        "The flag strict_totals was switched on for stockdb at 10:09:30.",
    ],
)
def test_an_event_at_its_neighbours_time_or_of_another_is_refused(claim: str) -> None:
    assert standing(claim, changes=CHANGES, git=COMMITS, logs=LOG, alerts=ALERTS) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "ledgerservice's success rate left 100 % at 10:10 and returned to it at 10:14, with the low of 88 % at 10:11.",
        "ledgerservice first fell below 100 % at 10:10, webshop only a minute later at 10:11.",
        "webshop's success rate did not drop below 100 % until 10:11.",
        "webshop was back at 99.9 % at 10:13, whereas ledgerservice was still at 98.7 %.",
    ],
)
def test_a_course_that_turned_then_holds(claim: str) -> None:
    assert standing(claim, rates=RATES) is Standing.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "ledgerservice's success rate left 100 % at 10:11.",
        "ledgerservice's success rate was back at 100 % at 10:13.",
        "webshop's success rate first fell below 100 % at 10:12.",
        "webshop's success rate did not drop below 100 % until 10:12.",
    ],
)
def test_a_course_that_turned_at_another_sample_is_refused(claim: str) -> None:
    assert standing(claim, rates=RATES) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "Seen from webshop the ledger calls took 131.5 ms at 10:10, while ledgerservice itself measured 3.3 ms.",
        "basket's calls to ledgerservice first turned slow at 10:10, a minute later than those of webshop.",
        "webshop's median was at 5.4 ms again by 10:12, just after the delay had been removed at 10:11:50.",
    ],
)
def test_a_reading_of_the_caller_who_took_it_holds(claim: str) -> None:
    assert standing(claim, calls=CALLS, changes=NETEM) is Standing.SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "As measured by ledgerservice itself, calls from webshop had a median of 131.5 ms at 10:10.",
        "It was webshop whose ledger calls still took 93 ms at 10:12.",
        "basket's calls to ledgerservice first turned slow at 10:11.",
        "The delay on webshop-x1 was removed at 10:08:30.",
    ],
)
def test_a_reading_of_another_caller_or_side_is_refused(claim: str) -> None:
    assert standing(claim, calls=CALLS, changes=NETEM) is Standing.UNSUPPORTED
