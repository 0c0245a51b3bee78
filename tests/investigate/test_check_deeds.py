"""What happened must be told of the one who did it, and of the time at which it happened."""

import pytest

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.model import Standing

EVIDENCE = {
    "DEPLOYS": (
        "2031-03-04T09:10:00Z deploy d-7 basketservice v31.4 (9c1d2e3f4a5b)\n"
        "2031-03-04T09:24:30Z deploy d-8 quoteservice v12.9 (1f2e3d4c5b6a)\n"
        "2031-03-04T09:31:00Z flag f-2 quoteservice lazy_quotes_v3 off->on by ines.kaya\n"
    ),
    "LOG": (
        "2031-03-04T09:26:11Z basketservice WARN retrying quote lookup\n"
        "2031-03-04T09:27:02Z quoteservice ERROR currency table missing: falling back to defaults\n"
        "2031-03-04T09:28:40Z quoteservice ERROR currency table missing: falling back to defaults\n"
    ),
    "ALERTS": (
        "DiskAlmostFull | ledgerservice | firing | 2031-03-04T09:40:10Z\n"
        "QueueTooLong | basketservice | firing | 2031-03-04T09:33:50Z\n"
    ),
    "COURSE": (
        "time   quoteservice ledgerservice\n09:20  12.1  40.2\n09:21  12.4  40.2\n09:22  55.0  40.2\n"
        "09:23  93.8  40.2\n09:24  71.6  40.2\n09:25  12.2  40.2\n"
    ),
    "KEYED": (
        '{"service": "quoteservice", "metric": "cpu_pct", "values": {"09:20": 8, "09:21": 9, "09:22": 77, "09:23": 80}}'
    ),
}
TRUE = [
    ("DEPLOYS", "1f2e3d4c5b6a went live on quoteservice at 09:24:30."),
    ("DEPLOYS", "lazy_quotes_v3 was turned on for quoteservice at 09:31."),
    ("LOG", "quoteservice complained about a missing currency table."),
    ("LOG", 'The first "currency table missing" line was logged at 09:27:02.'),
    ("LOG", "A second missing currency table was logged by quoteservice at 09:28:40."),
    ("ALERTS", "QueueTooLong has been firing for basketservice since 09:33:50."),
    ("COURSE", "quoteservice peaked at 09:23."),
    ("COURSE", "quoteservice first went above 50 at 09:22."),
    ("COURSE", "quoteservice was back to normal at 09:25."),
    ("KEYED", "CPU on quoteservice crossed 50 % at 09:22."),
    ("KEYED", "CPU on quoteservice jumped at 09:22."),
]
FALSE = [
    ("DEPLOYS", "1f2e3d4c5b6a went live on quoteservice at 09:10."),
    ("DEPLOYS", "1f2e3d4c5b6a was rolled out to basketservice."),
    ("DEPLOYS", "ines.kaya switched lazy_quotes_v3 on for basketservice."),
    ("LOG", "basketservice fell back to defaults on a missing currency table."),
    ("LOG", "“currency table missing: falling back to defaults” is what basketservice keeps printing."),
    ("LOG", 'The "currency table missing" error was logged at 09:26:11.'),
    ("ALERTS", "QueueTooLong has been firing for ledgerservice since 09:33:50."),
    ("COURSE", "quoteservice peaked at 09:22."),
    ("COURSE", "quoteservice first went above 50 at 09:23."),
    ("COURSE", "quoteservice was back to normal at 09:24."),
    ("COURSE", "ledgerservice climbed steeply from 09:21 to 09:23."),
    ("KEYED", "CPU on quoteservice crossed 50 % at 09:23."),
    ("KEYED", "CPU on quoteservice jumped at 09:20."),
]


def _standing(shape: str, claim: str) -> Standing:
    return judge(claim, ("E1",), {"E1": Source("E1", EVIDENCE[shape], label=shape.casefold())})[0]


@pytest.mark.parametrize(("shape", "claim"), TRUE)
def test_what_happened_so_is_supported(shape: str, claim: str) -> None:
    assert _standing(shape, claim) is Standing.SUPPORTED


@pytest.mark.parametrize(("shape", "claim"), FALSE)
def test_what_another_did_or_happened_at_another_time_is_refused(shape: str, claim: str) -> None:
    assert _standing(shape, claim) is Standing.UNSUPPORTED
