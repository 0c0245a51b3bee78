"""How full something is: gauges by state, and gauges that have their own limit beside them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

STATE_LABELS: tuple[str, ...] = ("state", "status", "usage", "pool_state", "type", "kind")
"""Labels whose values may say which part of a pool is in use; only believed when they name both parts."""
_BUSY = re.compile(r"(in[_-]?use|used|busy|active|acquired|leased|checked[_-]?out|borrowed|running|allocated|reserved)")
_FREE = re.compile(r"(idle|free|available|unused|spare|remaining|inactive)")
_LIMIT = re.compile(r"_(max|maximum|limit|size|capacity|quota)$")
_USED_ENDINGS = ("_in_use", "_used", "_busy", "_active", "_acquired", "_checked_out", "_current", "_open", "")


@dataclass(frozen=True, slots=True)
class States:
    """A gauge's label that parts it into states, and the values that mean "in use" and "could be used"."""

    label: str
    busy: tuple[str, ...]
    free: tuple[str, ...]


def states_of(label: str, values: Iterable[str]) -> States | None:
    """The states a label tells apart; None unless some of its values mean in use and some mean free.

    Summed over both a pool always shows its size, and is flat exactly when it runs dry.
    """
    held = sorted(set(values))
    free = tuple(v for v in held if _FREE.fullmatch(v.casefold()))
    busy = tuple(v for v in held if _BUSY.fullmatch(v.casefold()))
    return States(label, busy, free) if busy and free else None


def limits_of(names: Collection[str]) -> Mapping[str, str]:
    """For each gauge that has its limit beside it ("x_max", "x_limit", "x_size", …) the name of that limit."""
    held = set(names)
    found: dict[str, str] = {}
    for limit in sorted(held):
        if not _LIMIT.search(limit):
            continue
        stem = _LIMIT.sub("", limit)
        used = next((stem + ending for ending in _USED_ENDINGS if stem + ending in held), None)
        if used is not None and used != limit:
            found.setdefault(used, limit)
    return found
