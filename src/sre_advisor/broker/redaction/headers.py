"""Secrets in HTTP headers, as curl, JSON, YAML, Go, Python and raw dumps write them."""

from __future__ import annotations

from collections.abc import Iterator

from sre_advisor.broker.redaction.judge import (
    is_placeholder,
    is_plain,
    is_random,
    is_user_and_password,
    is_word,
)
from sre_advisor.broker.redaction.regex import Match
from sre_advisor.broker.redaction.rule import ASSIGNED, Rule, group

_QUOTE = r"""(?:\\*["'\x60])"""
_SEPARATOR = rf"""{_QUOTE}?\]?[ \t]{{0,8}}(?:=>|[:=,])[\s\[({{]{{0,40}}(?:b?{_QUOTE})?[ \t]{{0,8}}"""
_VALUE = r"""([^\s"'<>,;\\\x00\x60)\]}]+)"""
_SCHEME = (
    "bearer|basic|token|api-?key|key|digest|negotiate|ntlm|splunk|sso-key|jwt|hmac|geniekey|bot|oauth|hawk|"
    "aws4-[a-z0-9-]+"
)
_NAMES = (
    r"x-(?:[a-z0-9]+-){0,4}(?:api-?key|access-?key|auth-?key|app-?key|token|secret|auth|password|credentials?)"
    r"|private-token|job-token|deploy-token|dd-api-key|dd-application-key|api-key|apikey|circle-token"
    r"|ocp-apim-subscription-key|authentication"
)


def _authorization(_text: bytes, match: Match) -> Iterator[tuple[int, int]]:
    scheme, value = match.group(1), (match.group(2) or b"").decode("latin-1")
    if is_placeholder(value) or is_plain(value):
        return
    if not scheme and not is_random(value):
        return
    if scheme and (len(value) < 4 or (is_word(value) and len(value) < 16)):
        return
    yield match.start(2), match.end(2)


def _bearer(value: str) -> bool:
    return is_random(value, bits=3.0)


def _header(value: str) -> bool:
    return not is_placeholder(value) and not is_plain(value) and (is_random(value, 6, 2.0) or len(value) >= 24)


def _signature(value: str) -> bool:
    return is_random(value, 16, 3.0)


RULES = (
    Rule(
        "authorization-header",
        rf"(?i)authorization{_SEPARATOR}(?:({_SCHEME}){_QUOTE}?[ \t:=,]{{1,4}}{_QUOTE}?)?{_VALUE}",
        (),
        _authorization,
        head=ASSIGNED,
    ),
    Rule("authorization-header", rf"(?i)\bbearer[ \t:=,]{{1,4}}{_QUOTE}?{_VALUE}", ("bearer",), group(1, _bearer)),
    Rule(
        "authorization-header",
        r"(?i)\b(?:basic[ \t]{1,4}|auth\\*[\"'][ \t]*:[ \t]*\\*[\"'])([a-z0-9+/_-]{4,}={0,2})",
        (),
        group(1, is_user_and_password),
        head=r"(?i)\b(?:basic[ \t]{1,4}[a-z0-9+/_-]{4}|auth\\*[\"'][ \t]*:)",
    ),
    Rule("secret-header", rf"(?i)\b(?:{_NAMES}){_SEPARATOR}{_VALUE}", (), group(1, _header), head=ASSIGNED),
    Rule(
        "request-signature",
        rf"(?i)\b(?:oauth_token|oauth_signature|signature|response|mac|nonce){_QUOTE}?=(?:{_QUOTE})?([a-z0-9+/%=_-]{{16,}})",
        ("oauth_", "signature=", "response=", "mac="),
        group(1, _signature),
    ),
)
