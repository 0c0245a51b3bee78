"""The written file is valid whatever the systems hold."""

from datetime import date

import yaml
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.connectors.prometheus.config import PrometheusConfig
from sre_advisor.model import CodeLocation, Service
from sre_advisor.settings import load_settings
from sre_advisor.setup.catalogue import Found
from sre_advisor.setup.survey import Sources, Survey
from sre_advisor.setup.written import scalar, written

WORDS = st.text(min_size=1, max_size=30)


@given(st.text(max_size=60))
def test_any_text_comes_back_as_it_was(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        text = ""
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}


@given(WORDS, st.lists(WORDS, max_size=3), st.text(max_size=40))
def test_names_from_outside_cannot_add_settings(name: str, others: list[str], trouble: str) -> None:
    service = Service(
        name=name, aliases=tuple(others), owners=tuple(others), selector={"job": name},
        repositories=(CodeLocation(name=name, paths=tuple(others)),), docs=tuple(others), depends_on=tuple(others),
    )  # fmt: skip
    url = "http://prometheus:9090"
    text = written(
        Sources(prometheus=PrometheusConfig(url=url)), Survey(troubles={url: trouble}),
        [Found(service, trouble or "x")], date(2026, 1, 2),
    )  # fmt: skip
    settings = load_settings(None, yaml.safe_load(text))
    assert settings.services == (service,)
    assert settings.prometheus.url is None
