"""Alerting rules are read for recordings by the one declared request, whatever a backend says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.connectors.prometheus.rules import read_rules
from tests.servers.recording_http import recording_server

RULE = {"type": "alerting", "name": "Slow", "query": "up == 0", "duration": 300, "labels": {"severity": "page"},
        "annotations": {"summary": "it is slow"}, "alerts": []}  # fmt: skip
RECORDING = {"type": "recording", "name": "a:b", "query": "sum(up)"}


def told(*rules: Any) -> dict[str, Any]:
    return {"status": "success", "data": {"groups": [{"name": "promises", "rules": list(rules)}]}}


async def read(answer: Any) -> Any:
    async with recording_server() as server:
        server.body = json.dumps(answer).encode()
        found = await read_rules(PrometheusConfig.model_validate({"url": server.url}))
        assert [(method, path) for method, path, _ in server.requests] == [("GET", "/api/v1/rules")]
        return found


async def test_alerting_rules_are_read_with_what_they_mean_and_recording_rules_are_left_out() -> None:
    (rule,) = await read(told(RULE, RECORDING))
    assert (rule.group, rule.name, rule.expr, rule.for_s) == ("promises", "Slow", "up == 0", 300)
    assert (rule.labels, rule.annotations) == ({"severity": "page"}, {"summary": "it is slow"})


@pytest.mark.parametrize("answer", [[], {}, {"data": None}, {"data": {"groups": 3}}, "x"])
async def test_an_answer_without_rules_is_unavailable_and_not_no_rules(answer: Any) -> None:
    with pytest.raises(Unavailable):
        await read(answer)


@pytest.mark.parametrize(
    "rule", [None, 3, {"type": "alerting"}, {"type": "alerting", "name": 5}, RULE | {"duration": -1, "labels": []}]
)
async def test_a_rule_that_is_no_rule_harms_no_other(rule: Any) -> None:
    found = await read(told(rule, RULE))
    assert found[-1].name == "Slow"
    assert all(one.for_s >= 0 for one in found)
