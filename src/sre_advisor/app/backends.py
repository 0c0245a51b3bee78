"""Which connectors there are over live backends."""

from __future__ import annotations

from sre_advisor.connectors.alertmanager.client import AlertmanagerClient
from sre_advisor.connectors.alertmanager.tools import AlertmanagerConnector
from sre_advisor.connectors.contract import Connector
from sre_advisor.connectors.docs.connector import DocsConnector
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.prometheus.client import PrometheusClient
from sre_advisor.connectors.prometheus.tools import PrometheusConnector
from sre_advisor.credentials import Credentials
from sre_advisor.settings import Settings


def live_connectors(settings: Settings, credentials: Credentials) -> tuple[Connector, ...]:
    """A connector for each backend that is configured."""
    found: list[Connector] = []
    if settings.prometheus.url:
        found.append(PrometheusConnector(PrometheusClient(settings.prometheus)))
    if settings.alertmanager.url:
        found.append(AlertmanagerConnector(AlertmanagerClient(settings.alertmanager)))
    if settings.docs.folders:
        found.append(DocsConnector(settings.docs))
    if settings.git.repositories:
        found.append(GitConnector(settings.git))
    if settings.github.repositories:
        from sre_advisor.connectors.github.app import token_source
        from sre_advisor.connectors.github.connector import GithubConnector

        token = token_source(settings.github, lambda: credentials.get("GITHUB_TOKEN"))
        found.append(GithubConnector(settings.github, token))
    return tuple(found)
