"""A recording is read whole, or refused with one clear line."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sre_advisor.model import SignalKind
from sre_advisor.replay import folder as folder_module
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.kinds import kind_of, unit_of
from sre_advisor.replay.world import CASE_LIMIT, World, load_world
from tests.replay.small_world import NOW, SERVICES, case, write_world


def broken(folder: Path) -> str:
    """The one line a broken recording gets."""
    with pytest.raises(BrokenRecording) as caught:
        load_world(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert len(text) < 500
    return text


def test_a_case_without_catalogue_takes_its_metric_names_as_signals(tmp_path: Path) -> None:
    world = load_world(write_world(tmp_path))
    assert (world.id, world.question, world.now, world.step_s) == ("small", None, NOW, 60)
    assert {(s.service, s.name, s.kind, s.unit) for s in world.series} == {
        ("web", "latency_p99_ms", SignalKind.LATENCY, "milliseconds"),
        ("db", "latency_p99_ms", SignalKind.LATENCY, "milliseconds"),
        ("db", "cpu_pct", SignalKind.CPU, "percent"),
    }
    assert [s.name for s in world.catalogue.services] == ["db", "web"]
    assert world.catalogue.graph == (("web", "db"),)
    assert (world.docs, world.bundle) == (None, None)


def test_nothing_after_now_is_in_a_world(tmp_path: Path) -> None:
    world = load_world(write_world(tmp_path))
    assert all(s.times[-1] == NOW.timestamp() for s in world.series)
    assert [a.name for a in world.alerts] == ["Slow"]
    assert [c.id for c in world.changes] == ["c1", "d1", "d2"]
    assert world.logs is not None
    assert next(line.message for line in world.logs) == "hello"
    assert max(line.at for line in world.logs) <= NOW


def test_services_yaml_is_the_catalogue_and_says_which_signal_a_metric_is(tmp_path: Path) -> None:
    write_world(tmp_path, format_version=1, question="why?")
    (tmp_path / "services.yaml").write_text(SERVICES)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A")
    world = load_world(tmp_path)
    assert world.question == "why?"
    assert {s.kind for s in world.series if s.name == "cpu_pct"} == {SignalKind.SATURATION}
    found = world.catalogue.find("DATABASE")
    assert found is not None
    assert found.name == "db"
    assert world.docs == tmp_path.resolve() / "docs"


def test_rows_may_be_unsorted_and_the_last_of_equal_times_wins(tmp_path: Path) -> None:
    write_world(tmp_path)
    at = int(NOW.timestamp())
    rows = [f"{at},a,m,1", f"{at - 120},a,m,2", f"{at},a,m,3", f"{at - 60},a,m,4"]
    (tmp_path / "metrics.csv").write_text("timestamp,service,metric,value\n" + "\n".join(rows))
    (series,) = load_world(tmp_path).series
    assert series.times.tolist() == [at - 120, at - 60, at]
    assert series.values.tolist() == [2, 4, 3]


def test_times_with_another_offset_are_read_as_utc(tmp_path: Path) -> None:
    assert load_world(write_world(tmp_path, now="2026-01-05T14:00:00+02:00")).now == NOW


def test_a_public_case_may_hold_fields_nobody_knows_but_an_own_one_may_not(tmp_path: Path) -> None:
    assert load_world(write_world(tmp_path / "public", mood="fine")).id == "small"
    assert "case.json, field mood" in broken(write_world(tmp_path / "own", mood="fine", format_version=1))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": ...}, "field id: field required"),
        ({"now": ...}, "field now: field required"),
        ({"now": "yesterday"}, "field now"),
        ({"now": "2026-01-05T12:00:00"}, "field now"),
        ({"now": 1767614400}, "field now"),
        ({"now": "0001-01-01T00:00:00+14:00"}, "field now"),
        ({"step_s": "60"}, "field step_s"),
        ({"step_s": 0}, "field step_s"),
        ({"alerts": {}}, "field alerts"),
        ({"alerts": [{"name": "A", "started_at": "25:00"}]}, "field alerts.0.started_at"),
        ({"alerts": [{"name": "A", "started_at": "2026-01-05T11:00:00Z", "labels": {"a": 1}}]}, "alerts.0.labels.a"),
        ({"changes": [{"id": "x", "kind": "magic", "at": "2026-01-05T11:00:00Z", "summary": ""}]}, "changes.0.kind"),
        ({"graph": [["a"]]}, "field graph.0"),
        ({"format_version": 2}, "field format_version: is not a version this program reads (it reads 1)"),
        ({"format_version": "1"}, "field format_version"),
        ({"format_version": True}, "field format_version"),
        ({"logs": "../../x"}, "leads out of the recording's folder"),
        ({"logs": "/etc/hostname"}, "leads out of the recording's folder"),
        ({"logs": "."}, "leads out of the recording's folder"),
        ({"logs": "a\0b"}, "not a usable file name"),
        ({"logs": "x" * 400}, ": "),
        ({"logs": "none.jsonl"}, "none.jsonl: is missing"),
    ],
)
def test_a_wrong_case_is_named_by_its_field(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    assert said in broken(write_world(tmp_path, **changed))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "case.json: is not valid JSON"),
        (b"{", "case.json: is not valid JSON"),
        (b"[]", "case.json: does not hold one JSON object"),
        (b'{"id": "\xff"}', "case.json: is not valid JSON"),
        (b"[" * 100_000, "case.json: is not valid JSON"),
        (b'{"step_s": NaN}', "case.json: is not valid JSON"),
    ],
)
def test_a_case_that_is_no_json_object_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    write_world(tmp_path)
    (tmp_path / "case.json").write_bytes(content)
    assert said in broken(tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "metrics.csv, line 1: is not the header; begin with timestamp,service,metric,value"),
        (b"time,service,metric,value\n", "line 1: is not the header"),
        (b"timestamp,service,metric,value\n", "holds no samples"),
        (b"timestamp,service,metric,value\n1767700000,a,b,1\n", "no sample at or before the recording's now"),
        (b"timestamp,service,metric,value\n1,a,b,1\n1,a,b\n", "line 3: has 3 fields instead of 4"),
        (b"timestamp,service,metric,value\n1,a,b,1,2\n", "line 2: has 5 fields instead of 4"),
        (b"timestamp,service,metric,value\n1,a,b,NaN\n", "line 2: value is not a finite number"),
        (b"timestamp,service,metric,value\n1,a,b,inf\n", "line 2: value is not a finite number"),
        (b"timestamp,service,metric,value\n1,a,b,\n", "line 2: value is not a finite number"),
        (b"timestamp,service,metric,value\nnow,a,b,1\n", "line 2: timestamp is not a time in unix seconds"),
        (b"timestamp,service,metric,value\n1767614400000,a,b,1\n", "line 2: timestamp is not a time"),
        (b"timestamp,service,metric,value\n-5,a,b,1\n", "line 2: timestamp is not a time"),
        (b"timestamp,service,metric,value\n1,,b,1\n", "line 2: names no service or no metric"),
        (b'timestamp,service,metric,value\n1,"a,b,1\n', "is not CSV"),
        (b"timestamp,service,metric,value\n1,a,b,1\n1,\xff,b,1\n", "line 3: is not UTF-8 text"),
    ],
)
def test_a_wrong_row_of_metrics_is_named_by_its_line(tmp_path: Path, content: bytes, said: str) -> None:
    write_world(tmp_path)
    (tmp_path / "metrics.csv").write_bytes(content)
    assert said in broken(tmp_path)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: is not valid JSON"),
        ('{"at": "2026-01-05T11:00:00", "message": "x"}', "line 2, field at"),
        ('{"at": "2026-01-05T11:00:00Z"}', "line 2, field message: field required"),
        ('{"at": "2026-01-05T11:00:00Z", "message": 5}', "line 2, field message"),
        ("[]", "line 2"),
    ],
)
def test_a_wrong_log_line_is_named_by_its_number(tmp_path: Path, line: str, said: str) -> None:
    write_world(tmp_path)
    (tmp_path / "logs.jsonl").write_text('{"at": "2026-01-05T11:00:00Z", "message": "fine"}\n' + line + "\n")
    text = broken(tmp_path)
    assert "logs.jsonl" in text
    assert said in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("services: [", "services.yaml, line 2: is not valid YAML"),
        ("", "services.yaml"),
        ("services: [{name: a, colour: red}]", "field services.0.colour"),
        ("services: [{name: a}, {name: a}]", "field services.1: is described twice"),
        ("services: []\nsignals: [{metric: m, kind: mood}]", "field signals.0.kind"),
        ("services: !!python/object:os.system {}", "is not valid YAML"),
        ("services: 2026-99-99", "services.yaml"),
        ("services: " + "[" * 5_000, "is not valid YAML"),
    ],
)
def test_a_wrong_catalogue_is_refused(tmp_path: Path, content: str, said: str) -> None:
    write_world(tmp_path)
    (tmp_path / "services.yaml").write_text(content + "\n")
    assert said in broken(tmp_path)


def test_a_missing_folder_or_file_is_said(tmp_path: Path) -> None:
    assert "nowhere: there is no such folder or archive" in broken(tmp_path / "nowhere")
    assert "gone.tar.gz: there is no such folder or archive" in broken(tmp_path / "gone.tar.gz")
    assert "case.json: is missing" in broken(tmp_path)
    write_world(tmp_path)
    (tmp_path / "metrics.csv").unlink()
    assert "metrics.csv: is missing" in broken(tmp_path)


@pytest.mark.parametrize("name", ["case.json", "metrics.csv", "logs.jsonl", "services.yaml", "docs", "repo.bundle"])
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path, name: str) -> None:
    outside = write_world(tmp_path / "outside")
    (outside / "docs").mkdir()
    (outside / "services.yaml").write_text(SERVICES)
    (outside / "repo.bundle").write_text("x")
    world = write_world(tmp_path / "world")
    (world / name).unlink(missing_ok=True)
    (world / name).symlink_to(outside / name)
    assert f"{name}: leads out of the recording's folder" in broken(world)


def test_a_link_inside_docs_that_leads_out_is_refused(tmp_path: Path) -> None:
    world = write_world(tmp_path / "world")
    (tmp_path / "secret.md").write_text("# secret")
    (world / "docs" / "deep").mkdir(parents=True)
    (world / "docs" / "deep" / "a.md").symlink_to(tmp_path / "secret.md")
    assert "docs/deep/a.md: leads out" in broken(world)


def test_a_file_that_is_too_large_is_refused_unread(tmp_path: Path) -> None:
    write_world(tmp_path)
    with (tmp_path / "case.json").open("wb") as stream:
        stream.truncate(CASE_LIMIT + 1)
    assert "case.json: is larger than 16 MB" in broken(tmp_path)


def test_a_pipe_in_place_of_a_file_does_not_block(tmp_path: Path) -> None:
    write_world(tmp_path)
    (tmp_path / "metrics.csv").unlink()
    os.mkfifo(tmp_path / "metrics.csv")
    assert "metrics.csv: is not a regular file" in broken(tmp_path)


def test_docs_with_endless_files_are_refused(tmp_path: Path) -> None:
    docs = write_world(tmp_path) / "docs"
    docs.mkdir()
    for number in range(folder_module.DOCS_ENTRIES + 1):
        (docs / f"{number}").touch()
    assert "docs: holds more than 5,000 files" in broken(tmp_path)


def test_an_error_never_repeats_what_the_recording_held(tmp_path: Path) -> None:
    secret = "hunter2" * 3
    assert secret not in broken(write_world(tmp_path, step_s=secret))


@pytest.mark.parametrize(
    ("metric", "kind", "unit"),
    [
        ("error_latency_seconds", SignalKind.ERRORS, "seconds"),
        ("http_request_duration_p99_ms", SignalKind.LATENCY, "milliseconds"),
        ("time_to_answer_p95_s", SignalKind.LATENCY, "seconds"),
        ("page_size_p95_bytes", SignalKind.OTHER, "bytes"),
        ("availability_avg", SignalKind.AVAILABILITY, None),
        ("memory_limit_ratio", SignalKind.MEMORY, "ratio"),
        ("terrors", SignalKind.OTHER, None),
    ],
)
def test_a_metric_is_what_its_name_says_in_plain_words(metric: str, kind: SignalKind, unit: str | None) -> None:
    assert (kind_of(metric), unit_of(metric)) == (kind, unit)


def _load(files: dict[str, bytes]) -> None:
    """Anything but a world or BrokenRecording escapes and fails the test."""
    with tempfile.TemporaryDirectory() as scratch:
        write_world(Path(scratch))
        for name, content in files.items():
            Path(scratch, name).write_bytes(content)
        try:
            world = load_world(Path(scratch))
        except BrokenRecording as error:
            text = str(error)
        else:
            text = ""
            assert isinstance(world, World)
            assert world.series
        assert "\n" not in text


_cell = st.one_of(st.text(max_size=8), st.floats().map(str), st.integers().map(str), st.sampled_from(["", '"', "a"]))
_rows = st.lists(st.lists(_cell, max_size=5).map(",".join), max_size=8).map("\n".join)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=200),
        _rows.map(lambda rows: f"timestamp,service,metric,value\n{rows}".encode("utf-8", "replace")),
    )
)
def test_any_metrics_file_gives_a_world_or_one_clear_error(content: bytes) -> None:
    _load({"metrics.csv": content})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted([*case(), "format_version", "question"])), _json)
def test_any_value_in_any_field_gives_a_world_or_one_clear_error(field: str, value: object) -> None:
    _load({"case.json": json.dumps(case(**{field: value})).encode("utf-8", "replace")})


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=200), _json.map(lambda value: json.dumps(value).encode("utf-8", "replace"))))
def test_any_bytes_in_the_other_files_give_a_world_or_one_clear_error(content: bytes) -> None:
    _load({"case.json": content})
    _load({"logs.jsonl": content})
    _load({"services.yaml": content})


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2_000), st.floats(-1e9, 1e9)), min_size=1, max_size=60))
def test_columns_hold_the_last_value_of_each_time_in_order(rows: list[tuple[int, float]]) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        write_world(Path(scratch))
        text = "timestamp,service,metric,value\n" + "".join(f"{at},a,m,{value!r}\n" for at, value in rows)
        Path(scratch, "metrics.csv").write_text(text)
        (series,) = load_world(Path(scratch)).series
        assert list(zip(series.times.tolist(), series.values.tolist(), strict=True)) == sorted(dict(rows).items())
