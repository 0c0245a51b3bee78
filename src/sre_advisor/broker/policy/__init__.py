"""Who may ask, and what each channel may see: deny by default, exact names, decided by pure functions."""

from sre_advisor.broker.policy.decide import (
    Allowed,
    Asker,
    Place,
    Refused,
    exception_for,
    may_ask,
    may_read,
    may_stop,
    visible_catalogue,
)
from sre_advisor.broker.policy.keeper import FixedPolicy, Policies, PolicyKeeper
from sre_advisor.broker.policy.model import Policy, PolicyConfig
from sre_advisor.broker.policy.reading import PolicyBroken, read_policy
from sre_advisor.broker.policy.template import policy_for

__all__ = [
    "Allowed",
    "Asker",
    "FixedPolicy",
    "Place",
    "Policies",
    "Policy",
    "PolicyBroken",
    "PolicyConfig",
    "PolicyKeeper",
    "Refused",
    "exception_for",
    "may_ask",
    "may_read",
    "may_stop",
    "policy_for",
    "read_policy",
    "visible_catalogue",
]
