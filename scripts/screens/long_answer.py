"""An answer of which every part is far too long, to see that it stays legible."""

from __future__ import annotations

from sre_advisor.investigate.answer import Answer
from sre_advisor.model import (
    Claim,
    CommandLabel,
    Confidence,
    Diagnosis,
    Evidence,
    FirstLook,
    Hypothesis,
    Outcome,
    Patch,
    Question,
    Standing,
    SuggestedCommand,
    Verdict,
)

STACK = "Traceback of worker 7: connection pool exhausted after 2000 ms waiting for a free connection; "
LONG = (STACK * 500)[:40_000]


def long_answer(question: Question) -> Answer:
    """40,000 characters of evidence, claims to match, a patch and a document."""
    evidence = tuple(_read(number, question) for number in range(1, 13))
    claims = tuple(_claim(f"worker {n} logged: {LONG}", f"E{n}") for n in range(1, 13))
    hypothesis = Hypothesis(
        statement=f"The pool of payments is exhausted: {STACK * 3}", confidence=Confidence.MEDIUM, claims_for=claims,
        claims_against=(_claim(f"some requests still pass: {LONG}", "E2"),), would_disprove=LONG,
    )  # fmt: skip
    diagnosis = Diagnosis(
        verdict=Verdict.LIKELY_CAUSE,
        summary="Payments waits for database connections since 13:50 UTC; its pool went from 20 to 4.",
        hypotheses=(hypothesis,),
        ruled_out=claims,
        not_checked=tuple(f"log file {n}: {LONG}" for n in range(1, 9)),
        commands=(_command("kubectl -n shop logs deployment/payments --since=15m"), _command(f"echo {LONG}")),
        patch=_patch(),
        document="\n".join(f"- 13:{n:02} UTC: {STACK}" for n in range(60)),
    )
    return Answer(
        question=question, advisor="offline advisor, no model", first_look=FirstLook(headline="x"),
        diagnosis=diagnosis, evidence=evidence, model_calls=0, tool_calls=12, cost_usd=0.0, duration_s=3.2,
    )  # fmt: skip


def _read(number: int, question: Question) -> Evidence:
    return Evidence(
        id=f"E{number}", source="logs", tool="logs_search", request={"query": LONG}, outcome=Outcome.OK,
        read_at=question.asked_at, summary=f"{number * 173} lines; first: {LONG}", body=LONG,
    )  # fmt: skip


def _claim(text: str, *cites: str) -> Claim:
    return Claim(text=text, cites=cites, standing=Standing.SUPPORTED)


def _command(text: str) -> SuggestedCommand:
    return SuggestedCommand(command=text, why="from docs/runbooks/payments.md (E8)", label=CommandLabel.READ_ONLY)


def _patch() -> Patch:
    rows = "".join(f" key_{n}: {n}\n" for n in range(3))
    diff = (
        "--- a/services/payments/config/production.yaml\n+++ b/services/payments/config/production.yaml\n"
        f"@@ -1,5 +1,5 @@\n{rows}-pool_size: 4\n+pool_size: 20\n log_level: info\n"
    )
    more = "".join(
        f"--- a/services/payments/{n}.yaml\n+++ b/services/payments/{n}.yaml\n@@ -1 +1 @@\n-size: 4\n+size: 20\n"
        for n in "abcdef"
    )
    return Patch(
        repository="shop", base_sha="59aea42d553ac3a731c64ed29e7b4972e399fee9", diff=diff + more,
        why="Put the pool back to 20 connections", files=("services/payments/config/production.yaml",), added=7,
        removed=7,
    )  # fmt: skip
