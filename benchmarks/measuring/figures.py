"""Several runs as one figure with its spread, beside what is aimed at and what others took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

SECONDS = ("s", "CPU s")


@dataclass(frozen=True)
class Figure:
    """A measured quantity; `aim` is the most it should be, `peer` what HolmesGPT 0.45 took on a comparable machine."""

    name: str
    unit: str
    runs: tuple[float, ...]
    aim: float | None = None
    peer: float | None = None

    @property
    def median(self) -> float:
        """The middle of the runs."""
        return median(self.runs)

    def as_json(self) -> dict[str, Any]:
        """For --json."""
        return asdict(self) | {"median": self.median, "least": min(self.runs), "most": max(self.runs)}


def table(figures: Sequence[Figure], calibration_s: float) -> str:
    """The figures as aligned text; seconds are also given in calibrations."""
    rows: list[tuple[str, ...]] = [("", "median", "least", "most", "aim", "", "peer", "/calib.")]
    for each in figures:
        met = "" if each.aim is None else ("met" if each.median <= each.aim else "MISSED")
        ratio = f"{each.median / calibration_s:.2f}" if each.unit in SECONDS else ""
        numbers = [_plain(n, each.unit) for n in (each.median, min(each.runs), max(each.runs), each.aim)]
        rows.append((f"{each.name}, {each.unit}", *numbers, met, _plain(each.peer, each.unit), ratio))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        word.ljust(w) if n == 0 else word.rjust(w) for n, (word, w) in enumerate(zip(row, widths, strict=True))
    )
    return "  ".join([first, *rest]).rstrip()


def _plain(number: float | None, unit: str) -> str:
    if number is None:
        return ""
    return f"{number:.2f}" if unit in SECONDS else f"{number:,.0f}"
