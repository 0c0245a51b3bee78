"""Takes secrets out of everything that was read."""

from sre_advisor.broker.redaction.config import RedactionConfig
from sre_advisor.broker.redaction.redactor import Finding, Redacted, Redactor

__all__ = ["Finding", "Redacted", "RedactionConfig", "Redactor"]
