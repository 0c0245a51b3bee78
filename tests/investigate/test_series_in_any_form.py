"""The same readings, printed by many tools: what is true of them holds and what is not is caught, whatever the form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.investigate.checking.evidence.rows import rows_of
from sre_advisor.investigate.checking.evidence.series.heading import Heading, read_heading
from sre_advisor.investigate.checking.words.quantities import numbers
from sre_advisor.model import Standing
from tests.investigate.forms_of_series import FORMS, Series

TIMES = [datetime(2026, 6, 18, 14, 3, tzinfo=UTC) + timedelta(minutes=n) for n in range(7)]
NAMES = [("orderdesk", "stockroom", "storefront"), ("Ledger", "quota-api", "Vault_Kind::Of::Thing")]
"""As Kubernetes, people and a cloud write them."""


def _series(one: str, two: str, three: str) -> Series:
    return {
        (one, "latency_p99_ms"): [182, 191, 187, 1840, 2410, 2395, 2260],
        (one, "error_ratio"): [0.002, 0.003, 0.002, 0.187, 0.412, 0.405, 0.391],
        (two, "latency_p99_ms"): [44, 47, 45, 46, 612, 655, 640],
        (two, "error_ratio"): [0.0, 0.001, 0.0, 0.0, 0.061, 0.064, 0.066],
        (three, "latency_p99_ms"): [310, 305, 322, 1960, 2530, 2610, 2480],
        (three, "availability_pct"): [99.9, 99.8, 99.9, 83.1, 61.4, 62.2, 64.7],
    }


START_AND_STEP = (
    '{"service": "orderdesk", "metric": "requests_total", "start": "14:03", "step": "1m", "values": [1234, 1218, 1251]}'
)
BEFORE_AND_NOW = (
    "time,service,metric,before,now\n14:05,orderdesk,latency_p99_ms,187,2400\n14:05,stockroom,latency_p99_ms,44,45"
)
TWO_IN_SECONDS = """latency_p99 / latency_avg in s, availability_avg in %
timestamp,service,metric,value
2031-04-18T14:08:00Z,orderdesk,latency_p99,1.040
2031-04-18T14:08:00Z,orderdesk,latency_avg,0.9"""
VERSIONS = (
    '{"Name": "/shop/searchdelay", "History": ['
    '{"Version": 3, "Value": "0", "LastModifiedDate": "2026-06-18T14:03:00Z"},'
    ' {"Version": 4, "Value": "1000", "LastModifiedDate": "2026-06-18T14:06:00Z"}]}'
)
HOLD = (
    "The p99 latency of {0} was 187 ms at 14:05 and 1840 ms at 14:06.",
    "{1} had a p99 of 46 ms at 14:06, and 612 ms a minute later.",
    "At 14:07, {0}'s error ratio stood at 41.2 %.",
    "{2} was only 61.4 % available at 14:07.",
    "{0}'s p99 peaked at 2.41 s at 14:07.",
    "{2}'s availability fell from 99.9 % at 14:05 to 83.1 % at 14:06.",
    "{1}'s error ratio was still 0 at 14:06.",
    "At 14:08 {2} was slower than {0}: 2610 ms against 2395 ms.",
)
DO_NOT = (
    "The p99 latency of {0} was 191 ms at 14:05.",
    "At 14:07, {0}'s error ratio stood at 18.7 %.",
    "{0}'s p99 peaked at 2.41 s at 14:08.",
    "{2}'s availability was 83.1 % at 14:05.",
    "The p99 latency of {1} was 1840 ms at 14:06.",
    "The p99 latency of {0} was 1840 s at 14:06.",
    "At 14:07, {0}'s error ratio stood at 0.412 %.",
    "{2}'s availability fell from 99.9 % at 14:05 to 61.4 % at 14:06.",
)


def _refused(claims: tuple[str, ...], form: str, names: tuple[str, str, str]) -> list[str]:
    sources = {"E1": Source("E1", FORMS[form](_series(*names), TIMES))}
    spoken = [n.split("_")[0] for n in names]
    told = [c.format(*spoken) for c in claims]
    return [c for c in told if judge(c, ("E1",), sources)[0] is Standing.UNSUPPORTED]


@pytest.mark.parametrize("names", NAMES, ids="-".join)
@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_true_of_readings_holds_however_they_are_printed(form: str, names: tuple[str, str, str]) -> None:
    assert _refused(HOLD, form, names) == []


@pytest.mark.parametrize("names", NAMES, ids="-".join)
@pytest.mark.parametrize("form", sorted(FORMS))
def test_what_is_not_true_of_readings_is_refused_however_they_are_printed(
    form: str, names: tuple[str, str, str]
) -> None:
    assert len(_refused(DO_NOT, form, names)) == len(DO_NOT)


def test_a_caption_gives_the_unit_that_the_heads_do_not() -> None:
    text = """5-minute averages, availability in %, latency in s
