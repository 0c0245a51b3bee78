"""The pages a person may be led to: those of the configured backends."""

from __future__ import annotations

from sre_advisor.settings import Settings
from sre_advisor.slack.pages import Pages

GITHUB_API, GITHUB = "https://api.github.com", "https://github.com"


def pages_of(settings: Settings) -> Pages:
    """Where evidence may link to: the addresses the configuration names for people, and nothing that was read."""
    metrics, alerts, code = settings.prometheus, settings.alertmanager, settings.github
    return Pages.of(
        (
            metrics.external_url or metrics.url,
            alerts.external_url or alerts.url,
            *(folder.base_url for folder in settings.docs.folders),
            *(repository.web_url for repository in settings.git.repositories),
            (GITHUB if code.base_url == GITHUB_API else code.base_url) if code.repositories else None,
        )
    )
