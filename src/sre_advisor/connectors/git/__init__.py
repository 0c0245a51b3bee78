"""Code: what changed on the default branch, and search, reading and blame at a commit, from local mirrors."""

from sre_advisor.connectors.git.config import GitConfig, RepositoryConfig
from sre_advisor.connectors.git.connector import GitConnector
from sre_advisor.connectors.git.ownership import services_touched

__all__ = ["GitConfig", "GitConnector", "RepositoryConfig", "services_touched"]
