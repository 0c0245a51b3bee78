"""Credentials in URLs and in the connection strings that are written like one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sre_advisor.broker.redaction.judge import is_placeholder, is_plain, is_random
from sre_advisor.broker.redaction.regex import Match
from sre_advisor.broker.redaction.rule import ASSIGNED, Rule, group

_STOPS = r"""\s"'<>\x60\x00"""
_USER = rf":(?://|\\+/\\+/)[^{_STOPS}]*@"
_DATABASES = (
    "postgres(?:ql)?|mysql|mariadb|mongodb|amqps?|rediss?|kafka|nats|clickhouse|sqlserver|oracle|cockroachdb|ldaps?"
)


def _password(value: str) -> bool:
    return not is_placeholder(value)


def _database_password(value: str) -> bool:
    return _password(value) and not re.match(r"\d{1,5}[/?]", value)


def _token(value: str) -> bool:
    return is_random(value, length=16, bits=3.0)


def _parameter(value: str) -> bool:
    return len(value) >= 6 and not is_placeholder(value) and not is_plain(value) and any(c.isdigit() for c in value)


def _encoded(_text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    value = match.group(1)
    if value and not is_placeholder(value.decode("latin-1")):
        yield match.start(1), match.end(1)


RULES = (
    Rule(
        "url-password",
        rf"(?i)[a-z][a-z0-9+.-]{{0,30}}:(?://|\\+/\\+/)[^{_STOPS}/?#@:\\]*:([^{_STOPS}/?#]+)@",
        (),
        group(1, _password),
        head=_USER,
        back=40,
    ),
    Rule(
        "url-password",
        rf"(?i)\b(?:jdbc:)?(?:{_DATABASES})(?:\+[a-z0-9]+)?://[^{_STOPS}/?#@:\\]*:([^{_STOPS}]+?)@"
        rf"[\w.-]+(?::\d+)?(?:[/,?;{_STOPS}]|$)",
        (),
        group(1, _database_password),
        head=_USER,
        back=40,
    ),
    Rule(
        "url-password",
        r"(?i)%3A%2F%2F[^\s%\"'<>]*%3A((?:[^\s%\"'<>&]|%[0-35-9a-f][0-9a-f]|%4[1-9a-f])+)%40",
        ("%3a%2f%2f",),
        _encoded,
        back=40,
    ),
    Rule(
        "url-token",
        rf"://([^{_STOPS}/?#@:\\]{{16,}})(?::(?:x-oauth-basic|x-access-token)?)?@",
        (),
        group(1, _token),
        head=_USER,
        back=40,
    ),
    Rule(
        "url-parameter",
        rf"(?i)[?&;](?:amp;)?(?:access_token|id_token|refresh_token|auth_token|token|api_?key|apikey|sig|signature|"
        rf"x-amz-signature|x-amz-security-token|x-goog-signature|client_secret|secret|password|passwd|pwd|sas)="
        rf"([^{_STOPS}&#;\\]+)",
        ("sig=", "signature=", "sas="),
        group(1, _parameter),
        head=ASSIGNED,
    ),
    Rule(
        "dsn-password",
        rf"(?i)jdbc:oracle:[a-z]+:[^{_STOPS}/@]*/([^{_STOPS}]+?)@",
        ("jdbc:oracle",),
        group(1, _password),
    ),
    Rule(
        "dsn-password",
        rf"[\w.-]+:([^{_STOPS}/]+?)@(?:tcp|tcp6|udp|unix)\(",
        ("@tcp", "@udp", "@unix"),
        group(1, _password),
    ),
)
