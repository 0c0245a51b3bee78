"""Claims over recorded incidents: the false ones are caught, the true ones pass."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing

CLAIMS = Path(__file__).parent / "claims"


def held(claim: str, text: str, *more: str) -> Standing:
    sources = {f"E{i}": Source(f"E{i}", t) for i, t in enumerate((text, *more), 1)}
    return judge(claim, tuple(sources), sources)[0]


@pytest.mark.parametrize("corpus", ["corpus.jsonl", "varied.jsonl"])
def test_over_the_corpus_nearly_all_false_claims_are_caught_and_nearly_no_true_one_is_refused(corpus: str) -> None:
    lines = [json.loads(line) for line in (CLAIMS / corpus).read_text(encoding="utf-8").splitlines()]
    judged = [(x["false"], judge(x["claim"], x["cites"], sources_of(x["evidence"]))[0]) for x in lines]
    false, true = [s for f, s in judged if f], [s for f, s in judged if not f]
    assert len(judged) >= 300
    assert sum(s is Standing.UNSUPPORTED for s in false) >= 0.97 * len(false)
    assert sum(s is Standing.UNSUPPORTED for s in true) <= 0.03 * len(true)


SERIES = json.dumps(
    {"resultType": "matrix", "result": [{"metric": {"__name__": "http_error_ratio", "service": "checkout"},
     "values": [[1781794740, "0.002"], [1781794800, "0.003"], [1781794860, "0.41"]]}]}
)  # fmt: skip
TWO = "14:27 UTC deploy 81 of payments went live. 14:32 UTC checkout errors rose from 0.2 % to 41 %."


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("checkout's error ratio rose to 41 % at 15:01 UTC", SERIES),
        ("checkout failed 41 % of its requests at 17:01 CEST", SERIES),
        ("after the deploy at 14:27 errors rose at 14:32", TWO),
        ("deploy 81 of payments led to the errors of checkout five minutes later", TWO),
        ("checkout errors rose 5 min after deploy 81", TWO),
        ("the pool went from 20 to 4", "-  pool_size: 20\n+  pool_size: 4"),
        ("the pool shrank by 80 %", '{"service": "payments", "before": 20, "now": 4}'),
        ("no errors in search", '{"service": "search", "errors": 0}'),
        ("payments logs “no database … within 2000 ms”", "payments ERROR no database connection within 2000 ms"),
        ("p99 de payments a augmenté à 2,01 s", '{"service": "payments", "signal": "p99_seconds", "now": 2.013}'),
        ("memory of cart is at 512 MiB", '{"service": "cart", "memory_bytes": 536870912}'),
        ("search latency stayed flat at 120 ms", "search latency 120 ms, was 119 ms"),
        ("checkout errors rose 5 minutes after deploy 81, at 16:32 (+02:00)", TWO),
        ("Between 14:30 and 14:35 UTC checkout errors rose", TWO),
        ("checkout's errors broke out because of deploy 81", TWO),
        (
            "payments' pool size more than doubled",
            '{"service": "payments", "signal": "pool_size", "before": 4, "now": 20}',
        ),
        ("the http error ratio of checkout is at 41 %", SERIES),
    ],
)
def test_what_the_evidence_shows_is_supported(claim: str, text: str) -> None:
    assert held(claim, text) is Standing.SUPPORTED


LEVELS = json.dumps(
    [
        {
            "service": "checkout",
            "metric": "http_error_ratio",
            "before": 0.002,
            "now": 0.41,
            "at": "2026-06-18T14:32:00Z",
        },
        {"service": "search", "metric": "http_error_ratio", "before": 0.01, "now": 0.012, "at": "2026-06-18T14:25:00Z"},
    ]
)


@pytest.mark.parametrize(
    "claim",
    [
        "http_error_ratio of checkout had been 0.41, it stood at 0.002 afterwards.",
        "The http error ratio of checkout looks normal.",
        "http_error_ratio is higher on search than on checkout.",
        "http_error_ratio of checkout merely doubled.",
        "http_error_ratio of checkout left its band between 14:05 and 14:10 UTC.",
        "checkout was hit nine minutes after search.",
        "checkout went bad at 14:32 (+02:00).",
        "checkout began to fail until search did.",
        "http_error_ratio of checkout is now at 0.002.",
    ],
)
def test_what_the_evidence_does_not_show_is_refused_however_it_is_said(claim: str) -> None:
    assert held(claim, LEVELS) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("checkout's error ratio rose to 41 % at 15:00 UTC", SERIES),
        ("checkout failed 41 % of its requests at 15:01 CEST", SERIES),
        ("checkout's error ratio rose to 0.41 %", SERIES),
        ("payments' error ratio rose to 41 %", SERIES),
        ("checkout's error ratio fell from 0.41 to 0.002", SERIES),
        ("errors rose at 14:32 before the deploy at 14:27", TWO),
        ("the errors of checkout at 14:32 caused deploy 81 of payments", TWO),
        ("the deploy at 14:27 came after errors rose at 14:32", TWO),
        ("checkout errors rose 9 min after deploy 81", TWO),
        ("the pool went from 4 to 20", "-  pool_size: 20\n+  pool_size: 4"),
        ("no errors in search", '{"service": "search", "errors": 7}'),
        ("memory of cart is at 512 GB", '{"service": "cart", "memory_bytes": 536870912}'),
        ("payments returned 500", "payments returned 503"),
        ("checkout calls payments slowly, as E7 shows", "checkout calls payments"),
        ("payments calls checkout", '[["checkout", "payments"]]'),
        (
            "payments latency did not change",
            '{"service": "payments", "signal": "latency_ms", "before": 20, "now": 900}',
        ),
        ("checkout latency caused payments to wait", "payments waits caused checkout latency to rise"),
    ],
)
def test_what_the_evidence_does_not_show_is_not(claim: str, text: str) -> None:
    assert held(claim, text) is Standing.UNSUPPORTED


def test_evidence_without_any_content_supports_nothing_fully() -> None:
    assert held("nothing fires", "") is not Standing.SUPPORTED


@given(st.text(max_size=200), st.text(max_size=300))
def test_any_text_gets_a_verdict(claim: str, text: str) -> None:
    assert held(claim, text) in tuple(Standing)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=20),
        lambda c: st.lists(c) | st.dictionaries(st.text(max_size=8), c),
    )
)
def test_any_json_can_be_evidence(body: object) -> None:
    held("payments rose to 5 % at 14:00", json.dumps(body))


def test_a_claim_as_long_as_a_page_is_refused_at_once() -> None:
    assert held("checkout had 0.41 before and 0.002 now, " * 1_000, LEVELS) is Standing.UNSUPPORTED
