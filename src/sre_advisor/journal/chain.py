"""The chain that makes the record tamper-evident: each record is authenticated together with the one before it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Record:
    """One stored record; `at` is ISO 8601 UTC, `body` the event's JSON text, `mac` hex HMAC-SHA256."""

    seq: int
    at: str
    investigation: str
    kind: str
    body: str
    mac: str


def seal(key: bytes, previous: str, seq: int, at: str, investigation: str, kind: str, body: str) -> str:
    """The record's MAC: HMAC-SHA256 over the previous MAC and every field, each preceded by its length.

    Lengths keep two different records from having one encoding.
    """
    mac = hmac.new(key, digestmod=hashlib.sha256)
    for part in (previous, str(seq), at, investigation, kind, body):
        raw = part.encode()
        mac.update(len(raw).to_bytes(8, "big"))
        mac.update(raw)
    return mac.hexdigest()


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a chain showed; `broken_at` is the first record that does not fit."""

    records: int
    head: str
    broken_at: int | None = None
    reason: str = ""


def verify(key: bytes, records: Iterable[Record]) -> Verification:
    """Walk the chain from its beginning and stop at the first record that does not fit."""
    previous, expected, count = GENESIS, 1, 0
    for record in records:
        if record.seq != expected:
            return Verification(count, previous, expected, f"record {expected} is missing (found {record.seq})")
        mac = seal(key, previous, record.seq, record.at, record.investigation, record.kind, record.body)
        if not hmac.compare_digest(mac, record.mac):
            return Verification(count, previous, record.seq, f"record {record.seq} was altered or moved")
        previous, expected, count = record.mac, expected + 1, count + 1
    return Verification(count, previous)
