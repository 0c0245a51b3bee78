"""The chain that makes the record tamper-evident: each record is authenticated together with the one before it."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Record:
    """One stored record; the fields in the order of the table's columns, see docs/reference/audit.md.

    `at` is ISO 8601 UTC, `body` the event's JSON text or None when it was taken off the record, `digest` and `mac`
    hex HMAC-SHA256, `key` the id of the key they were made with.
    """

    seq: int
    at: str
    investigation: str
    question: str | None
    kind: str
    once: str | None
    body: str | None
    digest: str
    key: str
    mac: str


def digest_of(key: bytes, body: str) -> str:
    """What stands for a body in the chain, so that the body can be taken off without breaking it.

    Keyed: what a short body said cannot be found out by trying from the digest that stays behind.
    """
    return hmac.digest(key, b"body\0" + _bytes(body), "sha256").hex()


def seal(
    key: bytes,
    previous: str,
    seq: int,
    at: str,
    investigation: str,
    question: str | None,
    kind: str,
    once: str | None,
    digest: str,
) -> str:
    """The record's MAC: HMAC-SHA256 over the previous MAC and every field, each preceded by its length in 8 bytes.

    Lengths keep two different records from having one encoding; an absent field has the length 2^64 - 1.
    """
    parts = bytearray()
    for part in (previous, str(seq), at, investigation, question, kind, once, digest):
        raw = _ABSENT if part is None else _bytes(part)
        parts += raw if part is None else len(raw).to_bytes(8, "big") + raw
    return hmac.digest(key, parts, hashlib.sha256).hex()


_ABSENT = b"\xff" * 8


def _bytes(text: str) -> bytes:
    """UTF-8; what is no Unicode cannot have been written, but must not keep a tampered record from being named."""
    return text.encode("utf-8", "surrogatepass")


def seal_of(key: bytes, previous: str, record: Record) -> str:
    """The MAC that a record should have after the one with the MAC `previous`."""
    return seal(
        key,
        previous,
        record.seq,
        record.at,
        record.investigation,
        record.question,
        record.kind,
        record.once,
        record.digest,
    )
