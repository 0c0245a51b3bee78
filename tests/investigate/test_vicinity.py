"""Who can have to do with what is wrong follows from where it shows and who calls whom."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.investigate.vicinity import vicinity
from sre_advisor.model import Catalogue, FirstLook, Line, RankedService, Service

AT = datetime(2026, 1, 1, tzinfo=UTC)
SHOP = Catalogue(
    services=(Service(name="checkout", depends_on=("orders",)), Service(name="orders", aliases=("order-api",))),
    edges=(("web", "checkout"), ("orders", "orders-db"), ("blog", "comments"), ("web", "ads")),
)


def look(*anomalous: str, firing: str = "", unremarkable: str = "") -> FirstLook:
    ranked = [RankedService(name=n, score=1.0, onset=AT) for n in anomalous]
    ranked += [RankedService(name=unremarkable, score=0.1)] if unremarkable else []
    return FirstLook(headline="h", services=tuple(ranked), firing=(Line(text=firing),) if firing else ())


def test_what_calls_and_what_is_called_is_near_and_nothing_else() -> None:
    assert vicinity(SHOP, look("checkout")) == {"web", "checkout", "orders", "order-api", "orders-db"}


def test_a_service_that_drifts_a_little_beside_the_first_suspect_is_not_where_it_shows() -> None:
    drift = RankedService(name="blog", score=0.4, onset=AT)
    seen = look("checkout")
    near = vicinity(SHOP, seen.model_copy(update={"services": (*seen.services, drift)}))
    assert near is not None
    assert near.isdisjoint({"blog", "comments"})


def test_an_alert_is_where_something_shows() -> None:
    assert vicinity(SHOP, look(firing="HighErrorRate on Comments since 10:02")) == {"comments", "blog"}
    assert vicinity(SHOP, look(firing="Slow on orders-db")) == {"orders-db", "orders", "order-api", "checkout", "web"}


@pytest.mark.parametrize("firing", ["Disk on blog (looks unrelated)", "Disk [silenced] on blog since 10:02"])
def test_an_alert_that_is_muted_or_looks_unrelated_speaks_for_its_own_service_alone(firing: str) -> None:
    near = vicinity(SHOP, look("checkout", firing=firing))
    assert near == {"web", "checkout", "orders", "order-api", "orders-db", "blog"}


@pytest.mark.parametrize(
    ("catalogue", "seen"),
    [
        (Catalogue(), look("checkout")),
        (SHOP, look()),
        (SHOP, look(unremarkable="blog")),
        (SHOP, look(firing="Watchdog")),
    ],
)
def test_without_a_graph_or_anything_that_shows_nobody_is_far_off(catalogue: Catalogue, seen: FirstLook) -> None:
    assert vicinity(catalogue, seen) is None


NAMES = st.sampled_from(["a", "b", "c", "d", "e"])


@given(st.lists(st.tuples(NAMES, NAMES), min_size=1), NAMES)
def test_both_ends_of_every_call_of_a_suspect_are_near(edges: list[tuple[str, str]], suspect: str) -> None:
    near = vicinity(Catalogue(edges=tuple(edges)), look(suspect))
    assert near is not None
    for caller, callee in edges:
        if suspect in (caller, callee):
            assert {caller, callee} <= near
