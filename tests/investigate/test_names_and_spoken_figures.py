"""Names, stretches of time, shares and zones as people say them, over made-up evidence."""

import pytest

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.investigate.checking.words.clock import moments
from sre_advisor.investigate.checking.words.numerals import in_digits
from sre_advisor.investigate.checking.words.quantities import Number, numbers
from sre_advisor.model import Standing

RATES = "ledger object_store_5xx_ratio 0.331 at 09:14 UTC; ledger s3_error_ratio 0.331 at 09:14 UTC"


def standing(claim: str, text: str) -> Standing:
    return judge(claim, ("E1",), {"E1": Source("E1", text)})[0]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("4 min 50 s", 290),
        ("1h2m3s", 3723),
        ("a minute and a half", 90),
        ("three quarters of an hour", 2700),
        ("an hour and five minutes", 3900),
        ("thirty-one and a half seconds", 31.5),
    ],
)
def test_a_stretch_of_time_is_one_figure(said: str, seconds: float) -> None:
    found = list(numbers(in_digits(f"it took {said} in all")))
    size = {"s": 1, "second": 1, "seconds": 1, "minute": 60, "minutes": 60}
    assert [n.value * size[n.unit] for n in found] == [seconds]


@pytest.mark.parametrize(
    ("said", "held", "fits"),
    [
        ("just over 50 ms", 54.0, True),
        ("just over 50 ms", 40.0, False),
        ("not quite 70 ms", 65.0, True),
        ("not quite 70 ms", 76.0, False),
        ("a fifth of all calls", 20.9, True),
        ("a fifth of all calls", 27.0, False),
        ("nine in ten requests", 90.5, True),
        ("two jobs out of three", 50.0, False),
    ],
)
def test_a_hedge_or_a_share_leaves_room_only_where_it_says(said: str, held: float, fits: bool) -> None:
    figure = next(iter(numbers(in_digits(said))))
    assert figure.could_be(Number(held, str(held), figure.unit)) is fits


@pytest.mark.parametrize("said", ["the third deploy", "a second alert", "the first half of the window", "two to three"])
def test_an_ordinal_is_no_share(said: str) -> None:
    assert not [n for n in numbers(in_digits(said)) if n.unit == "%"]


def test_a_zone_behind_a_time_is_its_own_and_one_elsewhere_may_be() -> None:
    beside, apart = moments("20:10 in Tokyo (UTC+9)")[0], moments("For Tokyo (UTC+9) it began at 20:10")[0]
    held = moments("11:10 UTC")[0]
    assert beside.is_at(held)
    assert not beside.is_at(moments("20:10 UTC")[0])
    assert apart.is_at(held)
    assert apart.is_at(moments("20:10 UTC")[0])


@pytest.mark.parametrize(
    "claim",
    [
        "About a third of ledger's S3 requests failed at 09:14 UTC.",
        "The customer-visible S3 error ratio of ledger was 33.1 % at 09:14 UTC.",
        "At 11:14 in Rome (UTC+2) ledger's S3 error ratio was 33.1 %.",
    ],
)
def test_a_technology_an_adjective_or_a_place_need_not_stand_in_the_evidence(claim: str) -> None:
    assert standing(claim, RATES) is not Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "Build 7781 left ledger's S3 error ratio at 33.1 %.",
        "ledger's error ratio was 33.1 % at 09:14 UTC, as #7781 says.",
        "At 11:44 in Rome (UTC+2) ledger's S3 error ratio was 33.1 %.",
        "About half of ledger's S3 requests failed at 09:14 UTC.",
        "The ledger-mirror error ratio was 33.1 % at 09:14 UTC.",
    ],
)
def test_an_id_a_service_a_time_or_a_share_must(claim: str) -> None:
    assert standing(claim, RATES) is Standing.UNSUPPORTED
