"""Which service broke, since when, and which change explains it: pure functions over what was read."""

from sre_advisor.triage.nouns import AlertGroup, LogTemplate, Movement, Triage
from sre_advisor.triage.rank import triage

__all__ = ["AlertGroup", "LogTemplate", "Movement", "Triage", "triage"]
