"""The policy file: what it may say, what is wrong with it in one line, and following its edits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.broker.policy import (
    Asker,
    Place,
    Policy,
    PolicyBroken,
    PolicyKeeper,
    Refused,
    may_ask,
    policy_for,
    read_policy,
)
from sre_advisor.broker.policy.reading import parse_policy
from sre_advisor.journal.events import PolicyRead
from sre_advisor.packaged import config_dir

MEMBER = Asker("U0ADA", "T0HOME", guest=False, external=False, groups=frozenset())


def test_the_shipped_policy_lets_nobody_in_slack_ask() -> None:
    policy, digest = read_policy(config_dir() / "policy.yaml")
    assert len(digest) == 64
    assert isinstance(may_ask(policy, MEMBER, Place("C0ANY")), Refused)
    assert not isinstance(may_ask(policy, Asker(), Place(None)), Refused)


def test_the_policy_for_one_channel_lets_a_member_ask_there_and_only_there() -> None:
    policy = parse_policy(policy_for("C0123ABCD", 'in "quotes": #1'), "test")
    assert policy.channels["C0123ABCD"].name == 'in "quotes": #1'
    assert not isinstance(may_ask(policy, MEMBER, Place("C0123ABCD")), Refused)
    assert isinstance(may_ask(policy, MEMBER, Place("C0123ABCE")), Refused)
    guest = Asker("U0ADA", "T0HOME", guest=True, external=False, groups=frozenset())
    assert isinstance(may_ask(policy, guest, Place("C0123ABCD")), Refused)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_or_id_adds_anything_to_the_policy_that_is_written(channel: str, name: str) -> None:
    try:
        text = policy_for(channel, name)
    except ValueError:
        return
    policy = parse_policy(text, "test")
    assert set(policy.channels) == {channel}
    assert policy.model_copy(update={"channels": {}}) == parse_policy(policy_for("C0A1", ""), "t").model_copy(
        update={"channels": {}}
    )


@pytest.mark.parametrize("channel", ["incidents", "#incidents", "D0ABC", "c0abc", "", "C0A: {}\n  C0B"])
def test_what_is_no_channel_id_is_refused(channel: str) -> None:
    with pytest.raises(ValueError, match="is no channel's id"):
        policy_for(channel, "x")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who: {alle: true}", "who.alle: no such key"),
        ("who: {users: [ada]}", "who.users.0"),
        ("channels: {C0A: {services: ['check*']}}", "names are exact"),
        ("channels: {C0A: {services: ['.*']}}", "names are exact"),
        ("channels: {C0A: {services: {all: false}}}", "channels.C0A.services"),
        ("channels: {C0A: {services: all}}", "channels.C0A.services"),
        ("channels: {incidents: {}}", "channels"),
        ("channels: {D0A: {}}", "channels"),
        ("channels:\n  C0A: {}\n  C0A: {}", "'C0A' is given twice"),
        ("guests: [\n", "line"),
        ("- who", "the file"),
        ("version: 2", "version"),
        ("write_credentials: [{credential: X, reason: no}]", "reason"),
        ("a: &a [*a, *a]", ""),
        ("!!python/object/apply:os.system ['true']", "line 1"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_with_its_place(text: str, words: str) -> None:
    with pytest.raises(PolicyBroken, match=r"^policy\.yaml:") as broken:
        parse_policy(text, "policy.yaml")
    assert words in str(broken.value)
    assert "\n" not in str(broken.value)


def test_a_missing_file_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(PolicyBroken, match="`sre-advisor init` writes one"):
        read_policy(tmp_path / "none.yaml")


def test_an_empty_file_allows_nothing_in_slack() -> None:
    assert parse_policy("", "x") == Policy()


class Notes:
    def __init__(self) -> None:
        self.events: list[PolicyRead] = []

    async def __call__(self, event: PolicyRead) -> None:
        self.events.append(event)


async def test_an_edit_is_followed_a_broken_one_keeps_the_last_good_and_each_is_on_record(tmp_path: Path) -> None:
    file, notes = tmp_path / "policy.yaml", Notes()
    file.write_text(policy_for("C0A", "a"))
    keeper = await PolicyKeeper.open(file, notes)
    assert set((await keeper.current()).channels) == {"C0A"}
    file.write_text(policy_for("C0BB", "b"))
    assert set((await keeper.current()).channels) == {"C0BB"}
    file.write_text("channels: [")
    for _ in range(3):
        assert set((await keeper.current()).channels) == {"C0BB"}
    assert "BROKEN EDIT" in keeper.line
    file.unlink()
    assert set((await keeper.current()).channels) == {"C0BB"}
    assert "no such file" in keeper.line
    file.write_text(policy_for("C0CCC", "c"))
    assert set((await keeper.current()).channels) == {"C0CCC"}
    assert "BROKEN" not in keeper.line
    assert [bool(e.problem) for e in notes.events] == [False, False, True, True, False]
    assert notes.events[2].digest == notes.events[1].digest


async def test_a_file_put_in_place_by_a_link_is_followed_too(tmp_path: Path) -> None:
    """As a mounted ConfigMap is updated: a link is swung to another folder."""
    link = tmp_path / "policy.yaml"
    for name in ("one", "two"):
        (tmp_path / name).write_text(policy_for(f"C0{name.upper()}", name))
        os.utime(tmp_path / name, (1_700_000_000, 1_700_000_000))
    link.symlink_to(tmp_path / "one")
    keeper = await PolicyKeeper.open(link, Notes())
    link.unlink()
    link.symlink_to(tmp_path / "two")
    assert set((await keeper.current()).channels) == {"C0TWO"}


async def test_a_broken_policy_at_start_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text("nobody: true")
    with pytest.raises(PolicyBroken, match="no such key"):
        await PolicyKeeper.open(file, Notes())
