"""Whatever single thing is done to a chain by somebody without the key, it does not verify."""

from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.journal.chain import GENESIS, Record, digest_of, seal
from sre_advisor.journal.heads import Head
from sre_advisor.journal.keys import Keyring, key_id
from sre_advisor.journal.verification import verify

KEY = b"k" * 32
NAMES = [field.name for field in fields(Record)]


@st.composite
def chains(draw: st.DrawFn) -> list[Record]:
    """One to eight records with any text in them."""
    text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    made: list[Record] = []
    mac = GENESIS
    for seq in range(1, draw(st.integers(2, 8))):
        investigation, kind, body = draw(text), draw(text), draw(text)
        question, once = draw(st.none() | text), draw(st.none() | text)
        digest = digest_of(KEY, body)
        mac = seal(KEY, mac, seq, f"t{seq}", investigation, question, kind, once, digest)
        made.append(Record(seq, f"t{seq}", investigation, question, kind, once, body, digest, key_id(KEY), mac))
    return made


def whole(records: list[Record], head: Record) -> bool:
    return verify(Keyring(KEY), records, [Head(head.seq, head.mac, head.at)]).whole


@given(chains())
def test_a_chain_as_it_was_written_is_whole(records: list[Record]) -> None:
    assert whole(records, records[-1])


@given(chains(), st.data())
def test_no_field_of_any_record_can_be_altered(records: list[Record], data: st.DataObject) -> None:
    at, name = data.draw(st.integers(0, len(records) - 1)), data.draw(st.sampled_from(NAMES))
    old: Any = getattr(records[at], name)
    new: Any = data.draw(st.integers(-3, 20) if name == "seq" else st.text(st.characters(exclude_categories=["Cs"])))
    altered = [*records]
    altered[at] = replace(records[at], **{name: new})
    assert whole(altered, records[-1]) == (new == old)


@given(chains(), st.data())
def test_no_field_can_be_emptied(records: list[Record], data: st.DataObject) -> None:
    at, name = data.draw(st.integers(0, len(records) - 1)), data.draw(st.sampled_from(["question", "once", "body"]))
    emptied = [*records]
    emptied[at] = replace(records[at], **{name: None})
    assert whole(emptied, records[-1]) == (emptied == records)


@given(chains(), st.data())
def test_no_record_can_be_removed_or_doubled(records: list[Record], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(records) - 1))
    assert not whole([*records[:at], *records[at + 1 :]], records[-1])
    assert not whole([*records[: at + 1], *records[at:]], records[-1])


@given(chains(), st.data())
def test_no_text_can_move_from_one_field_to_the_next(records: list[Record], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(records) - 1))
    one = records[at]
    moved = replace(one, investigation=one.investigation + one.kind, kind="")
    assert whole([*records[:at], moved, *records[at + 1 :]], records[-1]) == (moved == one)
