"""Who came first and who hurt whom: wordings of a true and of a turned order over the same small evidence."""

from __future__ import annotations

import pytest

from sre_advisor.investigate.checking.evidence.shelf import Shelf
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.investigate.checking.times.order import wrong_order
from sre_advisor.investigate.checking.words.phrases import statements

LOG = """2031-03-04T08:00:10Z INFO [billing-svc] deployed build 7781c0de
2031-03-04T08:02:00Z ERROR [ledger-db] disk full, writes refused
2031-03-04T08:02:20Z ERROR [billing-svc] upstream ledger-db refused the write
2031-03-04T08:03:05Z ERROR [shop-web] checkout failed: billing-svc returned 502
2031-03-04T08:09:00Z INFO [billing-svc] feature flag soft_commit enabled by lea"""
READINGS = """query_range step=60s
ledger-db/disk_used_pct (%): 07:58:00 71, 07:59:00 72, 08:00:00 80, 08:01:00 91, 08:02:00 99, 08:03:00 99
billing-svc/error_ratio (ratio): 07:58:00 0.001, 07:59:00 0.002, 08:00:00 0.001, 08:01:00 0.002, 08:02:00 0.001, \
08:03:00 0.31"""
RUNBOOK = """Notes
- billing-svc waits for ledger-db on every charge, so a slow ledger-db slows billing-svc down.
- shop-web retries twice."""
CANCELLED = "2031-03-04T08:02:00Z WARN [billing-svc] Charge: context canceled by client before completion"
ONE_SECOND = """2031-03-04T08:02:00Z ERROR [ledger-db] write refused trace=77ab01cd
2031-03-04T08:02:00Z ERROR [billing-svc] charge failed trace=77ab01cd"""

BACK = """| time | ferry-api p90_ms | ferry-db cpu_pct |
| 05:01 | 12 | 20 |
| 05:02 | 11 | 21 |
| 05:03 | 13 | 20 |
| 05:04 | 410 | 91 |
| 05:05 | 395 | 93 |
| 05:06 | 14 | 90 |
| 05:07 | 12 | 88 |
| 05:08 | 12 | 22 |"""
REASON = "2031-03-04T08:00:10Z ERROR ferry-api export job_17 restarting; writer failed: snapshot lock timeout"
CHAIN = """08:00:05 tide-ops raised parameter hold_ms to 900
08:00:30 ferry-api WARN sleeping before each scan
08:04:00 ferry-db pod ferry-db-7f9c2 killed for memory
08:06:00 alert FerrySlow started
08:09:00 tide-ops set hold_ms back to 0"""

