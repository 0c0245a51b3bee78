"""Alerts, changes, commits, lines and calls, printed by many tools: one verdict on a claim, whatever the form."""

from __future__ import annotations

from functools import cache

import pytest

from sre_advisor.investigate.checking import Source, judge
from sre_advisor.investigate.checking.evidence.row import Row
from sre_advisor.model import Standing
from tests.investigate.forms_of_records import FORMS
from tests.investigate.records_told import KINDS, Names

NAMES = [
    ("orderdesk", "stockroom", "storefront"),
    ("Ledger", "quota-api", "Vault_Kind::Of::Thing"),
    ("note-memory-svc", "price-agent-svc", "web-gateway-svc"),
]
"""As people, a cloud, and those who name by plain words write them."""


OPEN: dict[tuple[str, str], tuple[int, int]] = {
    ("alerts", "as_a_tool_prints"): (0, 1),
    ("alerts", "bullets"): (1, 2),
    ("changes", "as_a_tool_prints"): (0, 1),
    ("changes", "bullets"): (0, 1),
    ("parameters", "json_by_name"): (3, 2),
    ("parameters", "yaml_by_name"): (0, 4),
    ("parameters", "as_a_tool_prints"): (1, 2),
    ("parameters", "bullets"): (2, 2),
    ("commits", "aligned_under_a_caption"): (0, 1),
    ("commits", "as_a_tool_prints"): (0, 1),
    ("commits", "bullets"): (0, 3),
    ("lines", "json_of_labels"): (0, 1),
    ("lines", "as_a_tool_prints"): (0, 3),
    ("lines", "bullets"): (0, 3),
    ("events", "as_a_tool_prints"): (1, 1),
    ("calls", "json_by_name"): (0, 1),
    ("calls", "yaml_by_name"): (0, 1),
    ("calls", "as_a_tool_prints"): (1, 0),
    ("calls", "bullets"): (2, 4),
}
"""By kind and form, how many true claims are refused yet and how many false ones let pass: never to be raised."""


@cache
def _evidence(kind: str, form: str, names: Names) -> tuple[dict[str, Source], dict[str, list[Row]]]:
    return {"E1": Source("E1", FORMS[form](KINDS[kind].listed(names)))}, {}


def _refused(claims: tuple[str, ...], kind: str, form: str, names: Names) -> list[str]:
    sources, parsed = _evidence(kind, form, names)
    spoken = [n.split("_")[0] for n in names]
    told = [c.format(*spoken) for c in claims]
    return [c for c in told if judge(c, ("E1",), sources, parsed=parsed)[0] is Standing.UNSUPPORTED]


@pytest.mark.parametrize("names", NAMES, ids="-".join)
@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_true_of_records_holds_however_they_are_printed(kind: str, form: str, names: Names) -> None:
    refused = _refused(KINDS[kind].hold, kind, form, names)
    assert len(refused) <= OPEN.get((kind, form), (0, 0))[0], refused


@pytest.mark.parametrize("names", NAMES, ids="-".join)
@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_true_of_records_is_refused_however_they_are_printed(kind: str, form: str, names: Names) -> None:
    told = KINDS[kind].do_not
    caught = _refused(told, kind, form, names)
    assert len(told) - len(caught) <= OPEN.get((kind, form), (0, 0))[1], caught
