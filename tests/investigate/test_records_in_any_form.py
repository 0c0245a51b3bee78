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
    assert _refused(KINDS[kind].hold, kind, form, names) == []


@pytest.mark.parametrize("names", NAMES, ids="-".join)
@pytest.mark.parametrize("form", sorted(FORMS))
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_true_of_records_is_refused_however_they_are_printed(kind: str, form: str, names: Names) -> None:
    told = KINDS[kind].do_not
    assert len(_refused(told, kind, form, names)) == len(told)
