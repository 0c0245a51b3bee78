"""E-mail addresses and IP addresses: masked only where the configuration asks for it."""

from __future__ import annotations

from ipaddress import ip_address

from sre_advisor.broker.redaction.rule import Rank, Rule, group


def _any(_value: str) -> bool:
    return True


def _address(value: str) -> bool:
    try:
        found = ip_address(value)
    except ValueError:
        return False
    return not found.is_unspecified and not found.is_loopback


EMAILS = (
    Rule(
        "email",
        r"(?i)\b([a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})\b",
        ("@",),
        group(1, _any),
        Rank.PERSONAL,
        back=80,
    ),
)
IPS = (
    Rule(
        "ip-address",
        r"(?:^|[^\w.:])((?:\d{1,3}\.){3}\d{1,3}|[0-9a-fA-F]{0,4}(?::[0-9a-fA-F]{0,4}){2,7})\b",
        (".", ":"),
        group(1, _address),
        Rank.PERSONAL,
        back=40,
        ahead=48,
    ),
)
