"""Redacting values, nouns, streams and standard input; the numbers of placeholders."""

import io
import json
import re
from datetime import UTC, datetime

import numpy as np
import pytest
from pydantic import JsonValue

from sre_advisor.broker.redaction import Redactor
from sre_advisor.broker.redaction.gitleaks import gitleaks_rules
from sre_advisor.broker.redaction.pipe import BrokenLine, redact_json_lines, redact_text
from sre_advisor.broker.redaction.stream import BLOCK
from sre_advisor.model import Alert, Change, LogLine, Series

OWN = "own-" + "Zk81" * 5
OTHER = "q7Rk2" + "Zp9Lw4Xv8Nt3Bm6Hd1"
AWS = "AKIA" + "QYLPMN5HFIQR7XYA"


def test_every_gitleaks_rule_with_an_expression_compiles() -> None:
    rules = gitleaks_rules()
    assert len(rules) == 221
    assert all(rule.pattern.groups >= 0 and (rule.keywords or rule.head) for rule in rules)


def test_one_secret_keeps_its_number_within_an_investigation_and_only_there() -> None:
    redactor = Redactor()
    scope = redactor.scope("i1")
    assert scope.text(f"key {AWS}")[0] == "key [redacted:aws-access-token#1]"
    assert scope.text(f"token={OTHER}")[0] == "token=[redacted:token#2]"
    assert redactor.scope("i1").value({"a": f"again {AWS}"}).value == {"a": "again [redacted:aws-access-token#1]"}
    assert redactor.scope("i2").text(f"token={OTHER}")[0].endswith("#1]")
    assert redactor.text(f"key {AWS}")[0] == "key [redacted:aws-access-token]"


def test_nothing_kept_of_an_investigation_tells_the_secret() -> None:
    scopes = [Redactor().scope("i"), Redactor().scope("i")]
    for scope in scopes:
        scope.text(f"key {AWS}")
    kept = [repr(vars(scope._placeholders)) for scope in scopes]  # pyright: ignore[reportPrivateUsage]
    assert AWS not in "".join(kept)
    assert kept[0] != kept[1]


def test_a_second_mention_goes_although_nothing_introduces_it() -> None:
    clean, count = Redactor().text(f"token={OTHER}\nlater: {OTHER} was refused")
    assert OTHER not in clean
    assert count == 2


def test_a_field_name_tells_what_its_value_is() -> None:
    value: JsonValue = {
        "db": {"password": "swordfish", "user": "app"},
        "env": [{"name": "API_TOKEN", "value": OTHER}, {"name": "LOG_LEVEL", "value": "debug"}],
        "headers": {"Cookie": "sid=abc12", "Authorization": "Bearer " + OTHER},
        "password_changed": "yesterday evening",
        "n": 3,
    }
    redacted = Redactor().value(value)
    assert redacted.count == 4
    assert redacted.value == {
        "db": {"password": "[redacted:secret-field]", "user": "app"},
        "env": [{"name": "API_TOKEN", "value": "[redacted:secret-field]"}, {"name": "LOG_LEVEL", "value": "debug"}],
        "headers": {"Cookie": "sid=[redacted:cookie]", "Authorization": "Bearer [redacted:authorization-header]"},
        "password_changed": "yesterday evening",
        "n": 3,
    }


def test_two_secret_keys_of_one_object_stay_two() -> None:
    redacted = Redactor([OWN, OTHER]).value({OWN: 1, OTHER: 2})
    assert isinstance(redacted.value, dict)
    assert sorted(map(str, redacted.value.values())) == ["1", "2"]


def test_a_noun_loses_its_secrets_and_keeps_its_evidence() -> None:
    sha = "3f2a9c1e5b7d8f60a4c2e1b3d5f7a9c0e2b4d6f8"
    at = datetime(2026, 6, 23, tzinfo=UTC)
    change = Change(sha, "commit", at, f"rotate {OWN}", files=("a.py", f"{OWN}.txt"), diff=f"+password = '{OTHER}'")
    clean = Redactor([OWN]).noun(change)
    assert (clean.id, clean.at, clean.files[0]) == (sha, at, "a.py")
    assert OWN not in repr(clean)
    assert OTHER not in repr(clean)


