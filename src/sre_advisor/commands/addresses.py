"""What asking an HTTP address would do, from the address alone."""

from __future__ import annotations

import re

from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, reads, secret, unknown
from sre_advisor.commands.options import Parsed
from sre_advisor.commands.secrets import secret_path
from sre_advisor.commands.words import Word

SINKS = {"/dev/null", "-", "/dev/stdout"}
"""Where what is loaded may go without a file being written."""
_ACTING_PATH = re.compile(
    r"/-/(?:reload|quit)|/(?:reload|shutdown|restart|quitquitquit|abortabortabort|delete|drain_listeners|healthcheck/fail|reset_counters|runtime_modify)(?:[/?#]|$)|[?&](?:action|cmd|command|op)=",
    re.IGNORECASE,
)
_SECRET_URL = re.compile(
    r"169\.254\.169\.254|metadata\.google|metadata/(?:identity|instance)|/computeMetadata|169\.254\.170\.2|fd00:ec2|100\.100\.100\.200|secret|token|credential|passw|api[_-]?key(?!s=)|"
    r"/(?:actuator/)?(?:env|heapdump|configprops|threaddump)(?:[/?#]|$)|/v1/(?:kv|secret|auth|sys|transit)/|/\.(?:env|git|aws|ssh)|/debug/pprof/(?:heap|cmdline)|heapdump",
    re.IGNORECASE,
)


def urls_of(parsed: Parsed) -> list[Word]:
    """The addresses of a call."""
    return [*parsed.operands, *parsed.tail, *parsed.values("--url")]


def asked(urls: list[Word], call: Call) -> Effect:
    """What a GET of each of them would do."""
    for url in urls:
        plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda m: chr(int(m[1], 16)), url)
        if plain.lower().startswith("file:"):
            return (
                secret("reads a local file of credentials") if secret_path(plain[5:]) else reads("reads a local file")
            )
        if re.match(
            r"(?:ftp|scp|sftp|smtp|smtps|telnet|dict|gopher|imap|imaps|pop3|ldap|mqtt|rtsp|tftp|smb)s?:",
            plain,
            re.IGNORECASE,
        ):
            return unknown("a protocol other than HTTP")
        if _SECRET_URL.search(plain):
            return secret("asks an address that returns credentials or settings")
        if re.match(r"(?:https?://)?(?:0x[0-9a-f]+|\d{6,}|\[::ffff:)", plain, re.IGNORECASE):
            return unknown("the address is disguised")
        if _ACTING_PATH.search(plain):
            return unknown("a GET of this address may act")
        if not call.scene.settled(url) and not re.match(r"https?://[\w.:-]+/", url):
            return unknown("the address is not visible")
        if url.whole and not url.static and not re.match(r"[<{]", url):
            return unknown("the address is not visible")
        if re.search(r"[{\[]", re.sub(r"\{\{.*?\}\}|\$\{\w+\}|\[[0-9a-f:]+\]", "", plain)) and re.search(
            r"[{][^}]*,", plain
        ):
            return unknown("an address pattern")
    return reads("an HTTP request that only reads")
