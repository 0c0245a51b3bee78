"""Which services a change touched."""

from __future__ import annotations

from sre_advisor.connectors.git import services_touched
from sre_advisor.model import Catalogue, CodeLocation, Service


def _service(name: str, *paths: str, repository: str = "mono") -> Service:
    return Service(name=name, repositories=(CodeLocation(name=repository, paths=paths),))


CATALOGUE = Catalogue(
    services=(_service("all"), _service("pay", "services/pay"), _service("pay-db", "services/pay/db"),
              _service("etc", repository="other"))
)  # fmt: skip


def test_the_most_specific_path_comes_first() -> None:
    assert services_touched(["services/pay/db/pool.py"], "mono", CATALOGUE) == ("pay-db", "pay", "all")


def test_a_path_is_a_folder_and_not_a_prefix_of_a_name() -> None:
    assert services_touched(["services/payments/x.py"], "mono", CATALOGUE) == ("all",)


def test_another_repository_touches_nobody_here() -> None:
    assert services_touched(["services/pay/x.py"], "third", CATALOGUE) == ()
