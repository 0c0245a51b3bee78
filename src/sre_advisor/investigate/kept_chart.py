"""A chart as the journal keeps it, so that a process that takes over can still draw it: no more than is drawn."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from sre_advisor.investigate.chart import Chart, Mark, MarkKind, Panel

POINTS = 250
"""Samples kept of a signal: a picture of 1,000 pixels shows no more; of a stretch the first, lowest and highest."""
DIGITS = 6
"""Figures of a kept value that count: beyond what an axis shows."""


class _KeptPanel(BaseModel):
    model_config = ConfigDict(extra="ignore", ser_json_inf_nan="null")

    title: str
    told: str
    unit: str | None
    usual: float
    times: list[float]
    values: list[float]


class _KeptMark(BaseModel):
    kind: MarkKind
    at: datetime
    label: str


class _Kept(BaseModel):
    title: str
    start: datetime
    end: datetime
    panels: list[_KeptPanel]
    marks: list[_KeptMark]
    alt: str


def record_of(chart: Chart) -> dict[str, JsonValue]:
    """The chart as JSON, thinned to POINTS samples a signal."""
    panels = [_kept_panel(panel) for panel in chart.panels]
    marks = [_KeptMark(kind=mark.kind, at=mark.at, label=mark.label) for mark in chart.marks]
    whole = _Kept(title=chart.title, start=chart.start, end=chart.end, panels=panels, marks=marks, alt=chart.alt)
    return whole.model_dump(mode="json")


def chart_from(value: dict[str, JsonValue]) -> Chart | None:
    """The chart again; None when a later version kept it in a way not known here."""
    try:
        found = _Kept.model_validate(value)
    except ValidationError:
        return None
    if not found.panels or any(len(p.times) != len(p.values) or len(p.times) < 2 for p in found.panels):
        return None
    panels = (
        Panel(p.title, p.told, p.unit, p.usual, np.array(p.times), np.array(p.values)) for p in found.panels
    )  # fmt: skip
    marks = tuple(Mark(m.kind, m.at, m.label) for m in found.marks)
    return Chart(found.title, found.start, found.end, tuple(panels), marks, found.alt)


def _kept_panel(panel: Panel) -> _KeptPanel:
    chosen = _thinned(panel.values)
    times: list[Any] = [round(float(t), 1) for t in panel.times[chosen]]
    values: list[Any] = [float(f"{v:.{DIGITS}g}") for v in panel.values[chosen]]
    return _KeptPanel(
        title=panel.title, told=panel.told, unit=panel.unit, usual=panel.usual, times=times, values=values
    )


def _thinned(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> list[int]:
    """Indices of the samples kept: of each stretch its first, its lowest and its highest, so that no spike is lost."""
    if values.size <= POINTS:
        return list(range(values.size))
    found = {values.size - 1}
    for stretch in np.array_split(np.arange(values.size), POINTS // 3 - 1):
        found |= {int(stretch[0]), int(stretch[np.argmin(values[stretch])]), int(stretch[np.argmax(values[stretch])])}
    return sorted(found)
