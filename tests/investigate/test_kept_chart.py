"""The chart outlives the process that took the first look, and is kept no larger than what is drawn of it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sre_advisor.app.assembly import assembled
from sre_advisor.broker.policy import policy_for
from sre_advisor.credentials import Credentials
from sre_advisor.investigate.answer import Answer
from sre_advisor.investigate.chart import Chart, Mark, Panel
from sre_advisor.investigate.drawing import draw
from sre_advisor.investigate.kept_chart import POINTS, chart_from, record_of
from sre_advisor.model import Evidence, FirstLook, Question
from sre_advisor.replay.world import load_world
from sre_advisor.settings import load_settings
from tests.e2e.worlds import NOW, small_world


@dataclass
class Thread:
    """Keeps what it is shown; `dies` is what a process does that ends while it shows a picture."""

    dies: bool = False
    charts: list[Chart] = field(default_factory=list[Chart])
    answers: list[Answer] = field(default_factory=list[Answer])

    async def first_look(self, question: Question, look: FirstLook, evidence: tuple[Evidence, ...]) -> None:
        del question, look, evidence

    async def chart(self, question: Question, chart: Chart) -> None:
        del question
        if self.dies:
            raise asyncio.CancelledError
        self.charts.append(chart)

    async def answer(self, answer: Answer) -> None:
        self.answers.append(answer)


async def answer_in(folder: Path, thread: Thread, question: Question) -> None:
    (folder / "policy.yaml").write_text(policy_for("C0123ABCD", "incidents"))
    settings = load_settings(
        None,
        {
            "database": {"url": f"sqlite:///{folder}/journal.db"},
            "log": {"level": "error"},
            "policy": {"file": str(folder / "policy.yaml")},
        },
    )
    async with assembled(settings, Credentials({}), load_world(small_world(folder / "world"))) as parts:
        await parts.investigator.answer(question, thread)


async def test_a_process_that_takes_over_shows_the_chart_that_the_dead_one_had_not(tmp_path: Path) -> None:
    question = Question("q1", "i1", "why is shop failing?", NOW, channel="C0123ABCD", thread_ts="1.0")
    with pytest.raises(asyncio.CancelledError):
        await answer_in(tmp_path, Thread(dies=True), question)
    later = Thread()
    await answer_in(tmp_path, later, question)
    (chart,) = later.charts
    assert len(later.answers) == 1
    assert "store" in chart.panels[0].title
    assert draw(chart).startswith(b"\x89PNG")


def chart_of(values: list[float]) -> Chart:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    times = start.timestamp() + np.arange(len(values), dtype=np.float64)
    panel = Panel("shop · errors", "0 % → 30 %", "%", 0.0, times, np.array(values))
    end = start + timedelta(seconds=len(values))
    return Chart("What moved", start, end, (panel,), (Mark("onset", start, "began"),), "a line chart")


@given(values=st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=3_000))
def test_a_kept_chart_is_small_and_loses_no_spike(values: list[float]) -> None:
    record = record_of(chart_of(values))
    again = chart_from(json.loads(json.dumps(record)))
    assert again is not None
    panel = again.panels[0]
    assert panel.times.size <= POINTS
    assert panel.values.max() == pytest.approx(max(values), rel=1e-5)
    assert panel.values.min() == pytest.approx(min(values), rel=1e-5)
    assert (panel.times[0], panel.values[0]) == pytest.approx((again.start.timestamp(), values[0]), rel=1e-5)
    assert again.marks == chart_of(values).marks


@pytest.mark.parametrize("record", [{}, {"title": "a"}, {**record_of(chart_of([1, 2])), "panels": []}])
def test_a_record_that_is_no_chart_is_no_chart(record: dict[str, object]) -> None:
    assert chart_from(record) is None  # type: ignore[arg-type]  # what a later version may have written
