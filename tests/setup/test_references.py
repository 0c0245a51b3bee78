"""Who calls whom, by the addresses in configuration and code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.setup.names import Known
from sre_advisor.setup.references import called_in

KNOWN = Known(["payments", "order-service", "cart", "postgres"])


@pytest.mark.parametrize(
    ("line", "called"),
    [
        ("PAYMENTS_URL: http://payments:8080/v1", ("payments",)),
        ("  value: payments:8080", ("payments",)),
        ("value: 'payments.shop.svc.cluster.local'", ("payments",)),
        ("dns:///order-service.shop:50051", ("order-service",)),
        ('os.getenv("ORDER_SERVICE_ADDR")', ("order-service",)),
        ("ORDER_URL=", ("order-service",)),
        ("postgres://user@postgres:5432/db", ("postgres",)),
        ("const cart = new Cart()", ()),
        ("image: example/payments:8080", ()),
        ("image: payments:2024", ()),
        ("FROM payments:1234", ()),
        ("see https://example.org/payments", ()),
        ("carts:8080", ()),
        ("CART_SIZE: 8080", ()),
        ("http://payments:8080 " + "x" * 1000, ()),
    ],
)
def test_a_service_is_called_where_its_address_stands(line: str, called: tuple[str, ...]) -> None:
    assert called_in([line], KNOWN) == called


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_names_only_known_services(lines: list[str]) -> None:
    assert set(called_in(lines, KNOWN)) <= set(KNOWN.names)


def test_a_name_without_its_ending_is_not_guessed_when_two_could_be_meant() -> None:
    assert Known(["cart", "order-service", "order-svc"]).find("order") is None
    assert Known(["cart", "order-service"]).find("Order") == "order-service"
