"""Docs: folders of Markdown, searched by heading; an alert's own runbook comes before any search."""

from sre_advisor.connectors.docs.config import DocsConfig, DocsFolder
from sre_advisor.connectors.docs.connector import DocsConnector

__all__ = ["DocsConfig", "DocsConnector", "DocsFolder"]
