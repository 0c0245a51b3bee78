"""What the configured credentials can do, asked without ever sending a write."""

from sre_advisor.setup.privileges.command import review_privileges
from sre_advisor.setup.privileges.gate import refuse_writers
from sre_advisor.setup.privileges.review import exceptions_in

__all__ = ["exceptions_in", "refuse_writers", "review_privileges"]
