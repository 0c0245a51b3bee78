"""What holds for every text: nothing configured comes through, nothing harmless changes, nothing takes for ever."""

import base64
import json
import string
from collections.abc import Callable
from dataclasses import dataclass
from time import process_time
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.redaction.placeholders import PLACEHOLDER

SLOW = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])

ANY_TEXT = st.text(st.characters(codec=None), max_size=300)
"""Lone surrogates included."""
SECRET = st.text(string.ascii_letters + string.digits + "-_./+=!%&$\"'\\ é☂", min_size=8, max_size=40).filter(
    lambda s: len(s.strip()) >= 8 and len(set(s)) > 4 and "[" not in s and "redacted" not in s
)
TORN_SECRET = st.text(string.ascii_letters + string.digits + "-_/", min_size=16, max_size=40).filter(
    lambda s: len(set(s)) > 4
)
AROUND = st.text(string.ascii_letters + " =:,\"'{}\n", max_size=40)

ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": lambda s: s,
    "json": lambda s: json.dumps(s)[1:-1],
    "json twice": lambda s: json.dumps(json.dumps(s))[3:-3],
    "url": lambda s: quote(s, safe=""),
    "hex": lambda s: s.encode().hex(),
    "hex upper": lambda s: s.encode().hex().upper(),
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64 url": lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
    "base64 twice": lambda s: base64.b64encode(base64.b64encode(s.encode())).decode(),
    "base64 of a longer text": lambda s: base64.b64encode(b"user:" + s.encode() + b"@host").decode(),
    "base64 of another longer text": lambda s: base64.b64encode(b"token=" + s.encode() + b";").decode(),
    "unicode escapes": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
}


def steady(encoded: str) -> str:
    """The part of an encoding that does not depend on what stands beside the secret."""
    return encoded[4:-4]


@SLOW
@given(SECRET, st.sampled_from(sorted(ENCODINGS)), AROUND, AROUND)
def test_no_spelling_of_a_configured_secret_comes_through(secret: str, encoding: str, before: str, after: str) -> None:
    redactor = Redactor([secret])
    secret = secret.strip()
    written = ENCODINGS[encoding](secret)
    clean, count = redactor.text(before + written + after)
    assert count >= 1
    assert written not in clean
    middle = steady(written) if "base64" in encoding else written
    assert len(middle) < 8 or middle not in PLACEHOLDER.sub("\0", clean)


@SLOW
@given(SECRET, st.lists(AROUND, min_size=1, max_size=4), st.data())
def test_no_chunk_of_a_stream_gives_a_configured_secret_away(
    secret: str, around: list[str], data: st.DataObject
) -> None:
    text = secret.join([*around, ""])
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    stream = Redactor([secret]).stream()
    out = [stream.feed(text[a:b]) for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    out.append(stream.close())
    clean = PLACEHOLDER.sub("\0", "".join(out))
    assert secret.strip() not in clean
    assert all(piece not in clean for piece in (secret.strip()[:7] + "\0", "\0" + secret.strip()[-7:]))


@SLOW
@given(TORN_SECRET, st.data(), st.sampled_from(["list", "dict", "nested", "keys", "lines"]))
def test_a_secret_split_over_fields_is_found(secret: str, data: st.DataObject, form: str) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(1, len(secret) - 1), min_size=1, max_size=4)))
    pieces = [secret[a:b] for a, b in zip([0, *cuts], [*cuts, len(secret)], strict=True)]
    forms: dict[str, JsonValue] = {
        "list": [*pieces],
        "dict": {f"f{i}": piece for i, piece in enumerate(pieces)},
        "nested": {"a": [{"b": piece} for piece in pieces], "n": 1},
        "keys": {pieces[0]: "".join(pieces[1:])},
        "lines": "\n".join(f'"{piece}" +' for piece in pieces),
    }
    redacted = Redactor([secret]).value(forms[form])
    assert redacted.count >= 1
    assert secret not in "".join(_leaves(redacted.value, keys=False))
    assert secret not in "".join(_leaves(redacted.value, keys=True)).translate(str.maketrans("", "", '"\n +'))


def _leaves(value: object, *, keys: bool) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [leaf for item in value for leaf in _leaves(item, keys=keys)]
    if isinstance(value, dict):
        return [leaf for k, v in value.items() for leaf in ([str(k)] if keys else []) + _leaves(v, keys=keys)]
    return []


@dataclass(frozen=True)
class Noun:
    name: str
    labels: dict[str, str]
    parts: tuple[str, ...] = ()
    size: int = 0


