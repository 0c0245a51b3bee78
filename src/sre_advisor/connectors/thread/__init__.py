"""The thread a question was asked in: what people wrote there, as data."""

from sre_advisor.connectors.thread.connector import Post, ThreadConnector

__all__ = ["Post", "ThreadConnector"]
