"""`metrics.csv` into columns: one ascending pair of arrays for each service and metric."""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING

import numpy as np

from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.folder import text_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEADER = ["timestamp", "service", "metric", "value"]
_LATEST = 7_258_118_400.0
"""The year 2200 in unix seconds; milliseconds by mistake lie beyond it."""

Columns = Mapping[tuple[str, str], "tuple[NDArray[np.float64], NDArray[np.float64]]"]


def parse_metrics(name: str, data: bytes, until: float) -> Columns:
    """Times (unix seconds) and values by (service, metric), nothing after `until`; of equal times the last wins.

    Rows need no order and may have gaps. Raises BrokenRecording with the line of the first bad row, and when nothing
    at all was recorded.
    """
    reader = csv.reader(io.StringIO(text_of(name, data), newline=""), strict=True)
    cells: dict[tuple[str, str], tuple[array[float], array[float]]] = {}
    try:
        if next(reader, None) != HEADER:
            raise BrokenRecording(name, "line 1", "is not the header", f"begin with {','.join(HEADER)}")
        for row in reader:
            if not row:
                continue
            try:
                time_text, service, metric, value_text = row
                time, value = float(time_text), float(value_text)
            except ValueError:
                raise _bad_row(name, reader.line_num, row) from None
            if not (0 <= time <= _LATEST and isfinite(value) and service and metric):
                raise _bad_row(name, reader.line_num, row)
            cell = cells.get((service, metric))
            if cell is None:
                cell = cells[service, metric] = (array("d"), array("d"))
            cell[0].append(time)
            cell[1].append(value)
    except csv.Error as error:
        raise BrokenRecording(name, f"line {reader.line_num}", f"is not CSV ({error})", "correct the row") from None
    columns = {key: column for key, cell in cells.items() if len((column := _ascending(cell, until))[0])}
    if not columns:
        problem = "holds no sample at or before the recording's now" if cells else "holds no samples"
        raise BrokenRecording(name, "", problem, "record again with the series that matter")
    return columns


def _bad_row(name: str, line: int, row: list[str]) -> BrokenRecording:
    if len(row) != len(HEADER):
        problem = f"has {len(row)} fields instead of {len(HEADER)}"
    elif not row[1] or not row[2]:
        problem = "names no service or no metric"
    elif not _is_number(row[3]):
        problem = "value is not a finite number"
    else:
        problem = "timestamp is not a time in unix seconds"
    return BrokenRecording(name, f"line {line}", problem, "correct or drop the row")


def _is_number(text: str) -> bool:
    try:
        return isfinite(float(text))
    except ValueError:
        return False


def _ascending(
    cell: tuple[array[float], array[float]], until: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    times, values = np.array(cell[0], dtype=np.float64), np.array(cell[1], dtype=np.float64)
    if times.size > 1 and not bool(np.all(times[1:] > times[:-1])):
        order = np.argsort(times, kind="stable")
        times, values = times[order], values[order]
        last_of_equals = np.append(times[1:] != times[:-1], True)
        times, values = times[last_of_equals], values[last_of_equals]
    end = int(np.searchsorted(times, until, side="right"))
    times, values = times[:end], values[:end]
    times.flags.writeable = values.flags.writeable = False
    return times, values
