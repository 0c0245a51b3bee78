"""Claims in many wordings over evidence in many shapes: prose, a log, a query result, JSON, a diff, a table."""

import pytest

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.model import Standing

EVIDENCE = {
    "PROSE": (
        "At 14:32 UTC the checkout service error rate climbed to 12.4% (baseline 0.3%). Payments "
        "p99 latency went from 180 ms to 2.4 s at 14:30 UTC. Deploy payments-v231 finished at 14:27 "
        "UTC."
    ),
    "LOG": (
        "2026-05-04T09:12:01Z [orders] ERROR connection pool exhausted: 50/50 in use\n"
        "2026-05-04T09:12:03Z [orders] WARN retrying in 200ms (attempt 3)\n2026-05-04T09:12:05Z "
        "[cart] ERROR upstream orders timed out after 3000 ms"
    ),
    "VECTOR": (
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"job":"api","instan'
        'ce":"10.0.0.1:9090"},"value":[1715000000,"0.047"]},{"metric":{"job":"worker"},"value":[171'
        '5000000,"0.91"]}]}}'
    ),
    "OBJECT": ('{"service":"search","metric":"process_resident_memory_bytes","before":524288000,"after":1073741824}'),
    "DIFF": (
        "diff --git a/config/db.yaml b/config/db.yaml\n--- a/config/db.yaml\n+++ b/config/db.yaml\n@@ "
        "-3,3 +3,3 @@\n host: db\n-max_connections: 100\n+max_connections: 10\n timeout_ms: 500"
    ),
    "ALERTS": (
        '[{"alertname":"HighLatency","state":"firing","activeAt":"2026-05-04T09:14:00Z","labels":{"'
        'service":"cart","severity":"page"}}]'
    ),
    "TABLE": ("time,service,cpu_pct\n09:10,cart,35\n09:12,cart,92\n09:10,orders,40\n09:12,orders,41"),
    "NONE": ("No errors were logged by orders between 09:00 and 09:10. Restarts of cart: 0."),
    "CAUSE": ("The latency of the gateway is caused by slow DNS lookups on node-7, which began at 08:01."),
    "CHANNEL": ("Users reported the gateway problems in the channel."),
    "TRAFFIC": ("api traffic: 200 req/s -> 300 req/s"),
}
TRUE = [
    ("PROSE", "Checkout's error rate climbed to 12.4% at 14:32 UTC, after payments-v231 was deployed at 14:27."),
    ("PROSE", "Payments p99 latency increased from 180 ms to 2.4 s two minutes before checkout errors climbed."),
    ("PROSE", "payments-v231 was deployed before checkout's error rate climbed."),
    ("PROSE", "The error rate of checkout is about 41 times its baseline."),
    ("LOG", 'orders logged "connection pool exhausted: 50/50 in use" at 09:12:01.'),
    ("LOG", "cart calls to orders timed out after 3 s."),
    ("LOG", "The orders pool was exhausted four seconds before cart timed out."),
    ("VECTOR", "api is at 4.7 %."),
    ("VECTOR", "worker is at 0.91."),
    ("OBJECT", "search memory grew from 500 MiB to 1 GiB."),
    ("OBJECT", "Memory of search roughly doubled, from 524 MB to 1.07 GB."),
    ("DIFF", "The commit lowers max_connections from 100 to 10 in config/db.yaml."),
    ("ALERTS", "HighLatency fires for cart since 09:14 UTC."),
    ("ALERTS", "The HighLatency alert on cart started at 11:14 CEST."),
    ("TABLE", "cart CPU jumped from 35 % to 92 % between 09:10 and 09:12."),
    ("TABLE", "orders CPU barely moved (40 % to 41 %)."),
    ("NONE", "orders logged no errors between 09:00 and 09:10."),
    ("NONE", "cart did not restart."),
    ("CAUSE", "Slow DNS lookups on node-7 cause the gateway latency."),
    ("CHANNEL", "Several users reported problems with the gateway."),
    ("CAUSE", "Die Latenz von gateway begann um 08:01 Uhr."),
    ("TRAFFIC", "Traffic rose by 50 %, from 200 req/s to 300 req/s."),
]
FALSE = [
    ("PROSE", "Payments error rate climbed to 12.4%."),
    ("PROSE", "Checkout p99 latency went from 180 ms to 2.4 s."),
    ("PROSE", "Payments p99 latency went from 180 s to 2.4 s."),
    ("PROSE", "Payments p99 latency went from 180 ms to 2.4 ms."),
    ("PROSE", "The checkout errors at 14:32 triggered the payments-v231 deploy at 14:27."),
    ("PROSE", "Checkout errors climbed before the payments-v231 deploy finished."),
    ("PROSE", "payments-v231 was deployed because checkout's error rate climbed."),
    ("PROSE", "Inventory p99 latency went from 180 ms to 2.4 s."),
    ("PROSE", "Deploy payments-v232 finished at 14:27 UTC."),
    ("PROSE", "Deploy payments-v231 finished at 14:26 UTC."),
    ("LOG", 'orders logged "connection pool exceeded: 50/50 in use" at 09:12:01.'),
    ("LOG", 'cart logged "connection pool exhausted: 50/50 in use".'),
    ("LOG", "cart calls to orders timed out after 3000 s."),
    ("LOG", "cart calls to orders timed out after 300 ms."),
    ("LOG", "cart timed out before the orders pool was exhausted."),
    ("VECTOR", "worker is at 4.7 %."),
    ("VECTOR", "api is at 0.91."),
    ("OBJECT", "search memory grew from 500 MiB to 1 MiB."),
    ("OBJECT", "search memory fell from 1 GiB to 500 MiB."),
    ("DIFF", "The commit raises max_connections from 10 to 100."),
    ("DIFF", "The commit lowers max_connections from 100 to 1."),
    ("DIFF", "The commit lowers timeout_ms from 100 to 10."),
    ("DIFF", "The commit changes max_connections to 100."),
    ("ALERTS", "HighLatency fires for orders since 09:14 UTC."),
    ("ALERTS", "HighErrorRate fires for cart."),
    ("ALERTS", "HighLatency has been firing for cart since 9:14 PM."),
    ("TABLE", "orders CPU jumped from 35 % to 92 %."),
    ("TABLE", "cart CPU was 92 % at 09:10."),
    ("TABLE", "cart CPU dropped from 92 % to 35 %."),
    ("NONE", "orders logged errors between 09:00 and 09:10."),
    ("CAUSE", "The gateway latency causes slow DNS lookups on node-7."),
    ("CAUSE", "Slow DNS lookups on node-8 cause the gateway latency."),
    ("CAUSE", "Die Latenz von gateway begann um 08:05 Uhr."),
    ("TRAFFIC", "Traffic rose by 80 %, from 200 req/s to 300 req/s."),
    ("TRAFFIC", "Traffic rose from 200 req/min to 300 req/min."),
]


def standing(shape: str, claim: str) -> Standing:
    return judge(claim, ("E1",), {"E1": Source("E1", EVIDENCE[shape])})[0]


@pytest.mark.parametrize(("shape", "claim"), TRUE)
def test_a_true_claim_passes_in_any_wording(shape: str, claim: str) -> None:
    assert standing(shape, claim) is Standing.SUPPORTED


@pytest.mark.parametrize(("shape", "claim"), FALSE)
def test_a_subtly_false_one_does_not(shape: str, claim: str) -> None:
    assert standing(shape, claim) is Standing.UNSUPPORTED
