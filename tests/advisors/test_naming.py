"""A question's service is recognised, and a name nobody knows is told apart from ordinary words."""

import pytest

from sre_advisor.advisors.naming import known_names, near_names, unknown_names, unknown_words
from sre_advisor.model import Catalogue, Service

CATALOGUE = Catalogue(
    (Service(name="checkout", aliases=("checkout-api",)), Service(name="payments"), Service(name="cart"))
)
KNOWN = known_names(CATALOGUE)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("why is chekout failing?", ("chekout",)),
        ("why is foobar down?", ("foobar",)),
        ("what is wrong with the ledger?", ("ledger",)),
        ("what about billing?", ("billing",)),
        ("ledger-api is slow since lunch", ("ledger-api",)),
        ("why is checkout failing?", ()),
        ("what service failing is this?", ()),
        ("trouble with failing requests", ()),
        ("why is Checkout-API failing?", ()),
        ("what is going on?", ()),
        ("is everything ok?", ()),
        ("why is the site down?", ()),
        ("why is it slow?", ()),
        ("checkout is throwing 5xx, what is going on?", ()),
        ("what changed?", ()),
        ("🔥🔥🔥", ()),
        ("", ()),
    ],
)
def test_only_a_word_in_a_services_place_that_is_none_is_unknown(text: str, names: tuple[str, ...]) -> None:
    assert unknown_names(text, KNOWN) == names


def test_nothing_is_unknown_where_no_service_is_known() -> None:
    assert unknown_names("why is foobar down?", ()) == ()


def test_a_near_name_is_suggested_once_and_by_its_own_name() -> None:
    assert near_names("chekout", CATALOGUE) == ("checkout",)
    assert "did you mean checkout?" in unknown_words("chekout", CATALOGUE)


def test_a_name_like_no_other_gets_the_list() -> None:
    assert near_names("zzz", CATALOGUE) == ()
    assert "I know cart, checkout, payments." in unknown_words("zzz", CATALOGUE)
