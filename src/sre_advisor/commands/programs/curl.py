"""curl."""

from __future__ import annotations

import re

from sre_advisor.commands.addresses import SINKS, asked, urls_of
from sre_advisor.commands.call import Call
from sre_advisor.commands.effect import Effect, changes, reads, secret, unknown
from sre_advisor.commands.options import Parsed, abbreviates, split
from sre_advisor.commands.secrets import secret_path
from sre_advisor.commands.tables import names
from sre_advisor.commands.words import Word

# Source: https://curl.se/docs/manpage.html (8.14)
_CURL_TAKES = names("""-A --user-agent -b --cookie -e --referer -H --header -m --max-time --connect-timeout -u --user -x
    --proxy -w --write-out -X --request --cacert --capath -E --cert --key --resolve --connect-to --retry
    --retry-delay --retry-max-time -r --range --url --interface --limit-rate --max-redirs --unix-socket
    --abstract-unix-socket --dns-servers --tls-max --ciphers -y --speed-time -Y --speed-limit --noproxy
    --oauth2-bearer --aws-sigv4 --proto --cert-type --key-type --pass -U --proxy-user --local-port
    --keepalive-time --happy-eyeballs-timeout-ms --doh-url --request-target -d --data --data-raw
    --data-binary --data-urlencode --data-ascii --json -F --form --form-string -T --upload-file -o
    --output -D --dump-header -c --cookie-jar -K --config -Q --quote --trace --trace-ascii --stderr
    --output-dir --hsts --alt-svc --etag-save --etag-compare -z --time-cond -C --continue-at -t
    --telnet-option --libcurl --netrc-file --create-file-mode --variable --url-query --expand-url""")
_CURL_SWITCHES = names(
    """
    -s --silent -S --show-error -f --fail --fail-with-body --fail-early -k --insecure -L --location -I
    --head -i --include -v --verbose -g --globoff -4 --ipv4 -6 --ipv6 --compressed -G --get -N
    --no-buffer -# --progress-bar --http1.1 --http1.0 --http2 --http3 --http2-prior-knowledge --tlsv1.2
    --tlsv1.3 --tlsv1 -q --disable --no-keepalive --path-as-is --raw -n --netrc --location-trusted
    --anyauth --basic --digest --negotiate --ntlm --retry-connrefused --retry-all-errors -0 -1 -2 -3
    --no-progress-meter --ssl-reqd --tcp-nodelay --show-headers -a --styled-output --no-alpn --parallel
    -Z --help --version -V -h --cert-status --no-sessionid"""
) - {"-a"}
_OTHER_METHOD = re.compile(r"\s*x-(?:http-)?method(?:-override)?\s*:", re.IGNORECASE)
_CURL_WRITES = {"-o": "--output", "-O": "--remote-name", "-D": "--dump-header", "-c": "--cookie-jar"}
_WRITES_LONG = (
    "--output",
    "--remote-name",
    "--remote-name-all",
    "--remote-header-name",
    "--dump-header",
    "--cookie-jar",
    "--trace",
    "--trace-ascii",
    "--stderr",
    "--output-dir",
    "--hsts",
    "--alt-svc",
    "--etag-save",
    "--libcurl",
    "--create-dirs",
    "--xattr",
)
_SENDS = (
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-urlencode",
    "--data-ascii",
    "--json",
    "-F",
    "--form",
    "--form-string",
    "-T",
    "--upload-file",
    "-Q",
    "--quote",
)
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def curl(call: Call) -> Effect:
    """What a curl call would do: anything but GET, HEAD and OPTIONS to the screen changes something."""
    parsed = split(call.args, _CURL_TAKES, _CURL_SWITCHES | {"-O", "-J", "-R"})
    for flag in parsed.flags:
        effect = _curl_flag(flag.name, flag.value)
        if effect is not None:
            return effect
    if any(_OTHER_METHOD.match(value) for value in parsed.values("-H", "--header")):
        return unknown("a header asks for another method than the one shown")
    body = any(
        f.name in _SENDS or any(abbreviates(f.name, s) for s in _SENDS if s.startswith("--")) for f in parsed.flags
    )
    gets = parsed.has("-G", "--get")
    methods = [str(v).upper() for v in parsed.values("-X", "--request")]
    if body and not (
        gets
        and not methods
        and not any(f.name in {"-T", "-F", "--form", "--upload-file", "-Q", "--quote", "--json"} for f in parsed.flags)
    ):
        return _body(parsed, methods)
    if any(m not in _SAFE_METHODS for m in methods):
        return changes(
            f"sends {methods[0][:12]} to a server",
            "the service behind the address",
            False if "DELETE" in methods else None,
        )
    if not call.settled and call.unseen:
        return unknown("arguments are not visible")
    loose = [
        a
        for a in call.args
        if not call.scene.settled(a)
        and not a.startswith(("-H", "Authorization", "http"))
        and not a.startswith(("X-", "Bearer"))
    ]
    if any(a.subs is not None or a.complex for a in loose):
        return unknown("arguments are not visible")
    if parsed.has("-v", "--verbose", "--trace", "--trace-ascii") and _carries_secret(parsed):
        return secret("prints what it sends, a credential among it")
    if not urls_of(parsed):
        return (
            reads("prints how curl is used") if parsed.has("--help", "--version", "-V", "-h") else unknown("no address")
        )
    return asked(urls_of(parsed), call)


