"""Redacting standard input: any text, or one JSON string a line."""

from __future__ import annotations

import codecs
import json
from typing import BinaryIO

from sre_advisor.broker.redaction.redactor import Redactor

_CHUNK = 256 * 1024
_LONGEST_LINE = 64 * 1024 * 1024


class BrokenLine(ValueError):
    """A line of the input is not what was announced; the message names it and never shows it."""


def redact_text(redactor: Redactor, source: BinaryIO, sink: BinaryIO) -> None:
    """Copy the source redacted, in bounded memory; bytes that are not UTF-8 stay as they are."""
    stream = redactor.stream()
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    while data := source.read(_CHUNK):
        _write(sink, stream.feed(decoder.decode(data)))
    _write(sink, stream.feed(decoder.decode(b"", final=True)))
    _write(sink, stream.close())
    sink.flush()


def redact_json_lines(redactor: Redactor, source: BinaryIO, sink: BinaryIO) -> None:
    """For each line's JSON string one object with the redacted text and what was found where; raises BrokenLine."""
    number = 0
    try:
        while line := source.readline(_LONGEST_LINE):
            number += 1
            text, findings = redactor.redact(_string(line, number))
            shown = [{"rule": f.rule, "start": f.start, "end": f.end} for f in findings]
            sink.write(json.dumps({"text": text, "findings": shown}).encode("ascii") + b"\n")
    finally:
        sink.flush()


def _string(line: bytes, number: int) -> str:
    if len(line) >= _LONGEST_LINE and not line.endswith(b"\n"):
        raise BrokenLine(f"line {number}: longer than {_LONGEST_LINE >> 20} MiB; split it, or leave out --jsonl")
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BrokenLine(f"line {number}: not valid JSON; --jsonl takes one JSON string a line") from None
    if not isinstance(value, str):
        raise BrokenLine(f"line {number}: JSON, but no string; --jsonl takes one JSON string a line")
    return value


def _write(sink: BinaryIO, text: str) -> None:
    if text:
        sink.write(text.encode("utf-8", "surrogateescape"))