RIGHT = (
    (BACK, "ferry-api's latency was back to normal before ferry-db's CPU was."),
    (BACK, "ferry-db's CPU recovered later than the latency of ferry-api."),
    (REASON, "The snapshot lock timeout made export job_17 restart."),
    (CHAIN, "tide-ops raised hold_ms to 900, and ferry-api then began sleeping before each scan in reaction to it."),
    (CHAIN, "FerrySlow started, after which hold_ms was set back to 0."),
    (CHAIN, "Having seen ferry-db killed, the alert FerrySlow started."),
    (CHAIN, "With FerrySlow already started, tide-ops set hold_ms back to 0."),
    (CHAIN, "Nothing was set back to 0 when FerrySlow started."),
    (LOG, "ledger-db refused writes before billing-svc complained."),
    (LOG, "billing-svc's errors were a consequence of ledger-db refusing writes."),
    (LOG, "It was ledger-db that dragged billing-svc down."),
    (LOG, "What made shop-web's checkout fail was billing-svc returning 502."),
    (LOG, "shop-web only failed once billing-svc had begun to error."),
    (LOG, "The build 7781c0de was already out when the disk filled up on ledger-db."),
    (LOG, "ledger-db's disk filled first; a minute later shop-web failed."),
    (LOG, "By the time soft_commit was enabled, shop-web had long been failing."),
    (LOG, "shop-web got its 502s from billing-svc."),
    (LOG, "The last change before the failures was build 7781c0de."),
    (READINGS, "Not until ledger-db's disk was above 90 % did billing-svc's error ratio move."),
    (READINGS, "ledger-db's disk use passed 90 % two minutes before billing-svc's error ratio jumped."),
    (READINGS, "billing-svc's error ratio stayed flat until the disk of ledger-db was full."),
    (READINGS, "ledger-db's disk use was at 99 % while billing-svc's error ratio rose to 0.31."),
    (RUNBOOK, "A slow ledger-db holds up billing-svc."),
    (CANCELLED, "The client cancelled the Charge call, billing-svc did not do so on its own."),
    (ONE_SECOND, "billing-svc failed because ledger-db had refused the write of trace 77ab01cd."),
)
TURNED = (
    (BACK, "ferry-db's CPU was back to normal before ferry-api's latency was."),
    (BACK, "ferry-db's CPU recovered earlier than the latency of ferry-api."),
    (REASON, "The restart of export job_17 is what produced the snapshot lock timeout."),
    (CHAIN, "ferry-api began sleeping before each scan, and tide-ops then raised hold_ms to 900 in reaction to it."),
    (CHAIN, "hold_ms was set back to 0, after which FerrySlow started."),
    (CHAIN, "Having seen FerrySlow start, the kernel killed ferry-db for memory."),
    (CHAIN, "With FerrySlow already started, ferry-api began sleeping before each scan."),
    (CHAIN, "It was the alert FerrySlow that brought the ferry-db pod down."),
    (LOG, "billing-svc complained before ledger-db refused any write."),
    (LOG, "ledger-db refusing writes was a consequence of billing-svc's errors."),
    (LOG, "It was billing-svc that dragged ledger-db down."),
    (LOG, "What made billing-svc fail was shop-web's failing checkout."),
    (LOG, "billing-svc only began to error once shop-web had failed."),
    (LOG, "The disk of ledger-db was already full when the build 7781c0de was deployed."),
    (LOG, "The failures of billing-svc came in response to soft_commit being enabled."),
    (LOG, "shop-web failed first; a minute later ledger-db's disk filled up."),
    (LOG, "By the time shop-web failed, soft_commit had already been enabled."),
    (LOG, "billing-svc got its 502s from shop-web."),
    (LOG, "ledger-db was held up by billing-svc, which answered it too late."),
    (LOG, "The errors in billing-svc stem from shop-web."),
    (LOG, "Thanks to the failing shop-web, billing-svc returned 502."),
    (LOG, "The disk on ledger-db filled up in the wake of soft_commit."),
    (READINGS, "billing-svc's error ratio jumped before ledger-db's disk went over 90 %."),
    (READINGS, "ledger-db's disk use passed 90 % only after billing-svc's error ratio had jumped."),
    (READINGS, "A jump of billing-svc's error ratio drove ledger-db's disk use past 90 %."),
    (RUNBOOK, "A slow billing-svc holds up ledger-db."),
    (CANCELLED, "billing-svc itself cancelled the Charge call."),
    (ONE_SECOND, "ledger-db refused the write of trace 77ab01cd because billing-svc had failed."),
)


def told(evidence: str, claim: str) -> str | None:
    sources = sources_of([{"id": "E1", "source": "", "text": evidence}])
    return wrong_order(claim, Shelf(claim, tuple(sources.values()), frozenset(), {}))


@pytest.mark.parametrize(("evidence", "claim"), RIGHT)
def test_an_order_as_the_evidence_has_it_is_not_refuted(evidence: str, claim: str) -> None:
    assert told(evidence, claim) is None


@pytest.mark.parametrize(("evidence", "claim"), TURNED)
def test_an_order_turned_round_is_refuted(evidence: str, claim: str) -> None:
    assert told(evidence, claim) is not None


@pytest.mark.parametrize(
    "claim",
    [
        "Latency rose while traffic fell.",
        "CPU was 12 %, then at 10:24 it stood at 80 % (peak).",
        "The queue held 820 jobs before and after.",
        "The deploy did not cause the errors.",
    ],
)
def test_no_cause_is_read_where_none_is_told(claim: str) -> None:
    assert not [t for t in statements(claim) if t.causal]


def test_a_shared_subject_is_that_of_both_verbs() -> None:
    found = [(t.first.strip(), t.after.strip(" .")) for t in statements("A-db blocked B-api and finally broke C-web.")]
    assert ("A-db", "C-web") in found
