"""Who calls, answers, cancels and fails whom: true and turned claims over edges, logs and notes of made-up services."""

from __future__ import annotations

import pytest

from sre_advisor.investigate.checking.judge import judge
from sre_advisor.investigate.checking.lines import sources_of
from sre_advisor.model import Standing

EDGES = '{"edges": [["tram-web", "tram-planner"], ["tram-planner", "tram-maps"], ["tram-web", "tram-login"]]}'
ARROWS = "dependencies\ntram-web -> tram-planner -> tram-maps\ntram-web -> tram-login"
COLUMNS = "caller,callee\ntram-web,tram-planner\ntram-planner,tram-maps\ntram-web,tram-login"
LISTED = "callers of tram-planner: tram-web\ncallees of tram-planner: tram-maps\ncallers of tram-login: tram-web"
PER_LINE = "call graph, caller: callees\ntram-web: tram-planner, tram-login\ntram-planner: tram-maps"
SENTENCES = "tram-web calls tram-planner\ntram-web calls tram-login\ntram-planner calls tram-maps"
METRICS = """tram-web client_p50_s_to_tram-planner: 07:01 0.01 | 07:02 0.4
tram-planner{peer="tram-maps"} client_p50_s: 07:01 0.01 | 07:02 0.4
tram-web client_p50_s_to_tram-login: 07:01 0.01 | 07:02 0.01"""
RIGHT = (
    "tram-web calls tram-planner.",
    "tram-planner is called by tram-web.",
    "tram-maps is a dependency of tram-planner.",
    "The slow calls go from tram-planner to tram-maps.",
    "tram-planner stalled because tram-maps, which it calls, was slow.",
    "tram-web calls tram-planner and tram-login.",
)
TURNED = (
    "tram-planner calls tram-web.",
    "tram-web is called by tram-planner.",
    "tram-planner is a dependency of tram-maps.",
    "The slow calls go from tram-maps to tram-planner.",
    "tram-maps stalled because tram-planner, on which it depends, was slow.",
    "tram-planner hung because the tram-web it queries was late.",
    "tram-planner's calls into tram-web took too long.",
    "tram-maps was late in answering as tram-login is reached from tram-planner by way of tram-web.",
)
CANCELLED = """06:11:04Z tram-maps WARN Route: context canceled by client before completion work_ms=410
06:11:04Z tram-planner ERROR route lookup failed: deadline exceeded deadline_ms=250"""
NOTES = """07:40 tram-maps pods evicted
07:42 tram-planner sees 503 from tram-maps
07:43 tram-login cannot resolve tram-maps"""


def standing(evidence: str, claim: str) -> Standing:
    sources = sources_of([{"id": "E1", "source": "", "text": evidence}])
    return judge(claim, ("E1",), sources)[0]


@pytest.mark.parametrize("evidence", [EDGES, ARROWS, COLUMNS, LISTED, PER_LINE, SENTENCES, METRICS])
@pytest.mark.parametrize("claim", RIGHT)
def test_a_call_as_the_evidence_draws_it_is_not_refuted(evidence: str, claim: str) -> None:
    assert standing(evidence, claim) is not Standing.UNSUPPORTED


@pytest.mark.parametrize("evidence", [EDGES, ARROWS, COLUMNS, LISTED, PER_LINE, SENTENCES, METRICS])
@pytest.mark.parametrize("claim", TURNED)
def test_a_call_turned_round_is_refuted_however_it_is_drawn(evidence: str, claim: str) -> None:
    assert standing(evidence, claim) is Standing.UNSUPPORTED


def test_whoever_calls_through_others_is_not_called_by_the_last_of_them() -> None:
    assert standing(ARROWS, "tram-maps calls tram-web.") is Standing.UNSUPPORTED
    assert standing(ARROWS, "tram-web calls tram-maps.") is not Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "tram-maps cancelled the Route call before tram-planner, its client, was done.",
        "It was the server that hung up, not the client.",
        "The Route call was cancelled by tram-maps.",
    ],
)
def test_who_ended_a_call_is_whom_the_log_of_either_end_lays_it_to(claim: str) -> None:
    assert standing(CANCELLED, claim) is Standing.UNSUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "tram-planner gave up on tram-maps after its deadline.",
        "tram-maps saw its Route call cancelled by the client.",
        "It was the client that hung up.",
    ],
)
def test_the_end_that_did_hang_up_may_be_named(claim: str) -> None:
    assert standing(CANCELLED, claim) is not Standing.UNSUPPORTED


@pytest.mark.parametrize(
    ("right", "turned"),
    [
        ("tram-planner saw 503s from tram-maps.", "tram-maps received 503s from tram-planner."),
        ("tram-login could not resolve tram-maps.", "tram-maps could not resolve tram-login."),
    ],
)
def test_a_deed_told_in_notes_is_that_of_whom_they_tell_it(right: str, turned: str) -> None:
    assert standing(NOTES, right) is not Standing.UNSUPPORTED
    assert standing(NOTES, turned) is Standing.UNSUPPORTED
