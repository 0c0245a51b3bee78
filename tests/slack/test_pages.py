"""Only an address that plainly leads to a page of ours may be a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.slack.pages import NOWHERE, Pages

OURS = Pages.of(["https://grafana.example/prom", "http://am.example:9093", None])


@pytest.mark.parametrize(
    "url",
    [
        "https://grafana.example/graph?g0.expr=up%7Ba%3D%22b%22%7D",
        "https://GRAFANA.example:443/x",
        "http://am.example:9093/#/alerts",
    ],
)
def test_pages_of_configured_backends_are_linked(url: str) -> None:
    assert OURS.allows(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://grafana.example/",
        "https://grafana.example:8443/",
        "https://grafana.example.evil.example/",
        "https://evil.example/?grafana.example",
        "https://grafana.example@evil.example/",
        "https://u:p@grafana.example/",
        "https://grafana.example\\@evil.example/",
        "https://gr\u0430fana.example/",
        "//grafana.example/",
        "javascript:alert(1)",
        "mailto:a@grafana.example",
        "https:grafana.example",
        "https://grafana.example/\n",
        "https://grafana.example/|x>",
        "",
        "https://[::1",
        "https://grafana.example:99999/",
        "http://am.example/",
        "https://evil.example#@grafana.example/",
    ],
)
def test_other_addresses_are_not(url: str) -> None:
    assert not OURS.allows(url)


@given(st.text(max_size=80))
def test_no_text_is_a_link_unless_it_begins_with_a_page_of_ours(text: str) -> None:
    assert not NOWHERE.allows(text)
    assert not OURS.allows(text) or text.lower().startswith(("https://grafana.example", "http://am.example:9093"))