def test_a_noun_without_secrets_is_the_very_same() -> None:
    times = np.arange(3.0)
    series = Series("checkout", "http_requests", times, times, labels={"secret": "default-token-x7k2p"})
    assert Redactor([OWN]).noun(series) is series
    alert = Alert("A", datetime(2026, 6, 23, tzinfo=UTC), labels={"pod": "checkout-7d9f8b6c5d-x2x4q"})
    assert Redactor([OWN]).noun(alert) is alert


def test_many_nouns_are_redacted_as_each_alone() -> None:
    at = datetime(2026, 6, 23, tzinfo=UTC)
    messages = [f"order {i} placed" for i in range(1_500)]
    messages[700] = f"login with password={OTHER}"
    messages[701:703] = ["the new password:", "correct"]
    lines = [LogLine(at, "shop", "info", message) for message in messages]
    clean = Redactor([OWN]).nouns(lines)
    assert clean == tuple(map(Redactor([OWN]).noun, lines))
    assert [i for i, line in enumerate(clean) if line != lines[i]] == [700]


def streamed(redactor: Redactor, text: str, size: int) -> str:
    stream = redactor.stream()
    return "".join([*(stream.feed(text[i : i + size]) for i in range(0, len(text), size)), stream.close()])


@pytest.mark.parametrize("shift", range(0, 60, 7))
def test_a_secret_on_the_edge_of_a_block_never_goes_out(shift: int) -> None:
    filler = "a log line of no interest at all\n" * (3 * BLOCK // 33)
    at = BLOCK + shift
    text = f"{filler[:at]}password={OTHER} {OWN}{filler[at:]}"
    clean = streamed(Redactor([OWN]), text, 4096 + shift)
    assert clean == text.replace(OTHER, "[redacted:password]").replace(OWN, "[redacted:configured-secret]")


def test_a_private_key_on_the_edge_of_a_block_never_goes_out() -> None:
    body = "\n".join("MIIEvQ" + f"{i:058d}" for i in range(60))
    pem = f"-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"
    filler = "a log line of no interest at all\n" * (BLOCK // 33)
    for cut in range(0, len(pem), 500):
        text = filler[cut:] + pem + filler * 2
        assert "MIIEvQ" not in streamed(Redactor(), text, 9_999)


def test_a_token_without_end_does_not_fill_the_memory_or_come_through() -> None:
    stream = Redactor().stream()
    piece = "Ab1" * 100_000
    out = stream.feed("x pass") + stream.feed("word=")
    sizes: list[int] = []
    for _ in range(12):
        out += stream.feed(piece)
        sizes.append(stream._waiting)  # pyright: ignore[reportPrivateUsage]
    out += stream.feed("Ab1 and on") + stream.close()
    assert out == "x password=[redacted:password] and on"
    assert max(sizes) < 2_000_000


def test_standard_input_is_copied_byte_for_byte_but_for_the_secrets() -> None:
    source = b"\xff\xfe caf\xc3\xa9 password=" + OTHER.encode() + b"\r\nend without newline \xe2\x98"
    sink = io.BytesIO()
    redact_text(Redactor(), io.BytesIO(source), sink)
    assert sink.getvalue() == source.replace(OTHER.encode(), b"[redacted:password]")


def test_json_lines_say_what_stood_where_in_characters() -> None:
    text = f"é☂ password={OTHER} ok"
    sink = io.BytesIO()
    redact_json_lines(Redactor(), io.BytesIO(json.dumps(text).encode() + b'\n"\\ud800 fine"\n'), sink)
    first, second = (json.loads(line) for line in sink.getvalue().splitlines())
    (finding,) = first["findings"]
    assert text[finding["start"] : finding["end"]] == OTHER
    assert first["text"] == text.replace(OTHER, f"[redacted:{finding['rule']}]")
    assert second == {"text": "\ud800 fine", "findings": []}


@pytest.mark.parametrize("broken", [b"nope", b"", b"[" * 100_000, b'{"a": 1}', b'"\xff"', b"7"])
def test_a_broken_line_is_named_and_the_lines_before_it_are_answered(broken: bytes) -> None:
    sink = io.BytesIO()
    with pytest.raises(BrokenLine, match=r"^line 3: ") as raised:
        redact_json_lines(Redactor(), io.BytesIO(b'"a"\n"b"\n' + broken + b'\n"c"\n'), sink)
    assert len(sink.getvalue().splitlines()) == 2
    assert not re.search(r"nope|\\xff", str(raised.value))