@SLOW
@given(TORN_SECRET, st.integers(1, 15))
def test_a_secret_split_over_a_nouns_fields_is_found(secret: str, cut: int) -> None:
    noun = Redactor([secret]).noun(Noun(secret[:cut], {secret[cut:]: "x"}, (secret,), 7))
    assert secret not in noun.name + "".join(noun.labels) + "".join(noun.parts)
    assert noun.size == 7


# fmt: off
SEEDS = [
    "password=", "Authorization: Bearer ", "://u:p@h ", "Cookie: a=", "token: ", "[redacted:x#1]", "api_key='", "AKIA",
    "-----BEGIN PRIVATE KEY-----",
    "kind: Secret\ndata:\n a: ", "eyJ", "A1b2C3d4E5f6G7h8I9j0", "\\", '"', "\n", " ", "=",
    "curl -u a:", "\ud800", "é",
]
# fmt: on
CREDENTIAL_LIKE = st.lists(st.sampled_from(SEEDS) | st.text(max_size=12), max_size=25).map("".join)


@SLOW
@given(CREDENTIAL_LIKE | ANY_TEXT)
@example("password=" + "[redacted:password#1]" + "Hunter22x")
@example("token=A1b2C3d4E5f6G7h8I9j0token=A1b2C3d4E5f6G7h8I9j0")
def test_redacting_again_changes_nothing_and_nothing_raises(text: str) -> None:
    once, _ = Redactor().scope("i").text(text)
    assert Redactor().scope("i").text(once) == (once, 0)


@SLOW
@given(CREDENTIAL_LIKE)
def test_findings_point_into_the_text_as_it_was(text: str) -> None:
    redactor = Redactor().scope("i")
    clean, findings = redactor.redact(text)
    rebuilt, at = "", 0
    for finding in findings:
        assert at <= finding.start < finding.end <= len(text)
        rebuilt += text[at : finding.start] + finding.placeholder
        at = finding.end
    assert rebuilt + text[at:] == clean


# fmt: off
WORDS = st.sampled_from([
    "the", "pod", "checkout", "restarted", "after", "deploy", "because", "memory", "limit", "was", "reached",
    "node", "is", "not", "ready", "please", "check", "token", "password", "secret", "key", "access", "denied",
    "for", "user", "request", "failed", "with", "status", "502", "upstream", "connect", "error", "GET",
    "/api/v1/orders", "ms", "took", "12", "retry", "3", "of", "5", "namespace=shop", "level=warn",
    "caller=main.go:42", "code=500", "rate(http_requests_total[5m])", "auth",
])
# fmt: on


@SLOW
@given(st.lists(WORDS, max_size=40).map(" ".join))
def test_prose_and_log_lines_without_secrets_stay(text: str) -> None:
    assume("secret code" not in text)
    assert Redactor().text(text) == (text, 0)


SCALAR = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
JSON: st.SearchStrategy[JsonValue] = st.recursive(
    SCALAR, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@SLOW
@given(JSON)
def test_a_json_value_without_secrets_is_unchanged(value: JsonValue) -> None:
    assert Redactor(["a-configured-secret"]).value(value).value == value


RUNS = {
    "a": "a",
    "=": "=",
    "quotes": '"',
    "begin": "-----BEGIN PRIVATE KEY-----\n",
    "users": "://a:",
    "ats": "://a:b@",
    "cookie": "cookie: a=b;",
    "kinds": "kind: Secret\ndata:\n",
    "datas": "data:\n",
    "kind Secret": "kind: Secret\n",
    "password": "password",
    "password=": 'password="',
    "backslashes": "password=\\",
    "keys": "key=A1b2C3d4E5f6G7h8I9j0 ",
    "jwt": "eyJ",
    "curl": "curl -b ",
    "curl u": "curl -u a",
    "auth": "authorization: ",
    "spaces": "key ",
    "nested": "[redacted:",
    "placeholders": "[redacted:a#1]",
    "umlauts": "é☂",
    "distinct": "",
}
"""What an attacker might repeat; the empty one stands for many secrets, each another."""


@pytest.mark.parametrize("run", sorted(RUNS))
def test_time_grows_with_the_text_and_no_faster(run: str) -> None:
    def seconds(size: int) -> float:
        unit = RUNS[run] or "".join(f"token=Zq{i:06d}Xw9Lp{i:06d} " for i in range(size // 26))
        text = (unit * (size // len(unit) + 1))[:size]
        began = process_time()
        Redactor(["xoxb-" + "1" * 30]).text(text)
        return process_time() - began

    seconds(1_000)
    small = min(seconds(40_000) for _ in range(2))
    large = min(seconds(160_000) for _ in range(2))
    assert large < 0.15 + 4 * 2.5 * small