def _carries_secret(parsed: Parsed) -> bool:
    """Whether a header or a user's password goes with the request."""
    headers = [*parsed.values("-H", "--header")]
    named = any(_CREDENTIAL_HEADER.match(h) for h in headers)
    return named or any(":" in user or user.vars for user in parsed.values("-u", "--user", "--oauth2-bearer"))


_CREDENTIAL_HEADER = re.compile(r"[\w-]*(?:authorization|token|cookie|key|secret)[\w-]*\s*:\s*\S", re.IGNORECASE)


def _body(parsed: Parsed, methods: list[str]) -> Effect:
    """A body makes it a POST; only a search (Elasticsearch, Loki, Prometheus) sent so still reads."""
    sends_file = any(f.value is not None and f.value.startswith("@") and secret_path(f.value[1:]) for f in parsed.flags)
    searched = all(
        re.search(
            r"/(?:_search|_count|_msearch|_validate/query|_cat/[\w/]+|api/v1/(?:query|query_range|series|labels))(?:\?[\w=&.,*-]*)?$",
            u,
        )
        for u in urls_of(parsed)
    )
    if (
        methods in ([], ["POST"], ["GET"])
        and searched
        and urls_of(parsed)
        and not sends_file
        and not parsed.has("-T", "--upload-file", "-F", "--form")
    ):
        if parsed.has("-T", "-F", "-Q") or any(
            f.value is not None and ("script" in f.value or f.value.startswith("@")) for f in parsed.flags
        ):
            return unknown("a body that is not visible")
        return reads("a search sent as a request body")
    return changes("sends data to a server", "the service behind the address")


def _curl_flag(name: str, value: Word | None) -> Effect | None:
    long = _CURL_WRITES.get(name, name)
    if name in {"-K", "--config"} or (abbreviates(name, "--config") and len(name) > 5):
        return unknown("options are read from a file")
    if name in {"--next", "-:"} or name.startswith(
        ("--expand", "--variable", "--proto-default", "--engine", "--ftp", "--mail")
    ):
        return unknown(f"the option {name} is not judged here")
    for writing in _WRITES_LONG:
        if long == writing or abbreviates(long, writing):
            if value is not None and value in SINKS and writing not in {"--cookie-jar", "--remote-name"}:
                return None
            return changes("writes a file", "one file")
    if name in {"-b", "--cookie", "-E", "--cert", "--key", "--netrc-file"}:
        return None
    if value is not None and value.startswith("@") and name in {"-H", "--header", "-w", "--write-out"}:
        return secret("sends or prints a file") if secret_path(value[1:]) else None
    if name in {"-w", "--write-out"} and value is not None and "%output{" in value:
        return changes("writes a file", "one file")
    if name in _CURL_TAKES or name in _CURL_SWITCHES or name in {"-O", "-J", "-R"}:
        return changes("writes a file", "one file") if name == "-J" else None
    return unknown(f"curl: the option {name[:30]} is not known here")


PROGRAMS = {"curl": curl}
