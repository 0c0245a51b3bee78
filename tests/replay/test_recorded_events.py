"""A recording's changes and logs are found by time, service and words, and shown bounded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue, ValidationError

from sre_advisor.connectors.contract import BadRequest, Connector, NoData, Reading, Role
from sre_advisor.model import Change, LogLine
from sre_advisor.replay.events import RecordedLogs, recorded_events
from sre_advisor.replay.templates import grouped, template_of
from sre_advisor.replay.world import World, load_world
from tests.replay.small_world import NOW, SERVICES, write_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    write_world(tmp_path)
    (tmp_path / "services.yaml").write_text(SERVICES)
    return load_world(tmp_path)


async def ask(connector: Connector, **arguments: Any) -> Reading:
    (tool,) = connector.tools()
    return await tool.run(tool.args.model_validate(arguments), NOW)


def part(body: JsonValue, key: str) -> list[Any]:
    assert isinstance(body, dict)
    found = body[key]
    assert isinstance(found, list)
    return found


def ids(reading: Reading) -> list[str]:
    return [noun.id for noun in reading.nouns if isinstance(noun, Change)]


async def test_changes_come_newest_first_and_as_nouns_with_their_whole_diff(world: World) -> None:
    changes, _ = recorded_events(world)
    (tool,) = changes.tools()
    assert (tool.name, tool.role) == ("changes_list", Role.CHANGES)
    reading = await ask(changes, start="2026-01-05T11:00:00Z", end="2026-01-05T12:00:00Z")
    assert ids(reading) == ["d2", "d1", "c1"]
    commit = reading.nouns[-1]
    assert isinstance(commit, Change)
    assert commit.diff is not None
    assert commit.diff.endswith("x" * 900)
    assert isinstance(reading.body, list)
    shown = json.dumps(reading.body[-1])
    assert "+size: 4" in shown
    assert "more characters" in shown
    assert reading.window is not None
    assert reading.window.end == NOW


async def test_changes_of_a_service_are_its_own_those_in_its_paths_and_what_its_deploys_shipped(world: World) -> None:
    changes, _ = recorded_events(world)
    assert ids(await ask(changes, service="DATABASE")) == ["d1", "c1"]
    assert ids(await ask(changes, service="web")) == ["d2"]


async def test_without_a_catalogue_a_commit_belongs_to_the_service_that_deployed_it(tmp_path: Path) -> None:
    changes, _ = recorded_events(load_world(write_world(tmp_path)))
    assert ids(await ask(changes, service="db")) == ["d1", "c1"]


async def test_one_change_is_shown_whole_by_its_id(world: World) -> None:
    changes, _ = recorded_events(world)
    reading = await ask(changes, id="c1")
    assert ids(reading) == ["d1", "c1"]
    assert "x" * 900 in json.dumps(reading.body)


async def test_changes_left_out_are_counted(world: World) -> None:
    changes, _ = recorded_events(world)
    reading = await ask(changes, limit=1)
    assert ids(reading) == ["d2"]
    assert reading.truncated is not None
    assert reading.truncated.startswith("2 older changes left out")


async def test_no_changes_is_no_data_and_never_health(world: World, tmp_path: Path) -> None:
    changes, _ = recorded_events(world)
    with pytest.raises(NoData, match="no changes recorded of nobody"):
        await ask(changes, service="nobody")
    bare, _ = recorded_events(load_world(write_world(tmp_path / "bare", changes=[])))
    with pytest.raises(NoData, match="does not mean that there was none"):
        await ask(bare)


async def test_nothing_after_now_is_listed_whatever_is_asked(world: World) -> None:
    changes, logs = recorded_events(world)
    assert "d3" not in ids(await ask(changes, end="2027-01-01T00:00:00Z"))
    reading = await ask(logs, end="2027-01-01T00:00:00Z")
    assert "future" not in json.dumps(reading.body)


@pytest.mark.parametrize(
    "span",
    [
        {"start": "2026-01-05T11:30:00Z", "end": "2026-01-05T11:00:00Z"},
        {"start": "2027-01-01T00:00:00Z"},
        {"end": "0001-01-01T00:00:00+14:00"},
        {"start": "0001-01-01T00:00:00+14:00"},
    ],
)
async def test_a_span_that_cannot_be_is_refused_with_the_time_it_is(world: World, span: dict[str, str]) -> None:
    for connector in recorded_events(world):
        with pytest.raises(BadRequest, match="2026-01-05T12:00:00Z"):
            await ask(connector, **span)


async def test_times_without_an_offset_are_refused(world: World) -> None:
    for connector in recorded_events(world):
        with pytest.raises(ValidationError):
            await ask(connector, start="2026-01-05T11:00:00")


async def test_log_lines_that_differ_in_numbers_are_one_template_worst_first(world: World) -> None:
    _, logs = recorded_events(world)
    (tool,) = logs.tools()
    assert (tool.name, tool.role) == ("logs_search", Role.LOGS)
    reading = await ask(logs)
    first, second = part(reading.body, "templates")
    assert first["template"] == "no connection after <n> ms"
    assert (first["count"], first["first"], first["last"]) == (3, "2026-01-05T11:51:00Z", "2026-01-05T11:53:00Z")
    assert (first["oldest"], first["newest"]) == ("no connection after 1 ms", "no connection after 3 ms")
    assert (second["template"], "oldest" in second) == ("hello", False)
    assert next(line["message"] for line in part(reading.body, "newest")) == "no connection after 3 ms"
    assert len([noun for noun in reading.nouns if isinstance(noun, LogLine)]) == 4


async def test_logs_are_found_by_service_level_and_words(world: World) -> None:
    _, logs = recorded_events(world)
    assert len((await ask(logs, service="database", level="error", text="AFTER 2")).nouns) == 1
    with pytest.raises(NoData, match="no matching log lines of web"):
        await ask(logs, service="web", level="ERROR")


async def test_newest_lines_and_long_messages_are_bounded(tmp_path: Path) -> None:
    write_world(tmp_path)
    lines = [
        {"at": "2026-01-05T11:50:00Z", "service": None, "level": None, "message": chr(97 + n) * 5_000}
        for n in range(26)
    ]
    (tmp_path / "logs.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    _, logs = recorded_events(load_world(tmp_path))
    reading = await ask(logs, limit=3)
    assert len(part(reading.body, "newest")) == 3
    assert reading.truncated == "6 rarer templates left out; narrow by service, level or text"
    assert len(json.dumps(reading.body)) < 30_000


async def test_logs_that_were_not_recorded_are_said_to_be_unknown(tmp_path: Path) -> None:
    world = load_world(write_world(tmp_path, logs=None))
    assert world.logs is None
    assert [connector.name for connector in recorded_events(world)] == ["changes"]
    with pytest.raises(NoData, match="not recorded"):
        await ask(RecordedLogs(world))


async def test_pings_of_events_name_the_recording(world: World) -> None:
    for connector in recorded_events(world):
        health = await connector.ping()
        assert (health.connector, health.state) == (connector.name, "ok")
        await connector.close()


def test_ids_addresses_and_numbers_are_taken_out_of_a_template() -> None:
    message = "GET 10.0.0.1 took 2.5 ms id=123e4567-e89b-42d3-a456-426614174000 sha=deadbeef12 size=facade"
    assert template_of(message) == "GET <ip> took <n> ms id=<id> sha=<id> size=facade"


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.text(max_size=30)), max_size=30))
def test_grouping_loses_no_line(lines: list[tuple[str | None, str]]) -> None:
    groups = grouped(LogLine(NOW, service, "INFO", message) for service, message in lines)
    assert sum(group.count for group in groups) == len(lines)
    assert len({(group.service, group.text) for group in groups}) == len(groups)
