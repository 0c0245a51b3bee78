"""A chart as a PNG, legible on a phone and on light and dark pages; matplotlib is loaded when one is drawn."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from sre_advisor.advisors.words import figure
from sre_advisor.investigate.chart import Chart, Mark, Panel

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, DPI = 10.0, 100
"""Inches and dots an inch: 1,000 pixels, which Slack scales to a phone's width without blurring."""
HEAD, LEGEND_LINE, PANEL, FOOT = 0.75, 0.42, 1.75, 0.3
"""Heights in inches of the title, of each mark's line, of each panel, and of the time axis."""
LEFT, RIGHT = 0.115, 0.975
EDGE = 0.015
"""Share of the time axis at its end where no label fits."""
PAPER, INK, FAINT, GRID, LINE = "#f5f4f0", "#1d1f23", "#6a6d73", "#d9d7d0", "#2f6f5e"
"""A card of its own colour stands on both of Slack's themes; transparent ink would vanish on one of them."""
MARKS = {"onset": ("#b3261e", "--", "●"), "alert": ("#9a5b00", ":", "▲"), "change": ("#2456a6", "-", "◆")}
"""Colour, line and sign of each kind of mark: told apart without colour, too."""
TITLE_SIZE, TEXT_SIZE, TICK_SIZE = 22, 19, 16


def load() -> None:
    """Import what draws, and let it find its fonts; blocking, up to a second."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    sheet = Figure(figsize=(1, 1), dpi=20)
    FigureCanvasAgg(sheet)
    _text(sheet, 0.5, 0.5, "A", size=TEXT_SIZE)
    sheet.savefig(BytesIO(), format="png")


def draw(chart: Chart) -> bytes:
    """The chart as a PNG of 1,000 pixels width; blocking (up to a second the first time), so run it in a thread."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    height = HEAD + LEGEND_LINE * len(chart.marks) + PANEL * len(chart.panels) + FOOT
    sheet = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor=PAPER)
    FigureCanvasAgg(sheet)
    _write_head(sheet, chart, height)
    top = height - HEAD - LEGEND_LINE * len(chart.marks)
    for index, panel in enumerate(chart.panels):
        bottom = top - PANEL * (index + 1) + 0.28
        axes = sheet.add_axes((LEFT, bottom / height, RIGHT - LEFT, (PANEL - 0.72) / height))
        _draw_panel(axes, panel, chart, last=index == len(chart.panels) - 1)
    out = BytesIO()
    sheet.savefig(out, format="png", facecolor=PAPER, metadata={"Software": None})
    return out.getvalue()


def _write_head(sheet: Figure, chart: Chart, height: float) -> None:
    _text(sheet, 0.025, 1 - 0.18 / height, chart.title, size=TITLE_SIZE, color=INK, weight="bold", va="top")
    for index, mark in enumerate(chart.marks):
        color, _, sign = MARKS[mark.kind]
        y = 1 - (HEAD + LEGEND_LINE * index) / height
        _text(sheet, 0.03, y, sign, size=TEXT_SIZE, color=color, va="top")
        _text(sheet, 0.075, y, mark.label, size=TEXT_SIZE, color=color, va="top")


def _draw_panel(axes: Axes, panel: Panel, chart: Chart, *, last: bool) -> None:
    import numpy as np

    start, end = chart.start.timestamp(), chart.end.timestamp()
    axes.set_facecolor(PAPER)
    axes.plot(panel.times, panel.values, color=LINE, linewidth=3, solid_capstyle="round", zorder=3)
    axes.axhline(panel.usual, color=FAINT, linewidth=1.2, linestyle=(0, (1, 3)), zorder=2)
    axes.set_xlim(start, end + 0.01 * (end - start))
    low, high = min(float(np.min(panel.values)), panel.usual), max(float(np.max(panel.values)), panel.usual)
    low = 0.0 if 0 <= low < 0.5 * high else low
    room = 0.14 * max(high - low, 1e-9, 1e-6 * abs(high))
    axes.set_ylim(low - (room if low else 0.0), high + room)
    for index, mark in enumerate(chart.marks):
        _draw_mark(axes, mark, height=1.0 - 0.16 * index)
    axes.set_yticks([low, high], [figure(low, panel.unit), figure(high, panel.unit)])
    ticks = _ticks(start, end)
    # A time at the very end would stand half outside of the picture.
    told = [t <= end - EDGE * (end - start) for t in ticks]
    axes.set_xticks(ticks, [_hour(t) if last and fits else "" for t, fits in zip(ticks, told, strict=True)])
    axes.tick_params(labelsize=TICK_SIZE, colors=FAINT, length=0, pad=6)
    axes.tick_params(axis="x", pad=12)
    axes.grid(axis="both", color=GRID, linewidth=1, zorder=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.set_title(panel.title, loc="left", fontsize=TEXT_SIZE, color=INK, pad=7, parse_math=False)
    axes.set_title(panel.told, loc="right", fontsize=TEXT_SIZE, color=INK, weight="bold", pad=7, parse_math=False)


def _draw_mark(axes: Axes, mark: Mark, height: float) -> None:
    """A line with its sign at a height of its own, so that marks of one moment do not hide each other."""
    color, style, sign = MARKS[mark.kind]
    at = mark.at.timestamp()
    axes.axvline(at, color=color, linewidth=2.4, linestyle=style, zorder=4)
    place = axes.get_xaxis_transform()
    axes.text(at, height, sign, transform=place, color=color, fontsize=15, ha="center", va="center", zorder=5)


def _text(sheet: Figure, x: float, y: float, words: str, **look: Any) -> None:
    # Names come from outside: a "$" in one is no formula.
    sheet.text(x, y, words, parse_math=False, **look)


def _ticks(start: float, end: float) -> list[float]:
    """Three to six round times between `start` and `end` (unix seconds)."""
    steps = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800)
    step = next((s for s in steps if (end - start) / s <= 6), steps[-1])
    first = -(-int(start) // step) * step
    return [float(t) for t in range(first, int(end) + 1, step)]


def _hour(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%H:%M}"
