"""Arguments somebody would try who wants out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sre_advisor.connectors.contract import Tool

NOW = datetime(2026, 6, 2, 12, 0, tzinfo=UTC)
VALID: dict[str, Any] = {
    "start": NOW - timedelta(hours=6), "end": NOW, "query": "up", "text": "up", "path": "README.md", "sha": "main",
    "revision": "main", "first_line": 1, "last_line": 2, "number": 12, "alert": "HighErrorRate", "heading": "Checkout",
    "runbook_url": "https://docs.example/checkout.md", "services": ["checkout"], "service": "checkout",
}  # fmt: skip
"""A value for each argument that other arguments' hostile values go with."""
NUMBERS = (-1, 0, 2**31, 10**30, float("nan"), "1; DROP TABLE records", "0x7f000001")
TIMES = ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "--output=/tmp/x", "now\r\nX-Evil: 1")


def words(foreign: str) -> tuple[str, ...]:
    """Strings that climb, inject, redirect or flag; `foreign` is host and port of a server that nobody configured."""
    return (
        "../../../../etc/passwd", "..", "/etc/passwd", "%2e%2e/%2e%2e/-/quit", "..%2f..%2fapi%2fv1%2fadmin",
        "....//....//secret.md", "..\\..\\secret.md", "docs/../../secret.md", "file:///etc/passwd", ".git/config",
        "x\r\nX-Evil: 1\r\n\r\nPOST /api/v2/silences HTTP/1.1", "x\nX-Evil: 1", "x\r", "x\0y", "\ud800",
        f"http://{foreign}/steal", f"//{foreign}/steal", f"https://api.github.com@{foreign}/", f"@{foreign}",
        f"http://localhost:{foreign.partition(':')[2]}/", f"acme/shop@{foreign}", f"{foreign}/../x",
        "--output=/tmp/evil", "--upload-pack=touch /tmp/evil", "-O/tmp/evil", "--open-files-in-pager=id", "-", "--",
        "--help",
        "-c core.pager=id", "HEAD:../../etc/passwd", "main^{/x}", "main..HEAD", ":(exclude)*", "ext::sh -c id",
        "acme/../user", "acme/shop/../../user/keys", "acme/shop/merges", "acme/other", "Acme/Shop?x=1", "acme/shop#",
        "up\n}\n or delete", "{__name__=~'.+'}",
        "up)&match[]=up", "up?x=1#y", "up&query=down", "label/../admin/values",
        "$(touch /tmp/evil)", "`id`", "; id", "| id", "' OR 1=1 --", '" OR NEAR(', "a" * 3_900, "\u202e", "ⅷ", "/",
        "．．／etc", "\u2025/x", "ﬁle", "%00", "%0d%0aX-Evil:%201", "?access_token=x", "#", "", " ",
    )  # fmt: skip


def attacks(tool: Tool, values: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Raw arguments: for each argument, each hostile value, the others harmless."""
    properties: dict[str, Any] = tool.args.model_json_schema().get("properties", {})
    plain = {name: VALID[name] for name in properties if name in VALID}
    yield plain
    yield {**plain, "unknown": "x"}
    for name, about in properties.items():
        kinds = _kinds(about)
        for value in (*values,) if "string" in kinds else ():
            yield {**plain, name: value}
        for value in values if "array" in kinds else ():
            yield {**plain, name: [value]}
        for value in NUMBERS if kinds & {"integer", "number"} else ():
            yield {**plain, name: value}
        for value in TIMES if "date-time" in kinds else ():
            yield {**plain, name: value}


def _kinds(about: dict[str, Any]) -> set[str]:
    shown = [about, *about.get("anyOf", ())]
    return {str(one.get("format") or one.get("type")) for one in shown}
