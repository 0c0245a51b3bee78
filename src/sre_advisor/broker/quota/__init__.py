"""How much of everything may be used, counted in the journal."""

from sre_advisor.broker.quota.quotas import ModelLeft, Quotas

__all__ = ["ModelLeft", "Quotas"]
