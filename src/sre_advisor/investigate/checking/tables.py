"""Tables in plain text: with commas, tabs, bars, or columns held apart by spaces, under lines of heading or none."""

from __future__ import annotations

import csv
import re

from pydantic import JsonValue

from sre_advisor.investigate.checking.clock import moments

_HEAD = re.compile(r"\s*[\"']?[A-Za-z_](?:[\w .()/%-]|::){0,80}[\"']?\s*")
_TIME = re.compile(r"\s*(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d)?Z?\s*")
_RULE = " |-:\t+="
MOST_HEADING = 3
"""Lines that may stand above a table."""


def table(text: str) -> tuple[str, list[dict[str, JsonValue]]] | None:
    """(what stands above it, its lines by column); None for prose."""
    lines = [line.strip() for line in text.splitlines() if line.strip(_RULE)]
    for skipped in range(min(MOST_HEADING, max(len(lines) - 2, 0)) + 1):
        found = _cells(lines[skipped:])
        if found is not None:
            header, *rest = found
            return "\n".join(lines[:skipped]), [r for cells in rest for r in _records(header, cells)]
    return None


def _cells(lines: list[str]) -> list[list[str]] | None:
    if len(lines) < 2:
        return None
    for mark in ("\t", "|", ",", ";"):
        bare = [line.strip("|") for line in lines] if mark == "|" else lines
        widths = {line.count(mark) for line in bare[:1]} | {len(c) - 1 for c in csv.reader(bare, delimiter=mark)}
        if len(widths) == 1 and widths.pop() >= 1:
            found = [[cell.strip() for cell in cells] for cells in csv.reader(bare, delimiter=mark)]
            return found if _is_header(found[0]) else None
    spaced = [re.split(r"\s{2,}", line) for line in lines]
    same = len({len(cells) for cells in spaced}) == 1 and len(spaced[0]) >= 2
    titled = same and _is_header(spaced[0])
    return spaced if titled and any(re.search(r"\d", cell) for cell in spaced[1]) else None


def _is_header(cells: list[str]) -> bool:
    """Whether cells are names of columns, the later ones perhaps times."""
    return _HEAD.fullmatch(cells[0]) is not None and all(_HEAD.fullmatch(c) or _TIME.fullmatch(c) for c in cells)


def _records(header: list[str], cells: list[str]) -> list[dict[str, JsonValue]]:
    """A line by column; where columns are times, one reading for each of them."""
    whole = _record(header, cells)
    times = [k for k in whole if _TIME.fullmatch(k)]
    rest = {k: v for k, v in whole.items() if k not in times}
    return [{**rest, "at": at, "reading": whole[at]} for at in times] if times else [whole]


def _record(header: list[str], cells: list[str]) -> dict[str, JsonValue]:
    return {k.strip("\"' "): _cell(v) for k, v in zip(header, cells, strict=False)}


def _cell(text: str) -> JsonValue:
    """A cell as the number it is, unless it is a time in digits."""
    if moments(text, unix=True) or not re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", text):
        return text
    return int(text) if text.lstrip("-").isdigit() else float(text)
