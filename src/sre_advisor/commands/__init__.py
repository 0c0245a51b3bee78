"""What a suggested command would do, found by parsing it: reads, reads a secret, changes, or not known."""

from sre_advisor.commands.effect import Effect
from sre_advisor.commands.judging import explain, warm

__all__ = ["Effect", "explain", "warm"]
