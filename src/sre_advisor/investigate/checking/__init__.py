"""Holding one sentence against the evidence it cites. Pure: text in, a standing and the reason out."""

from sre_advisor.investigate.checking.evidence.row import Source
from sre_advisor.investigate.checking.judge import absent_from, judge

__all__ = ["Source", "absent_from", "judge"]
