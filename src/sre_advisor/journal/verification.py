"""Walking the chain: which record was altered, removed, moved, wiped or cut off, and when it was written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sre_advisor.journal.chain import GENESIS, Record, digest_of, seal_of
from sre_advisor.journal.events import KEPT
from sre_advisor.journal.heads import Head
from sre_advisor.journal.keys import Keyring

SHOWN = 100
"""Problems told one by one; more are counted."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with which record; `at` is when it was written, as far as can be told."""

    seq: int
    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What checking a chain showed; `expired` counts bodies that retention took off the record, with its signature."""

    records: int
    seq: int
    head: str
    at: str
    expired: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0

    @property
    def whole(self) -> bool:
        """Whether every record is there and as it was written."""
        return not self.problems

    @property
    def broken_at(self) -> int | None:
        """The first record that does not fit."""
        return self.problems[0].seq if self.problems else None

    @property
    def reason(self) -> str:
        """What is wrong with it."""
        return self.problems[0].words if self.problems else ""


def verify(keys: Keyring, records: Iterable[Record], heads: Sequence[Head] = ()) -> Verification:
    """Walk a whole chain from its beginning, and hold it against heads that were written out."""
    walk = Walk(keys, heads)
    for record in records:
        walk.take(record)
    return walk.finish()


class Walk:
    """Takes records in the order in which they claim to have been written.

    With `gaps` allowed (an excerpt), each record is given with the MAC of the one before it.
    """

    def __init__(self, keys: Keyring, heads: Sequence[Head] = (), *, gaps: bool = False) -> None:
        self._keys = keys.by_id()
        self._heads = {head.seq: head for head in heads}
        self._gaps = gaps
        self._count = self._seq = 0
        self._mac, self._at, self._key = GENESIS, "", ""
        self._broken = False
        self._left: set[str] = set()
        self._unknown: set[str] = set()
        self._wiped: list[Record] = []
        self._through: dict[str, int] = {}
        self._problems: list[Problem] = []

    def take(self, record: Record, previous: str | None = None) -> None:
        """Check the next record."""
        follows = record.seq == self._seq + 1
        broken = not self._placed(record, follows=follows)
        before = self._mac if follows else previous
        if follows and previous is not None and previous != self._mac:
            broken = self._wrong(record, f"record {record.seq} does not name record {self._seq} as the one before it")
        key = self._keys.get(record.key)
        if key is None:
            broken = self._unknown_key(record)
        else:
            self._key_in_turn(record, follows=follows)
            broken = not self._authentic(key, record, before) or broken
        known = self._heads.get(record.seq)
        if known is not None and known.mac != record.mac:
            self._wrong(record, f"record {record.seq} was rewritten: the head file holds another MAC for it")
        if record.body is None:
            self._wiped.append(record)
        elif record.kind == "expired" and not broken:
            self._authorise(record, record.body)
        self._count += 1
        if record.seq > self._seq:
            self._seq, self._mac, self._at, self._broken = record.seq, record.mac, record.at, broken

    def finish(self, until: str | None = None) -> Verification:
        """What the walk showed; `until`, ISO 8601 UTC: when these records were taken, so newer heads do not count."""
        told = [head for head in self._heads.values() if until is None or head.at <= until]
        newest = max(told, key=lambda head: head.seq, default=None)
        if newest is not None and newest.seq > self._seq and not self._gaps:
            words = f"{_span(self._seq + 1, newest.seq)} cut off: the head file knows record {newest.seq}"
            self._problems.append(Problem(self._seq + 1, newest.at, f"{words}, written at {newest.at}"))
        expired = self._judge_wiped()
        problems = sorted(self._problems, key=lambda problem: problem.seq)
        return Verification(
            self._count, self._seq, self._mac, self._at, expired, tuple(problems[:SHOWN]), len(problems)
        )

    def _judge_wiped(self) -> int:
        """How many bodies retention took, as a signed record says; the others are problems, one an investigation."""
        unexplained: dict[str, list[Record]] = {}
        for record in self._wiped:
            if record.kind in KEPT or record.seq > self._through.get(record.investigation, 0):
                unexplained.setdefault(record.investigation, []).append(record)
        for investigation, wiped in unexplained.items():
            which = f"the body of record {wiped[0].seq} is gone"
            if len(wiped) > 1:
                span = f"{wiped[0].seq} to {wiped[-1].seq}"
                which = f"the bodies of {len(wiped)} records of {investigation} ({span}) are gone"
            self._wrong(wiped[0], f"{which}, and no expired record says why")
        return len(self._wiped) - sum(map(len, unexplained.values()))

    def _placed(self, record: Record, *, follows: bool) -> bool:
        if record.seq <= self._seq:
            words = f"record {record.seq} stands after record {self._seq}: it was moved, or is there twice"
            return not self._wrong(record, words)
        if not follows and not self._gaps:
            when = f"between {self._at} and {record.at}" if self._at else f"before {record.at}"
            words = f"{_span(self._seq + 1, record.seq - 1)} missing; written {when}"
            self._problems.append(Problem(self._seq + 1, record.at, words))
        return True

    def _authentic(self, key: bytes, record: Record, before: str | None) -> bool:
        if record.body is not None and digest_of(key, record.body) != record.digest:
            return not self._wrong(record, f"the body of record {record.seq} was altered")
        if before is None or seal_of(key, before, record) == record.mac:
            return True
        if self._broken:
            return not self._wrong(record, f"record {record.seq} does not follow from record {self._seq} as it stands")
        return not self._wrong(record, f"record {record.seq} was altered or moved")

    def _key_in_turn(self, record: Record, *, follows: bool) -> None:
        """A key that was given up may not come back: whoever got hold of it could go on with it."""
        if record.key == self._key:
            return
        if self._key:
            self._left.add(self._key)
            if record.key in self._left:
                self._wrong(record, f"record {record.seq} was written with a key that had been given up before")
            elif record.kind != "key_changed" and follows:
                self._wrong(record, f"record {record.seq} was written with another key, and no record says why")
        self._key = record.key

    def _unknown_key(self, record: Record) -> bool:
        if record.key not in self._unknown:
            self._unknown.add(record.key)
            self._wrong(
                record,
                f"record {record.seq} was written with a key that is not configured (id {record.key[:16]}): restore "
                "the key, or name the earlier one in database.previous_key_files",
            )
        return True

    def _authorise(self, record: Record, body: str) -> None:
        through = json.loads(body).get("through")
        if isinstance(through, int):
            known = self._through.get(record.investigation, 0)
            self._through[record.investigation] = max(known, min(through, record.seq - 1))

    def _wrong(self, record: Record, words: str) -> bool:
        self._problems.append(Problem(record.seq, record.at, f"{words}; written at {record.at}"))
        return True


def _span(first: int, last: int) -> str:
    return f"record {first} is" if first == last else f"records {first} to {last} are"
