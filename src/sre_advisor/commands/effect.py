"""What a command would do, and how several effects add up to one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sre_advisor.model import CommandLabel

NOTHING = "nothing changes"
UNCLEAR = "not known"

_RANK = {
    CommandLabel.READ_ONLY: 0,
    CommandLabel.UNKNOWN: 1,
    CommandLabel.READS_SECRET: 2,
    CommandLabel.CHANGES_STATE: 3,
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a command would do; `reversible` is None where it does not apply or is not known."""

    label: CommandLabel
    reversible: bool | None
    blast_radius: str
    why: str


def reads(why: str) -> Effect:
    """The effect of something that only prints what is not secret."""
    return Effect(CommandLabel.READ_ONLY, None, NOTHING, why)


def secret(why: str, blast: str = "no change, but a secret on the screen") -> Effect:
    """The effect of something that prints what is, or usually holds, a credential."""
    return Effect(CommandLabel.READS_SECRET, None, blast, why)


def changes(why: str, blast: str, reversible: bool | None = None) -> Effect:
    """The effect of something that alters the named part of the world."""
    return Effect(CommandLabel.CHANGES_STATE, reversible, blast, why)


def unknown(why: str) -> Effect:
    """The effect of something that cannot be judged; to be treated as changing."""
    return Effect(CommandLabel.UNKNOWN, None, UNCLEAR, why)


def combine(effects: Iterable[Effect]) -> Effect:
    """The worst of several effects: changes > reads a secret > unknown > reads.

    What is certain outranks what is not: a person warned of a deletion needs no "perhaps" on top. A command that both
    changes and reads a secret is a change, because that part cannot be taken back by closing the window. Among changes,
    the irreversible ones come first, then those of which it is not known.
    """
    found = list(dict.fromkeys(effects))
    if not found:
        return reads("runs nothing")
    worst = max(found, key=_severity)
    if worst.label is CommandLabel.CHANGES_STATE:
        others = [e for e in found if e.label is worst.label and e.blast_radius != worst.blast_radius]
        radius = "; ".join(dict.fromkeys([worst.blast_radius, *(e.blast_radius for e in others)][:3]))
        return Effect(worst.label, worst.reversible, radius, worst.why)
    return worst


def _severity(effect: Effect) -> tuple[int, int]:
    undo = {True: 0, None: 1, False: 2}[effect.reversible]
    return _RANK[effect.label], undo if effect.label is CommandLabel.CHANGES_STATE else 0
