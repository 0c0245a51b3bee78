"""Names that must tell things apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable


def repeated(names: Iterable[str]) -> list[str]:
    """Those that stand more than once, in order."""
    return sorted(name for name, times in Counter(names).items() if times > 1)
