"""Outside text as a person may see it: nothing hidden in it, nothing in it that opens or rings. Pure."""

from __future__ import annotations

import re

_CONTROLS = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
"""Marks that turn the direction of what follows: they make one text look like another."""
_UNSEEN = (0x00AD, 0x200B, 0x2060, 0xFEFF, *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080))
"""Characters without a shape (the last are tags): they carry words past a reader, and split those a rule looks for.

Joiners (U+200C, U+200D) stay: Persian words and many emoji are written with them.
"""
HIDDEN = {c: None for c in (*_CONTROLS, *_TURNING, *_UNSEEN) if chr(c) not in "\n\t"}

_OPENING = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20})(?::(?=//))|\b(mailto|javascript|vbscript|data|tel):(?=\S)")
_BARE = re.compile(r"(?i)\bwww\.(?=\w)")
_RINGING = re.compile(r"(?i)@(?=(?:channel|here|everyone)\b)")


def visible(text: str) -> str:
    """The text without control characters (lines and tabs stay), turns of direction and characters without a shape."""
    return text.translate(HIDDEN)


def one_line(text: str) -> str:
    """The text as one visible line, so that it cannot pass for several, one of them said by somebody else."""
    return " ".join(visible(text).split())


def inert(text: str) -> str:
    """The text with its addresses broken as security people write them (`https[:]//…`), where Slack might link them.

    For texts that Slack parses itself: there a bare address becomes a link, and `@channel` might ring.
    """
    broken = _OPENING.sub(lambda m: f"{m[1] or m[2]}[:]", text)
    return _RINGING.sub("@\u200c", _BARE.sub("www[.]", broken))
