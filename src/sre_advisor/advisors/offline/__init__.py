"""The advisor without a model: what the evidence says by itself, and no more."""

from sre_advisor.advisors.offline.advisor import NAME, OfflineAdvisor
from sre_advisor.advisors.offline.conclude import conclude

__all__ = ["NAME", "OfflineAdvisor", "conclude"]
