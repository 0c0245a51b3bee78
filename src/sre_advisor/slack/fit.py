"""Keeping a message within what Slack takes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from sre_advisor.slack.blocks import Block, context, measure

BLOCKS, CHARACTERS = 45, 10_000
"""What one message may hold: Slack takes 50 blocks and about 13,000 characters; the rest is margin."""
SHORTENED = "Shortened to fit: the whole answer is on record."


def fit(
    head: Sequence[Block], body: Sequence[Block] = (), folds: Sequence[Block] = (), tail: Sequence[Block] = ()
) -> list[Block]:
    """Head and tail whole, as much of the body as there is room for, and then of what is folded."""
    note = context(SHORTENED)
    room = CHARACTERS - sum(measure(b) for b in (*head, *tail, note))
    places = BLOCKS - len(head) - len(tail) - 1
    kept: list[Block] = []
    for block in body:
        room -= measure(block)
        if room < 0 or len(kept) >= places:
            return [*head, *kept, note, *tail]
        kept.append(block)
    cut = False
    for fold in folds:
        fitting = _children(fold, room)
        if not fitting or len(kept) >= places:
            cut = True
            continue
        kept.append(fold | {"child_blocks": fitting})
        room -= measure(kept[-1])
        cut = cut or len(fitting) < len(fold["child_blocks"])
    return [*head, *kept, *([note] if cut else []), *tail]


def _children(fold: Block, room: int) -> list[Block]:
    """As many of a container's first children as there is room for beside its title."""
    room -= measure(fold["title"])
    kept: list[Block] = []
    for child in fold["child_blocks"]:
        room -= measure(child)
        if room < 0:
            break
        kept.append(child)
    return kept
