"""The alerting rules a Prometheus has loaded, for recordings: what its alerts meant."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from sre_advisor.connectors.contract import Unavailable
from sre_advisor.connectors.prometheus.config import PrometheusConfig

MOST, LONG, LABEL = 2_000, 20_000, 4_096
"""Rules that are read, and characters of an expression or annotation and of a label."""


@dataclass(frozen=True, slots=True)
class AlertRule:
    """One alerting rule: `expr` is its PromQL, `for_s` how many seconds it must hold before it fires."""

    group: str
    name: str
    expr: str
    for_s: float = 0.0
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    annotations: Mapping[str, str] = field(default_factory=dict[str, str])


async def read_rules(config: PrometheusConfig) -> tuple[AlertRule, ...]:
    """Its alerting rules, as many as are read at most; raises only the failures of the contract."""
    return await asyncio.to_thread(_read, config)


def _read(config: PrometheusConfig) -> tuple[AlertRule, ...]:
    from sre_advisor.connectors.prometheus.wire import open_session

    session = open_session(config)
    try:
        answer: object = session.get(f"{config.url}/api/v1/rules", params={"type": "alert"}).json()
    except (ValueError, RecursionError):
        raise Unavailable("garbled", "the answer is not what the Prometheus API gives; is the address right?") from None
    finally:
        session.close()
    groups = _of(_of(answer, "data"), "groups")
    if not isinstance(groups, list):
        raise Unavailable("garbled", "the answer holds no rules; is it a Prometheus?")
    found = (_rule(group, rule) for group in _list(groups) for rule in _list(_of(group, "rules")))
    return tuple(rule for rule in found if rule is not None)[:MOST]


def _rule(group: object, rule: object) -> AlertRule | None:
    """The rule; None where it is no alerting rule."""
    name = _of(rule, "name")
    if _of(rule, "type") != "alerting" or not isinstance(name, str) or not name:
        return None
    return AlertRule(
        str(_of(group, "name") or "")[:LABEL], name[:500], str(_of(rule, "query") or "")[:LONG],
        _seconds(_of(rule, "duration")), _words(_of(rule, "labels"), LABEL), _words(_of(rule, "annotations"), LONG),
    )  # fmt: skip


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _of(value: object, key: str) -> object:
    return cast("dict[str, object]", value).get(key) if isinstance(value, dict) else None


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) and value >= 0 else 0.0


def _words(value: object, most: int) -> dict[str, str]:
    told = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    return {str(k)[:LABEL]: str(v)[:most] for k, v in told.items()}
