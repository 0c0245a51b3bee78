"""Passwords and tokens given as `name = value`: settings, logs, JSON, YAML, command lines, SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sre_advisor.broker.redaction.judge import (
    is_identity,
    is_placeholder,
    is_plain,
    is_random,
    is_resource_name,
    is_time,
    is_user_and_password,
    is_word,
)
from sre_advisor.broker.redaction.regex import Match
from sre_advisor.broker.redaction.rule import ASSIGNED, Rule, group

_PASSWORD = "password|passwd|passwort|passphrase|passcode|passwrd|pwd|pass"
_TOKEN = (
    r"(?:api|access|secret|private|auth|client|signing|encryption|master|account|shared|session|refresh|id|service|"
    r"deploy|webhook|bot|app|application|consumer|license|storage|bearer|security|"
    r"shared[_-]?access)[_ .-]?(?:key|token|secret)|token|secret|credentials?|sharedaccesssignature"
)
_AFTER = r"""(?:\\*["'\x60])?\]?[ \t]{0,8}(=>|:=|==?|:|,)[ \t]{0,8}b?"""
_VALUE = (
    r"""(?:"((?:[^"\\\r\n\x00]|\\[^\r\n\x00])*)"|'((?:[^'\\\r\n\x00]|\\[^\r\n\x00])*)'|\\+["']([^"'\r\n\x00]*?)\\+["']"""
    r"""|([^\s"'\x60;&<>\x00]+))"""
)
_QUOTED = (3, 4, 5)
_BARE = 6
_NEXT_PAIR = re.compile(rb",\s*[\w.\"-]+=|[\]})]*[,.]?$")

_SECRET_NAME = re.compile(rf"(?i)(?:.*[^a-z]|.*[a-z0-9])?(?:{_PASSWORD}|{_TOKEN})s?")
_PASSWORD_NAME = re.compile(rf"(?i).*(?:{_PASSWORD})s?")


def is_password(value: str) -> bool:
    """Would be a password where one is expected and set apart by quotes or an equals sign."""
    if len(value) < 4 or is_placeholder(value) or is_plain(value):
        return False
    return not (" " in value and all(is_word(w) for w in value.split()))


def is_token(value: str) -> bool:
    """Would be a token or key where one is expected."""
    return is_random(value, 10, 2.8)


def is_secret_field(name: str, value: str) -> bool:
    """Whether a field of this name gives away its value."""
    if len(name) > 128 or not _SECRET_NAME.fullmatch(name):
        return name.lower() == "auth" and is_user_and_password(value)
    return is_password(value) if _PASSWORD_NAME.fullmatch(name) else is_token(value)


def _bare_password(name: str, separator: str, value: str, alone: bool) -> bool:
    """Without quotes a colon may belong to prose: `password: incorrect`."""
    if not is_password(value) or (name.endswith("pwd") and value.startswith("/")):
        return False
    if re.fullmatch(r"(?i)(?:.*[^a-z])?pass", name) and (is_time(value) or is_word(value)):
        return False
    if separator in {":", ","}:
        spelled = is_word(value) or is_time(value) or is_resource_name(value)
        return separator == ":" and (not spelled or (alone and len(value) >= 8 and not is_time(value)))
    return True


def _passwords(text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    name, separator = (match.group(1) or b"").decode("latin-1"), (match.group(2) or b"").decode("latin-1")
    for quoted in _QUOTED:
        value = match.group(quoted)
        if value is not None:
            if is_password(value.decode("latin-1")):
                yield match.start(quoted), match.end(quoted)
            return
    start = match.start(_BARE)
    value = _bare(match.group(_BARE) or b"")
    alone = text[start + len(value) : start + len(value) + 1] in {b"\n", b"\r", b""} and _begins_line(text, match)
    if _bare_password(name, separator, value.decode("latin-1"), alone):
        yield start, start + len(value)


def _tokens(_text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    name = (match.group(1) or b"").decode("latin-1")
    for number in (*_QUOTED, _BARE):
        value = match.group(number)
        if value is not None:
            value = _bare(value) if number == _BARE else value
            shown = value.decode("latin-1")
            if is_token(shown) and not is_identity(name, shown):
                yield match.start(number), match.start(number) + len(value)
            return


def _bare(value: bytes) -> bytes:
    """An unquoted value without what only ends the sentence, the list or the braces around it."""
    end = _NEXT_PAIR.search(value)
    value = value[: end.start()] if end else value
    return value.rstrip(b"\\")


def _begins_line(text: bytes, match: Match) -> bool:
    start = match.start(1)
    return not text[max(0, start - 40) : start].rpartition(b"\n")[2].strip(b" \t-")


def _option(value: str) -> bool:
    return is_password(value) and not value.startswith(("-", "/", ".")) and not is_word(value)


def _word(value: str) -> bool:
    return is_password(value)


RULES = (
    Rule(
        "password",
        rf"(?i)([\w.-]{{0,60}}?(?:{_PASSWORD}))s?{_AFTER}{_VALUE}",
        (),
        _passwords,
        head=ASSIGNED,
        back=64,
    ),
    Rule(
        "token",
        rf"(?i)([\w.-]{{0,60}}?(?:{_TOKEN}))s?{_AFTER}{_VALUE}",
        ("sharedaccesssignature",),
        _tokens,
        head=ASSIGNED,
        back=64,
    ),
    Rule(
        "command-line-secret",
        r"""(?i)--?(?:[a-z0-9-]{0,40}-)?(?:password|passwd|pwd|passphrase|token|secret|api-?key|access-?key|secret-?key)"""
        r"""(?:[ \t]+|=)["']?([^\s"'\x60<>\x00]+)""",
        (),
        group(1, _option),
        head=ASSIGNED,
        back=64,
    ),
    Rule(
        "command-line-secret",
        r"""\b(?:mysql(?:dump|admin)?|mariadb|sshpass)\b[^\r\n\x00]*?[ \t]-p[ \t]?["']?([^\s"'-][^\s"'\x00]{3,})""",
        ("mysql", "mariadb", "sshpass"),
        group(1, _option),
    ),
    Rule(
        "command-line-secret",
        r"""\bredis-cli\b[^\r\n\x00]*?[ \t]-a[ \t]+["']?([^\s"'-][^\s"'\x00]{3,})""",
        ("redis-cli",),
        group(1, _option),
    ),
    Rule(
        "password",
        r"(?i)\b(?:identified[ ]by|password)[ ]+(?:'((?:[^'\\\r\n\x00]|\\.|'')*)')",
        ("identified by",),
        group(1, _word),
        head=ASSIGNED,
        back=64,
    ),
    Rule(
        "password",
        r"(?i)\bmachine\s+\S+\s+login\s+\S+\s+password\s+([^\s\x00]+)",
        ("machine",),
        group(1, _word),
    ),
)
