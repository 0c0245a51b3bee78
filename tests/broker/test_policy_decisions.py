"""Who may ask, who may stop everything, and what a channel may see: tables of cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.broker.policy import (
    Allowed,
    Asker,
    Place,
    Policy,
    Refused,
    exception_for,
    may_ask,
    may_read,
    may_stop,
    visible_catalogue,
)
from sre_advisor.connectors.contract import Reading, Scope, Tool, ToolArgs
from sre_advisor.model import Catalogue, CodeLocation, Service

OPS, DEV, DM = "C0OPS", "C0DEV", "D0ADA"
MEMBER = Asker("U0ADA", "T0HOME", guest=False, external=False, groups=frozenset())
ALL: dict[str, Any] = {"all": True}
SEES_ALL = {"services": ALL, "repositories": ALL, "docs": ALL, "metrics": ALL, "tools": ALL}

POLICY = Policy.model_validate(
    {
        "who": {"users": ["U0ADA"], "groups": ["S0SRE"]},
        "workspaces": ["T0SISTER"],
        "channels": {
            OPS: {"who": {"all": True}, **SEES_ALL},
            DEV: {"services": ["checkout"], "repositories": ["shop"], "tools": ["look", "blind"]},
        },
        "kill_switch": {"users": ["U0ADA"]},
        "write_credentials": [{"credential": "GITHUB_TOKEN", "reason": "classic token until the app is approved"}],
    }
)


def rule(decision: Allowed | Refused) -> str | None:
    return decision.rule if isinstance(decision, Refused) else None


@pytest.mark.parametrize(
    ("asker", "place", "expected"),
    [
        (MEMBER, Place(OPS), None),
        (MEMBER, Place(DEV), None),
        (MEMBER, Place("C0OTHER"), "channels"),
        (MEMBER, Place("C0OP"), "channels"),
        (MEMBER, Place("C0OPSX"), "channels"),
        (MEMBER, Place(""), "channels"),
        (MEMBER, Place(DM), "direct_messages"),
        (MEMBER, Place(OPS, externally_shared=True), "externally_shared"),
        (Asker(), Place(None), None),
        (replace(MEMBER, guest=True), Place(OPS), "guests"),
        (replace(MEMBER, guest=None), Place(OPS), "guests"),
        (replace(MEMBER, external=True, team="T0ELSE"), Place(OPS), "externals"),
        (replace(MEMBER, external=None), Place(OPS), "externals"),
        (replace(MEMBER, external=True, team="T0SISTER"), Place(OPS), None),
        (replace(MEMBER, user="U0BOB"), Place(OPS), None),
        (replace(MEMBER, user="U0BOB"), Place(DEV), "who"),
        (replace(MEMBER, user="U0BOB", groups=frozenset({"S0SRE"})), Place(DEV), None),
        (replace(MEMBER, user="U0BOB", groups=frozenset({"S0SREX"})), Place(DEV), "who"),
        (replace(MEMBER, user="U0BOB", groups=None), Place(DEV), "who"),
        (replace(MEMBER, user=None), Place(DEV), "who"),
    ],
)
def test_who_may_ask_where(asker: Asker, place: Place, expected: str | None) -> None:
    assert rule(may_ask(POLICY, asker, place)) == expected


def test_an_empty_policy_allows_the_terminal_and_nothing_else() -> None:
    assert rule(may_ask(Policy(), MEMBER, Place(OPS))) == "channels"
    assert rule(may_ask(Policy(), MEMBER, Place(DM))) == "direct_messages"
    assert rule(may_ask(Policy(), Asker(), Place(None))) is None
    closed = Policy.model_validate({"terminal": {"allowed": False}})
    assert rule(may_ask(closed, Asker(), Place(None))) == "terminal"


def test_a_listed_channel_that_names_nothing_sees_nothing() -> None:
    policy = Policy.model_validate({"who": ALL, "channels": {OPS: {}}})
    assert rule(may_read(policy, OPS, LOOK, {}, CATALOGUE)) == "channel_tools"


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (MEMBER, None),
        (replace(MEMBER, user="U0BOB"), "kill_switch"),
        (replace(MEMBER, guest=True), "guests"),
        (replace(MEMBER, external=None), "externals"),
    ],
)
def test_who_may_stop_everything(asker: Asker, expected: str | None) -> None:
    assert rule(may_stop(POLICY, asker)) == expected
    wide = POLICY.model_copy(update={"guests": True, "externals": True})
    assert rule(may_stop(wide, asker)) == expected


def test_a_credential_that_can_write_is_excepted_by_its_exact_name_alone() -> None:
    assert exception_for(POLICY, "GITHUB_TOKEN") == "classic token until the app is approved"
    assert exception_for(POLICY, "GITHUB_TOKEN_2") is None


class Args(ToolArgs):
    service: str | None = None
    services: tuple[str, ...] = ()
    repository: str | None = None


async def _look(_args: Args, _now: datetime, _scope: Scope = Scope()) -> Reading:  # noqa: B008 - frozen
    raise AssertionError("deciding runs nothing")


LOOK = Tool("look", "", Args, _look, scoped=_look)
BLIND = Tool("blind", "", Args, _look)
CATALOGUE = Catalogue(
    (
        Service(
            name="checkout",
            aliases=("kasse", "pay"),
            selector={"app": "checkout"},
            repositories=(CodeLocation(name="shop"), CodeLocation(name="vault")),
            depends_on=("payments",),
        ),
        Service(name="payments", aliases=("pay2",)),
        Service(name="pay"),
    ),
    (("checkout", "payments"),),
)


@pytest.mark.parametrize(
    ("channel", "tool", "args", "expected"),
    [
        (OPS, LOOK, {"service": "payments"}, None),
        (OPS, BLIND, {}, None),
        (DEV, LOOK, {}, None),
        (DEV, LOOK, {"service": "checkout"}, None),
        (DEV, LOOK, {"service": "KASSE"}, None),
        (DEV, LOOK, {"service": "payments"}, "channel_services"),
        (DEV, LOOK, {"service": "pay2"}, "channel_services"),
        (DEV, LOOK, {"service": "checkout2"}, "channel_services"),
        (DEV, LOOK, {"services": ["checkout", "payments"]}, "channel_services"),
        (DEV, LOOK, {"repository": "shop"}, None),
        (DEV, LOOK, {"repository": "Shop"}, "channel_repositories"),
        (DEV, LOOK, {"repository": "vault"}, "channel_repositories"),
        (DEV, BLIND, {}, "channel_tools"),
        (DEV, replace(LOOK, name="other"), {}, "channel_tools"),
        ("C0OTHER", LOOK, {}, "channels"),
        ("", LOOK, {}, "channels"),
    ],
)
def test_what_a_channel_may_read(channel: str, tool: Tool, args: dict[str, JsonValue], expected: str | None) -> None:
    assert rule(may_read(POLICY, channel, tool, args, CATALOGUE)) == expected


def scope() -> Scope:
    decision = may_read(POLICY, DEV, LOOK, {}, CATALOGUE)
    assert isinstance(decision, Allowed)
    return decision.scope


def test_an_alias_counts_as_its_service_unless_another_service_bears_that_name() -> None:
    policy = POLICY.model_copy(update={"channels": POLICY.channels})
    services = scope().services
    assert services is not None
    assert {"checkout", "kasse"} <= services
    assert not services & {"pay", "payments"}
    swapped = Catalogue((CATALOGUE.services[2], *CATALOGUE.services[:2]))
    decision = may_read(policy, DEV, LOOK, {}, swapped)
    assert isinstance(decision, Allowed)
    assert not decision.scope.sees_service("pay")


def test_the_catalogue_is_shown_without_what_is_out_of_sight() -> None:
    shown = visible_catalogue(CATALOGUE, scope())
    assert [s.name for s in shown.services] == ["checkout"]
    assert [r.name for r in shown.services[0].repositories] == ["shop"]
    assert shown.graph == ()


names = st.sampled_from(["checkout", "kasse", "payments", "pay", "shop", "vault", "CHECKOUT", " checkout", "", "*"])


@given(
    st.fixed_dictionaries(
        {}, optional={"service": st.none() | names, "services": st.lists(names), "repository": st.none() | names}
    )
)
def test_no_arguments_widen_the_scope(args: dict[str, JsonValue]) -> None:
    decision = may_read(POLICY, DEV, LOOK, args, CATALOGUE)
    assert isinstance(decision, Refused) or decision.scope == scope()
