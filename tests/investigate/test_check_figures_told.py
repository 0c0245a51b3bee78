"""A figure is that of its moment and its unit, however the evidence gives both; what is computed must follow."""

import pytest

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.model import Standing

EVIDENCE = {
    "CAPTION": (
        "5-minute averages, uptime in %, response times in s\n"
        "time   tidewatch response_avg  tidewatch uptime  harbourapi response_avg\n"
        "06:10            0.41                  99.1                   0.22\n"
        "06:15            0.43                  96.4                   0.23\n"
        "06:20            1.72                  81.0                   0.21\n"
    ),
    "BRACKETS": (
        "heap_in_use [MB]\ntime(UTC) | tidewatch\n"
        "06:10:00 | 204.1\n06:40:00 | 265.0\n07:10:00 | 325.8\n07:40:00 | 386.9\n"
    ),
    "STEPPED": (
        '[{"target": "harbourapi.response_p99", "unit": "s", "step_s": 60, "start": "2031-05-06T06:10:00Z",'
        ' "values": [0.21, 0.24, 1.08, 1.31, 0.22]}]'
    ),
    "RATIOS": (
        '{"metric": "refused_share", "unit": "ratio", "series": [{"service": "tidewatch", "points":'
        ' [["2031-05-06T06:10:00Z", 0.013], ["2031-05-06T06:11:00Z", 0.31], ["2031-05-06T06:12:00Z", 0.58]]}]}'
    ),
    "CODE": "release-9 tidewatch 2031-05-06T06:04:10Z\n+    publish(batch)\n+    time.sleep(0.6)\n",
    "DOCS": "tide.backoff_base: the number of seconds between two attempts. tide.page_limit is told in kilobytes.\n",
    "LOG": (
        "06:12:20Z harbourapi WARN fetch gave up elapsed_ms=812\n"
        "06:12:31Z tidewatch ERROR publish failed elapsed_ms=455 deadline_ms=400\n"
        "06:12:44Z tidewatch WARN mooring lookup, attempt 4 of 9\n"
    ),
    "REQUESTS": "tidewatch requests_sum: 06:10 1260, 06:15 1,495, 06:20 1185\n",
}
TRUE = [
    ("CAPTION", "tidewatch answered in 1.72 s on average at 06:20, about four times its 06:15 figure."),
    ("CAPTION", "tidewatch uptime went down to 81 % at 06:20."),
    ("CAPTION", "harbourapi stayed between 210 and 230 ms throughout."),
    ("BRACKETS", "The heap of tidewatch gains about 61 MB every half hour."),
    ("BRACKETS", "By 07:40 the heap of tidewatch was over 380 MB."),
    ("STEPPED", "harbourapi p99 came to 1.31 s at 06:13."),
    ("STEPPED", "For two minutes from 06:12 harbourapi p99 lay between 1 and 1.3 s."),
    ("RATIOS", "By 06:12 tidewatch refused more than half of its requests, 58 %."),
    ("RATIOS", "tidewatch refused between three in ten and six in ten requests at 06:11 and 06:12."),
    ("CODE", "release-9 makes tidewatch sleep for 600 ms after each publish."),
    ("DOCS", "tide.backoff_base is the pause in seconds between attempts."),
    ("LOG", "The publish at 06:12:31 ran 455 ms."),
    ("LOG", "tidewatch was on attempt 4 of 9 at 06:12:44."),
    ("REQUESTS", "tidewatch took some 300 requests a minute at 06:15."),
    ("REQUESTS", "tidewatch took 1,495 requests in the 06:15 sample."),
    ("REQUESTS", "tidewatch took 1313 requests on average."),
]
FALSE = [
    ("CAPTION", "tidewatch answered in 1.72 ms on average at 06:20."),
    ("CAPTION", "The average response time of tidewatch doubled between the 06:15 and 06:20 samples."),
    ("CAPTION", "By 06:15 tidewatch took over 1 s on average."),
    ("CAPTION", "harbourapi response_avg stayed between 0.21 and 0.22 s in all samples."),
    ("BRACKETS", "The heap of tidewatch came to 387 GB by 07:40."),
    ("BRACKETS", "The heap of tidewatch gains about 61 MB every ten minutes."),
    ("STEPPED", "harbourapi p99 came to 1.31 s at 06:12."),
    ("STEPPED", "harbourapi p99 came to 1.31 ms at 06:13."),
    ("RATIOS", "tidewatch refused 0.58 % of its requests at 06:12."),
    ("RATIOS", "tidewatch answered 58 % of its requests with a 503 in the 06:11 sample."),
    ("CODE", "release-9 makes tidewatch sleep for 0.6 ms after each publish."),
    ("DOCS", "tide.backoff_base makes a client wait that many milliseconds."),
    ("DOCS", "tide.page_limit sets how many megabytes a page holds."),
    ("LOG", "The publish at 06:12:31 ran 812 ms."),
    ("LOG", "tidewatch was on attempt 9 of 9 at 06:12:44."),
    ("REQUESTS", "tidewatch took 1,495 requests in the 06:20 sample."),
    ("REQUESTS", "tidewatch took some 1495 requests a minute at 06:15."),
]


def _standing(source: str, claim: str) -> Standing:
    return judge(claim, ("E1",), {"E1": Source("E1", EVIDENCE[source], None, source.lower())})[0]


@pytest.mark.parametrize(("source", "claim"), TRUE)
def test_a_figure_of_the_moment_and_the_unit_told_is_not_refused(source: str, claim: str) -> None:
    assert _standing(source, claim) is not Standing.UNSUPPORTED


@pytest.mark.parametrize(("source", "claim"), FALSE)
def test_a_figure_of_another_moment_or_unit_is_refused(source: str, claim: str) -> None:
    assert _standing(source, claim) is Standing.UNSUPPORTED
