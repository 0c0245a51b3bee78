"""The end of the chain, where events are put."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from pydantic import JsonValue
from sqlalchemy import Connection, insert, select
from sqlalchemy import text as sql

from sre_advisor.journal.batches import Entry
from sre_advisor.journal.chain import GENESIS, digest_of, seal
from sre_advisor.journal.events import Event, KeyChanged
from sre_advisor.journal.heads import Head, HeadLog
from sre_advisor.journal.keys import Keyring
from sre_advisor.journal.schema import RECORDS
from sre_advisor.journal.trouble import JournalUnavailable

_CHAIN_LOCK = 7_031_001  # any number will do, as long as every replica takes the same advisory lock


class Tail:
    """Puts events at the end of the chain, within the caller's transaction; what is written passes `redact` first."""

    def __init__(self, keys: Keyring, redact: Callable[[JsonValue], JsonValue], heads: HeadLog, where: str) -> None:
        self._keys, self._redact, self._heads, self._where = keys, redact, heads, where
        self._grown: tuple[Head, int] | None = None

    def begin(self) -> None:
        """A transaction begins: what an earlier one wrote and did not commit is not there."""
        self._grown = None

    def committed(self) -> None:
        """What was written is on disk: only what is kept for good may be told to the outside."""
        if self._grown is not None:
            self._heads.moved(*self._grown)

    def append_new(self, connection: Connection, entries: Sequence[Entry]) -> Sequence[bool]:
        """Write what is not on record, and tell of each entry whether it was new."""
        lock_chain(connection)
        keys = [entry.once for entry in entries if entry.once is not None]
        known = (
            set(connection.execute(select(RECORDS.c.once).where(RECORDS.c.once.in_(keys))).scalars())
            if keys
            else set[str]()
        )
        new: list[bool] = []
        rows: list[tuple[Event, str | None]] = []
        for entry in entries:
            new.append(entry.once is None or entry.once not in known)
            if new[-1]:
                rows += [(happened, entry.once) for happened in entry.events]
                known.add(entry.once or "")
        if rows:
            self.append(connection, rows)
        return new

    def append(self, connection: Connection, events: Iterable[tuple[Event, str | None]]) -> None:
        """Write the events, each with the key by which it is written once, or None; raises JournalUnavailable."""
        lock_chain(connection)
        newest = select(RECORDS.c.seq, RECORDS.c.mac, RECORDS.c.key).order_by(RECORDS.c.seq.desc()).limit(1)
        last = connection.execute(newest).first()
        key, key_id, at = self._keys.current, self._keys.current_id, ""
        seq, mac = (int(last[0]), str(last[1])) if last else (0, GENESIS)
        if last and last[2] != key_id:
            events = [(self._key_change(connection, str(last[2])), None), *events]
        rows: list[dict[str, object]] = []
        for happened, once in events:
            body = _body(happened, self._redact)
            digest = digest_of(key, body)
            seq, at = seq + 1, datetime.now(UTC).isoformat(timespec="microseconds")
            mac = seal(key, mac, seq, at, happened.investigation, happened.question, happened.kind, once, digest)
            rows.append(
                {
                    "seq": seq,
                    "at": at,
                    "investigation": happened.investigation,
                    "question": happened.question,
                    "kind": happened.kind,
                    "once": once,
                    "body": body,
                    "digest": digest,
                    "key": key_id,
                    "mac": mac,
                }
            )
        connection.execute(insert(RECORDS), rows)
        self._grown = Head(seq, mac, at), len(rows)

    def _key_change(self, connection: Connection, earlier: str) -> KeyChanged:
        """The record that hands the chain over from the earlier key; a key once given up may not take it back."""
        now = self._keys.current_id
        used = connection.execute(select(RECORDS.c.seq).where(RECORDS.c.key == now).limit(1)).first()
        if used or earlier not in self._keys.by_id():
            raise JournalUnavailable(
                f"the journal {self._where} is written with another key (id {earlier[:16]}) than the one configured: "
                "restore that key or, to change to a new one, name that one in database.previous_key_files"
            )
        return KeyChanged(earlier=earlier, now=now)


def lock_chain(connection: Connection) -> None:
    """Keep other replicas from writing until the transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sql("SELECT pg_advisory_xact_lock(:n)"), {"n": _CHAIN_LOCK})


def _body(happened: Event, redact: Callable[[JsonValue], JsonValue]) -> str:
    if happened.kind == "tool_called":  # the broker redacted the evidence; doing it again would only cost time
        return happened.model_dump_json()
    body = json.dumps(redact(happened.model_dump(mode="json")), ensure_ascii=False, separators=(",", ":"))
    return body.encode("utf-8", "replace").decode()  # half a character, as JSON can hold it, fits into no database