time   orderdesk availability  orderdesk latency_p99
14:03                   99.3                  0.585
14:08                   86.9                  1.040"""
    sources = {"E1": Source("E1", text)}
    assert judge("orderdesk's p99 latency was 1040 ms at 14:08.", ("E1",), sources)[0] is Standing.SUPPORTED
    assert judge("orderdesk's p99 latency was 1.04 ms at 14:08.", ("E1",), sources)[0] is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    ("text", "claim", "standing"),
    [
        (START_AND_STEP, "{0} counted 1,234 at 14:03, 1,218 at 14:04 and 1,251 at 14:05.", Standing.SUPPORTED),
        (START_AND_STEP, "{0} counted 1,234 at 14:03, 1,251 at 14:04 and 1,218 at 14:05.", Standing.UNSUPPORTED),
        (START_AND_STEP, "{0} counted 60 at 14:04.", Standing.UNSUPPORTED),
        (BEFORE_AND_NOW, "{0}'s p99 went from 187 ms to 2.4 s.", Standing.SUPPORTED),
        (BEFORE_AND_NOW, "{0}'s p99 went from 2.4 s to 187 ms.", Standing.UNSUPPORTED),
        (VERSIONS, "/shop/searchdelay was set to 1000 at 14:06.", Standing.SUPPORTED),
        (VERSIONS, "/shop/searchdelay was set to 1000 at 14:03.", Standing.UNSUPPORTED),
    ],
)
def test_neither_steps_nor_versions_nor_a_value_before_is_taken_for_a_reading_of_a_moment(
    text: str, claim: str, standing: Standing
) -> None:
    assert judge(claim.format("orderdesk"), ("E1",), {"E1": Source("E1", text)})[0] is standing


def test_a_head_tells_whose_its_readings_are_where_other_heads_read_the_same_of_others() -> None:
    heads = ["orderdesk_p99_ms", "quota-api_p99_ms", "quota-api_errors_total", "db_pool_wait_ms"]
    found = [read_heading(h, heads) for h in heads]
    assert found == [Heading("orderdesk", "p99_ms"), Heading("quota-api", "p99_ms"),
                     Heading("quota-api", "errors_total"), None]  # fmt: skip


def test_the_only_figure_of_a_reading_is_what_was_read() -> None:
    text = '{"__name__": "p99_ms", "service": "orderdesk", "values": [[1781791380, "187"], [1781791440, "191"]]}'
    rows = rows_of(Source("E1", text))
    assert [[n.text for n in row.numbers] for row in rows if row.series] == [["187"], ["191"]]


def test_a_figure_with_a_comma_for_thousands_ends_behind_its_last_digit() -> None:
    (number,) = numbers("it read 1,234 at that time")
    assert (number.value, number.start, number.end) == (1234, 8, 13)


@pytest.mark.parametrize(
    "text",
    [
        TWO_IN_SECONDS,
        "orderdesk latency, seconds, 5 min averages\ntime   latency_p99\n14:03  0.585\n14:08  1.040",
    ],
    ids=["two metrics of one unit", "a unit among the words"],
)
def test_a_unit_above_the_readings_is_theirs(text: str) -> None:
    sources = {"E1": Source("E1", text)}
    assert judge("orderdesk's p99 latency was 1040 ms at 14:08.", ("E1",), sources)[0] is Standing.SUPPORTED
    assert judge("orderdesk's p99 latency was 1.04 ms at 14:08.", ("E1",), sources)[0] is Standing.UNSUPPORTED
