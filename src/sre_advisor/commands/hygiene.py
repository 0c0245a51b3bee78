"""What must be settled before parsing: characters that deceive, and placeholders that look like redirections."""

from __future__ import annotations

import re
import unicodedata

LENGTH_LIMIT = 20_000
"""Characters; nobody reads a longer suggestion before pasting it."""

_OPEN, _CLOSE = "\ue000", "\ue001"
_DECEIVING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_GLUED_LINES = re.compile(r"\S\\\n\S")
_NOUNS = (
    "pod|pods|name|names|namespace|ns|node|nodes|service|services|svc|deployment|deploy|container|id|ids|host|hostname|"
    "user|username|region|cluster|release|chart|app|ip|port|url|job|cronjob|statefulset|daemonset|replicaset|ingress|"
    "configmap|context|project|instance|bucket|group|label|selector|revision|sha|commit|branch|tag|image|zone|profile|"
    "pid|unit|database|db|table|address|endpoint|pvc|pv|topic|queue|duration|time|arn|account|workspace|server"
)
_ANGLE = re.compile(r"(?<![^\s=/:@,\"'-])<([A-Za-z](?:[A-Za-z0-9_ -]{0,60}[A-Za-z0-9])?)>")
_TICKS = re.compile(r"`([^`]*)`")
_QUOTED_TICK = re.compile(r"'[^']*`[^']*'")
_HARMLESS_AFTER = re.compile(r"\s*(?:$|[|;)\n\"'])|[ \t]+-")
_NOUN_END = re.compile(rf"(?:^|[_ -])(?:{_NOUNS})$", re.IGNORECASE)


def deceiving(text: str) -> str | None:
    """Why a text cannot be trusted to be what it looks like; None when it can."""
    if len(text) > LENGTH_LIMIT:
        return f"longer than {LENGTH_LIMIT} characters"
    if not text.isascii() or not text.isprintable():
        for char in text:
            if char in "\n\t" or " " <= char <= "~":
                continue
            kind = unicodedata.category(char)
            if kind in _DECEIVING or kind == "Zs":
                return f"contains an invisible or control character (U+{ord(char):04X})"
    if "\\\n" in text and _GLUED_LINES.search(text):
        return "a word is split over two lines"
    return None


def protect(text: str) -> str:
    """The text with placeholders such as <pod> in a form that the shell grammar takes for a word.

    Only where the angle brackets cannot sensibly be a redirection: at the end, before an option, or around a word
    such as "pod" or "namespace".
    """
    if "`" in text and "\\" not in text and not _QUOTED_TICK.search(text):
        text = _TICKS.sub(r"$(\1)", text)
    if "<" not in text or ">" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        certain = _HARMLESS_AFTER.match(text, match.end()) or _NOUN_END.search(match[1])
        return f"{_OPEN}{match[1].replace(' ', '_')}{_CLOSE}" if certain else match[0]

    return _ANGLE.sub(replace, text)


def restore(text: str) -> str:
    """The inverse of protect, for one word's text."""
    return text.replace(_OPEN, "<").replace(_CLOSE, ">") if _OPEN in text else text
