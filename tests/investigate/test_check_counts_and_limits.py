"""What somebody counts in a listing or works out of readings stands when it follows, and does not when it does not."""

import pytest

from sre_advisor.investigate.checking import judge
from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.model import Standing

EVIDENCE = {
    "LOG": (
        "2031-05-06T06:11:03Z tidewatch ERROR POST https://pilots.example/berths returned 503 status=503\n"
        "2031-05-06T06:11:20Z tidewatch ERROR POST https://pilots.example/berths timed out status=504\n"
        "2031-05-06T06:11:41Z tidewatch ERROR POST https://pilots.example/berths returned 503 status=503\n"
        "2031-05-06T06:11:44Z harbourapi WARN berths unavailable, showing old ones\n"
        "2031-05-06T06:12:02Z tidewatch WARN GC pause 310ms heap_mb=401\n"
        "2031-05-06T06:12:30Z harbourapi WARN berths unavailable, showing old ones\n"
        "2031-05-06T06:12:41Z tidewatch WARN GC pause 310ms heap_mb=417\n"
        "2031-05-06T06:13:05Z tidewatch ERROR POST https://pilots.example/berths returned 502 status=502\n"
    ),
    "GRAPH": (
        '{"edges": [{"caller": "tidewatch", "callee": "berthdb"}, {"caller": "tidewatch", "callee": "pilotapi"},'
        ' {"caller": "tidewatch", "callee": "signals"}, {"caller": "harbourapi", "callee": "tidewatch"}]}'
    ),
    "LEVELS": "service\tERROR\tWARN\ntidewatch\t6\t2\nharbourapi\t3\t4\nsignals\t2\t2\n",
    "MEMORY": (
        "timestamp,service,metric,value\n"
        "2031-05-06T06:10:00Z,tidewatch,heap_used_mb,441.2\n"
        "2031-05-06T06:11:00Z,tidewatch,heap_used_mb,470.5\n"
        "2031-05-06T06:12:00Z,tidewatch,heap_used_mb,502.4\n"
        "2031-05-06T06:13:00Z,tidewatch,heap_used_mb,51.3\n"
        "2031-05-06T06:10:00Z,tidewatch,heap_limit_mb,512\n"
        "2031-05-06T06:13:00Z,tidewatch,heap_limit_mb,512\n"
    ),
    "ALERT": "berth-5xx  critical  tidewatch  started 2031-05-06T06:15:00Z  observed ratio 0.64, threshold 0.02\n",
    "DIFF": "--- a/retry.go\n+++ b/retry.go\n-var Retry = Policy{Attempts: 8}\n+var Retry = Policy{Attempts: 2}\n",
    "TWO": (
        "# writes unit=count step=60s\ntime\ttidewatch\tharbourapi\n"
        "2031-05-06T06:10:28Z\t20\t22150\n2031-05-06T06:11:28Z\t50\t26172\n2031-05-06T06:12:28Z\t30\t24871\n"
    ),
    "STEPS": (
        '[{"target": "harbourapi.response_avg", "unit": "s", "step_s": 300, "start": "2031-05-06T06:10:00Z",'
        ' "values": [0.21, 0.24, 0.36, 0.9]}]'
    ),
}
TRUE = [
    ("LOG", "Of the four failed POSTs of tidewatch two ended in a 503."),
    ("LOG", "harbourapi warned twice that berths were unavailable."),
    ("LOG", "There are two warnings about a 310 ms GC pause."),
    ("LOG", "Four lines are at level ERROR."),
    ("GRAPH", "tidewatch has three direct callees in the graph."),
    ("LEVELS", "Adding the rows up gives 11 lines at level ERROR."),
    ("LEVELS", "Half of the eight WARN lines are from harbourapi."),
    ("MEMORY", "At 06:12 tidewatch had 9.6 MB of headroom left under its limit."),
    ("MEMORY", "tidewatch used 98 % of its heap limit at 06:12."),
    ("MEMORY", "The heap of tidewatch averaged about 471 MB over the first three samples."),
    ("MEMORY", "The heap of tidewatch grew by 61.2 MB in the two minutes to 06:12, then fell to a tenth."),
    ("ALERT", "tidewatch failed 64 % of its requests when the alert fired, 32 times the threshold."),
    ("DIFF", "The change leaves the policy a quarter of the attempts it had."),
    ("TWO", "At 06:11 the gap in writes between tidewatch and harbourapi was 26122."),
    ("STEPS", "The response time of harbourapi rose by 50 % from the 06:15 to the 06:20 sample."),
    ("STEPS", "The response time of harbourapi at 06:25 was 2.5 times its value five minutes before."),
]
FALSE = [
    ("LOG", "harbourapi warned six times that berths were unavailable."),
    ("LOG", "There are seven warnings about a 310 ms GC pause."),
    ("LOG", "Nine lines are at level ERROR."),
    ("GRAPH", "tidewatch has seven direct callees in the graph."),
    ("LEVELS", "Adding the rows up gives 17 lines at level ERROR."),
    ("MEMORY", "At 06:12 tidewatch had 22.6 MB of headroom left under its limit."),
    ("MEMORY", "tidewatch used 89 % of its heap limit at 06:12."),
    ("MEMORY", "The heap of tidewatch averaged about 433 MB over the first three samples."),
    ("ALERT", "When the alert fired, the observed ratio of tidewatch was 0.64 %."),
    ("DIFF", "The change leaves the policy a third of the attempts it had."),
    ("TWO", "At 06:11 the gap in writes between tidewatch and harbourapi was 31418."),
    ("STEPS", "The response time of harbourapi rose by 32 % from the 06:15 to the 06:20 sample."),
    ("STEPS", "The response time of harbourapi at 06:25 was 1.7 times its value five minutes before."),
]


def _judged(name: str, claim: str) -> tuple[Standing, str]:
    source = Source("E1", EVIDENCE[name], None, "")
    return judge(claim, ("E1",), {"E1": source})


@pytest.mark.parametrize(("name", "claim"), TRUE)
def test_what_can_be_counted_or_worked_out_stands(name: str, claim: str):
    standing, why = _judged(name, claim)
    assert standing is Standing.SUPPORTED, why


@pytest.mark.parametrize(("name", "claim"), FALSE)
def test_what_is_counted_or_worked_out_otherwise_is_unsupported(name: str, claim: str):
    assert _judged(name, claim)[0] is Standing.UNSUPPORTED
