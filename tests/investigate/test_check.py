"""A claim is held against its evidence, and confidence has to be earned."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sre_advisor.investigate.check import Grounds, check, check_claim
from sre_advisor.model import (
    Confidence,
    DraftClaim,
    DraftCommand,
    DraftDiagnosis,
    DraftHypothesis,
    Evidence,
    Outcome,
    Standing,
    Verdict,
)

SHA = "ab" * 4 + "12" * 16


def evidence(number: int, summary: str, source: str = "prometheus", outcome: Outcome = Outcome.OK) -> Evidence:
    return Evidence(
        id=f"E{number}", source=source, tool="t", request={}, outcome=outcome, read_at=datetime(2026, 1, 1, tzinfo=UTC),
        summary=summary,
    )  # fmt: skip


GROUNDS = Grounds(
    evidence={
        "E1": evidence(1, "payments error ratio rose from 0.002 to 0.4137 at 2026-01-01T14:32:15Z, p99 1.183 seconds"),
        "E2": evidence(2, f"commit {SHA} of payments at 14:27 UTC: pool 20 -> 4", source="git"),
        "E3": evidence(3, "unreachable: connection refused", source="alertmanager", outcome=Outcome.UNAVAILABLE),
    },
    services=frozenset({"payments", "checkout", "pay"}),
)


@pytest.mark.parametrize(
    "text",
    [
        "payments failed 41.4 % of its requests",
        "the error ratio of payments reached 0.41 at 14:32 UTC",
        "p99 was 1183 ms",
        "p99 was about 1.2 seconds",
        "p99 was 1200 ms",
        f"commit {SHA[:10]} set the pool from 20 to 4",
        "the change came at 14:27",
    ],
)
def test_a_claim_that_its_evidence_shows_is_supported(text: str) -> None:
    assert check_claim(DraftClaim(text=text, cites=("E1", "E2")), GROUNDS).standing is Standing.SUPPORTED


@pytest.mark.parametrize(
    ("text", "cites"),
    [
        ("payments failed 67 % of its requests", ("E1",)),
        ("it began at 14:52 UTC", ("E1",)),
        ("p99 was 1.183 ms", ("E1",)),
        ("p99 was 1.183 minutes", ("E1",)),
        ("checkout failed 41.4 % of its requests", ("E1",)),
        ("commit 99aa99aa99 set the pool", ("E2",)),
        ("the pool went from 20 to 5", ("E2",)),
        ("payments is broken", ("E9",)),
        ("payments is broken", ()),
    ],
)
def test_a_claim_that_its_evidence_does_not_show_is_unsupported(text: str, cites: tuple[str, ...]) -> None:
    assert check_claim(DraftClaim(text=text, cites=cites), GROUNDS).standing is Standing.UNSUPPORTED


def test_evidence_of_a_source_that_was_down_supports_nothing_fully() -> None:
    claim = check_claim(DraftClaim(text="no alert fires", cites=("E3",)), GROUNDS)
    assert claim.standing is Standing.PARTLY


def draft(*claims: DraftClaim, confidence: Confidence = Confidence.HIGH) -> DraftDiagnosis:
    hypothesis = DraftHypothesis(
        statement="the pool is too small", confidence=confidence, claims_for=claims, would_disprove="it waits no more"
    )
    return DraftDiagnosis(verdict=Verdict.LIKELY_CAUSE, summary="the pool", hypotheses=(hypothesis,))


METRIC = DraftClaim(text="payments reached 0.41", cites=("E1",))
COMMIT = DraftClaim(text="the pool went from 20 to 4", cites=("E2",))
FALSE = DraftClaim(text="latency reached 99 s", cites=("E1",))


def test_two_sources_and_a_disproof_keep_high_confidence() -> None:
    diagnosis = check(draft(METRIC, COMMIT), GROUNDS, "a")
    assert diagnosis.hypotheses[0].confidence is Confidence.HIGH


@pytest.mark.parametrize(("claims", "why"), [((METRIC,), "one source"), ((METRIC, COMMIT, FALSE), "1 of its claims")])
def test_confidence_is_capped_and_the_reason_is_said(claims: tuple[DraftClaim, ...], why: str) -> None:
    hypothesis = check(draft(*claims), GROUNDS, "a").hypotheses[0]
    assert hypothesis.confidence is Confidence.MEDIUM
    assert why in hypothesis.caps[0]


def test_a_missing_source_caps_confidence() -> None:
    grounds = Grounds(GROUNDS.evidence, GROUNDS.services, missing=("alertmanager",))
    assert check(draft(METRIC, COMMIT), grounds, "a").hypotheses[0].confidence is Confidence.MEDIUM


def blaming(service: str, statement: str = "the pool is too small") -> DraftDiagnosis:
    blamed = draft(METRIC, COMMIT).hypotheses[0].model_copy(update={"service": service, "statement": statement})
    return draft(METRIC, COMMIT).model_copy(update={"hypotheses": (blamed,)})


@pytest.mark.parametrize(
    ("service", "statement"),
    [
        ("checkout", "the pool is too small"),
        ("", "checkout ran out of connections"),
        ("the checkout service", "the pool is too small"),
        ("a-service-nobody-knows", "the pool is too small"),
    ],
)
def test_a_service_that_no_call_connects_with_what_shows_is_blamed_with_low_confidence_only(
    service: str, statement: str
) -> None:
    near = replace(GROUNDS, near=frozenset({"payments", "pay"}))
    hypothesis = check(blaming(service, statement), near, "a").hypotheses[0]
    assert hypothesis.confidence is Confidence.LOW
    assert any("neither alerts nor is anomalous" in why for why in hypothesis.caps)


@pytest.mark.parametrize(
    ("service", "statement", "near"),
    [
        ("payments", "the pool is too small", frozenset({"payments"})),
        ("Payments", "the pool is too small", frozenset({"payments"})),
        ("payments (behind checkout)", "the pool is too small", frozenset({"payments"})),
        ("", "the pool is too small", frozenset({"payments"})),
        ("", "payments ran out of its pool", frozenset({"payments"})),
        ("checkout", "the pool is too small", None),
    ],
)
def test_a_service_near_what_shows_or_an_unknown_graph_lowers_nothing(
    service: str, statement: str, near: frozenset[str] | None
) -> None:
    diagnosis = check(blaming(service, statement), replace(GROUNDS, near=near), "a")
    assert diagnosis.hypotheses[0].confidence is Confidence.HIGH


def test_a_verdict_with_nothing_left_becomes_not_enough_evidence() -> None:
    diagnosis = check(draft(FALSE), GROUNDS, "a")
    assert diagnosis.verdict is Verdict.NOT_ENOUGH
    assert diagnosis.claims_dropped == 1
    assert "the pool is too small" in diagnosis.summary


FAR = replace(GROUNDS, near=frozenset({"payments"}))


@pytest.mark.parametrize("confidence", list(Confidence))
def test_what_may_be_no_more_than_a_lead_is_not_told_as_the_likely_cause(confidence: Confidence) -> None:
    drafted = blaming("checkout")
    lead = drafted.hypotheses[0].model_copy(update={"confidence": confidence})
    diagnosis = check(drafted.model_copy(update={"hypotheses": (lead,)}), FAR, "a")
    assert diagnosis.verdict is Verdict.NOT_ENOUGH
    assert diagnosis.hypotheses[0].confidence is Confidence.LOW
    assert "only a lead (its service neither alerts" in diagnosis.summary
    assert diagnosis.summary.endswith("the pool is too small")


def test_what_the_advisor_itself_is_little_sure_of_keeps_its_verdict_where_no_rule_holds_it_low() -> None:
    diagnosis = check(draft(METRIC, COMMIT, confidence=Confidence.LOW), GROUNDS, "a")
    assert diagnosis.verdict is Verdict.LIKELY_CAUSE
    assert diagnosis.summary == "the pool"


@pytest.mark.parametrize(
    ("services", "verdict"),
    [
        (("checkout", "payments"), Verdict.COMPETING),
        (("payments", "checkout"), Verdict.COMPETING),
        (("checkout", "checkout"), Verdict.NOT_ENOUGH),
    ],
)
def test_hypotheses_compete_while_one_of_them_may_be_more_than_a_lead(
    services: tuple[str, ...], verdict: Verdict
) -> None:
    hypotheses = tuple(blaming(service).hypotheses[0] for service in services)
    drafted = DraftDiagnosis(verdict=Verdict.COMPETING, summary="the pool or the pool", hypotheses=hypotheses)
    assert check(drafted, FAR, "a").verdict is verdict


def test_a_rival_does_not_make_the_lead_before_it_the_likely_cause() -> None:
    hypotheses = (blaming("checkout").hypotheses[0], blaming("payments").hypotheses[0])
    drafted = draft(METRIC).model_copy(update={"hypotheses": hypotheses})
    assert check(drafted, FAR, "a").verdict is Verdict.NOT_ENOUGH


def test_a_suggested_command_says_what_it_would_do() -> None:
    drafted = draft(METRIC).model_copy(update={"commands": (DraftCommand(command="kubectl delete pod x", why="w"),)})
    assert check(drafted, GROUNDS, "a").commands[0].label == "changes_state"


def words(**changes: object) -> DraftDiagnosis:
    made = draft(METRIC, COMMIT)
    hypothesis = made.hypotheses[0].model_copy(update={k: v for k, v in changes.items() if k != "summary"})
    summary = changes.get("summary", made.summary)
    return made.model_copy(update={"summary": summary, "hypotheses": (hypothesis,)})


def test_a_summary_with_an_invented_figure_is_replaced_and_counted() -> None:
    diagnosis = check(words(summary="Errors hit 87.3 % after commit deadbeef99"), GROUNDS, "a")
    assert diagnosis.summary == "the pool is too small"
    assert diagnosis.claims_dropped == 1


def test_a_statement_with_an_invented_figure_is_replaced_and_caps_confidence() -> None:
    diagnosis = check(words(statement="5000 connections were lost at 03:33 UTC", service="payments"), GROUNDS, "a")
    hypothesis = diagnosis.hypotheses[0]
    assert hypothesis.statement.startswith("it began in payments;")
    assert hypothesis.confidence is Confidence.LOW
    assert "its own words did not hold" in hypothesis.caps


def test_what_was_not_checked_may_not_smuggle_figures() -> None:
    gaps = ("All 12 services were verified healthy", "the network was not looked at")
    diagnosis = check(words().model_copy(update={"not_checked": gaps}), GROUNDS, "a")
    assert diagnosis.not_checked == ("the network was not looked at",)


@pytest.mark.parametrize(("firing", "missing"), [(("DbDown on db since 14:30 UTC",), ()), ((), ("prometheus",))])
def test_nothing_wrong_is_not_said_while_an_alert_fires_or_a_source_is_unread(
    firing: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    grounds = Grounds(GROUNDS.evidence, GROUNDS.services, missing=missing, firing=firing)
    healthy = DraftDiagnosis(verdict=Verdict.NOTHING_WRONG, summary="Everything is healthy, ignore the alerts.")
    diagnosis = check(healthy, grounds, "a")
    assert diagnosis.verdict is Verdict.NOT_ENOUGH
    assert "healthy" not in diagnosis.summary


def test_what_was_worked_out_from_a_source_is_no_second_source_beside_it() -> None:
    derived = evidence(4, "payments error ratio rose to 0.4137", source="triage").model_copy(
        update={"request": {"drawn_from": ["E1"]}}
    )
    grounds = Grounds({**GROUNDS.evidence, "E4": derived}, GROUNDS.services)
    both = DraftClaim(text="payments failed 41.4 % of its requests", cites=("E1", "E4"))
    (hypothesis,) = check(draft(both), grounds, "m").hypotheses
    assert hypothesis.confidence is Confidence.MEDIUM
    assert "it rests on one source" in hypothesis.caps
