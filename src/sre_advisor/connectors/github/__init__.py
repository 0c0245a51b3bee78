"""GitHub: merged pull requests, deployments, releases and workflow runs, read through a guarded transport."""

from sre_advisor.connectors.github.config import GithubConfig
from sre_advisor.connectors.github.connector import GithubConnector

__all__ = ["GithubConfig", "GithubConnector"]
