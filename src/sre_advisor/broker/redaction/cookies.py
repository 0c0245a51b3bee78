"""The values in Cookie and Set-Cookie headers; names and attributes stay, they tell what was sent."""

from __future__ import annotations

from collections.abc import Iterator

from sre_advisor.broker.redaction.judge import is_placeholder
from sre_advisor.broker.redaction.regex import Match, Pattern
from sre_advisor.broker.redaction.rule import Rule

_QUOTE = r"""(?:\\*["'])"""
_HEAD = (
    rf"(?i)(?:\b(?:set-?)?cookies?2?{_QUOTE}?\]?[ \t]{{0,4}}(?:=>|[:=,])[\s\[({{]{{0,40}}(?:b?{_QUOTE})?"
    rf"|--cookie[ \t=]{_QUOTE}?|\bcurl\b[^\r\n\x00]*?[ \t]-b[ \t=]?{_QUOTE}?)"
    r"[!#$%&*+.^_|~0-9a-z-]{1,128}="
)
_PAIR = Pattern(r"[\s,]*([!#$%&*+.^_|~0-9A-Za-z-]+)[ \t]*(?:=[ \t]*(?:\\*\")?([^\s;,\"'\\\]\x00]*))?")
_NEXT = Pattern(r"""(?:\\*")?[^;"'\\\]\r\n\x00]*(?:;[ \t]*|\\*["'][ \t]*,[ \t]*\\*["'])""")
_ATTRIBUTES = frozenset(
    {"path", "domain", "expires", "max-age", "samesite", "secure", "httponly", "priority", "version"}
)

_HEADERS = frozenset({b"cookie", b"cookies", b"set-cookie", b"setcookie"})


def _values(text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    at = text.rfind(b"=", match.start(), match.end())
    while at > match.start() and text[at - 1 : at] not in b" \t\"'[{(:=,\n":
        at -= 1
    while pair := _PAIR.at(text, at):
        name, value = (pair.group(1) or b"").lower(), pair.group(2) or b""
        if name in _HEADERS and not value:
            return  # a header of its own, which its own hit reads
        if value and name.decode("latin-1") not in _ATTRIBUTES and not is_placeholder_value(value):
            yield pair.start(2), pair.end(2)
        following = _NEXT.at(text, pair.end())
        if following is None:
            return
        at = following.end()


def is_placeholder_value(value: bytes) -> bool:
    """Stands for a cookie's value; a short real one such as `1` is none."""
    return len(value) > 2 and is_placeholder(value.decode("latin-1"))


RULES = (Rule("cookie", _HEAD, ("cookie", "curl"), _values, ahead=1024),)
