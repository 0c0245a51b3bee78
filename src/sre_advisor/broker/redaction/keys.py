"""Private keys, cut-off ones too, and the data of Kubernetes secrets."""

from __future__ import annotations

from collections.abc import Iterator

from sre_advisor.broker.redaction.judge import is_placeholder
from sre_advisor.broker.redaction.regex import BARRIER, Match, Pattern
from sre_advisor.broker.redaction.rule import SECRET_KIND, Rule

_BREAK = r"""(?:\\+[nrt]|[\s"'+,>|#*-]|[ \t]*(?:Proc-Type|DEK-Info|Version|Comment|Hash):[^\r\n\\]*)*"""
_KEY = (
    r"-----BEGIN[ A-Z0-9_-]{0,60}PRIVATE KEY(?: BLOCK)?-----"
    rf"((?:{_BREAK}[A-Za-z0-9+/=]{{16,}})+(?:{_BREAK}[A-Za-z0-9+/]{{1,15}}={{1,2}})?)"
)

_DATA = Pattern(r"""(?i)(?:^|[\s{,"'])(?:string)?data\\*["']?[ \t]*:[ \t]*""")
_ENTRY = Pattern(
    r"""[\s{,]*(?:\\*["'])?[\w.-]+\\*["']?[ \t]*:[ \t]*(?:[|>][-+]?\s+)?(?:\\*["'])?([^\s"',}{\\\x00]+|\x00+)?"""
    r"""(?:\\*["'])?"""
)
_DIVIDER = b"\n---"
_REACH = 4000
"""Characters between the kind of a manifest and its data."""


def _manifest(text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    first, last = _document(text, match)
    at = first
    for data in _DATA.matches(text, first, last):
        if data.end() < at:
            continue
        at = data.end()
        while entry := _ENTRY.at(text, at, last):
            value = entry.group(1) or b""
            if len(value) >= 4 and value[0] != BARRIER and not is_placeholder(value.decode("latin-1")):
                yield entry.start(1), entry.end(1)
            if not value and text[entry.end() : entry.end() + 1] not in {b"\r", b"\n", b",", b"}"}:
                break
            at = entry.end()


def _document(text: bytes, match: Match) -> tuple[int, int]:
    """The manifest around its kind: up to a divider or the next of the same kind, so that none is read twice."""
    kind = match.group(0) or b""
    low, high = max(0, match.start() - _REACH), min(len(text), match.end() + _REACH)
    starts = (text.rfind(stop, low, match.start()) for stop in (_DIVIDER, kind))
    ends = (text.find(stop, match.end(), high) for stop in (_DIVIDER, kind))
    return max(low, *starts), min(high, *(e for e in ends if e >= 0), high)


def _body(_text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    yield match.start(1), match.end(1)


RULES = (
    Rule("private-key", _KEY, ("-----begin",), _body, to_end=True),
    Rule("kubernetes-secret", SECRET_KIND, (), _manifest, head=SECRET_KIND, back=0, ahead=0),
)
