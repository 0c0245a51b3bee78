"""A record of one moment with readings of several things, taken apart into one reading each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.directions import is_before
from sre_advisor.investigate.checking.evidence.row import NAME_KEYS
from sre_advisor.investigate.checking.evidence.series.heading import read_heading
from sre_advisor.investigate.checking.evidence.series.told import NUMBERED, Sample, headed, identity, is_owner, is_time
from sre_advisor.investigate.checking.words.quantities import unit_of_name

_SUMMARY = re.compile(
    r"(?:max|min|avg|mean|median|first|last|now|after|current|baseline|peak|observed|sum|total|count|samples|old|new|"
    r"was|is|delta|change|factor|threshold|limit|value|low|high|n)(?:[_ ].*)?"
)
_TITLE = re.compile(
    r"(?:#+\s*|=+\s*|\[|\*+)?(?:(?:service|svc|app|target|host)\s?[:=]\s?)?([A-Za-z][\w:.-]*?)(?:\]|\*+|\s*=+|:)?"
)


def apart(cells: Mapping[str, JsonValue], above: str) -> list[Sample]:
    """A reading for each figure of the record, none where it is no record of one moment or nobody is named."""
    times = {k: v for k, v in cells.items() if is_time(v) and not _is_reading(k)}
    if len(times) != 1 or any(isinstance(v, list) for v in cells.values()):
        return []
    readings = dict(_readings(cells, times))
    words: Sample = {k: v for k, v in cells.items() if isinstance(v, str) and k not in times and k not in readings}
    named = any(k.casefold() in NAME_KEYS for k in words)
    words = words if named else identity(words)
    titled = not named and any(k in NAME_KEYS for k in words)  # "series: cart p99_ms"
    owner = title_of(above) if not named and not titled else None
    if not readings or (len(readings) < 2 and not owner and not titled) or any(map(_is_none, readings)):
        return []
    found = [_sample(k, v, words, owner, [*readings]) for k, v in readings.items()]
    if not all("service" in {k.casefold() for k in s} or any(k.casefold() in NAME_KEYS for k in s) for s in found):
        return []
    return [{**times, **s} for s in found]


def title_of(above: str) -> str | None:
    """The name that the last line above a table or a block consists of."""
    last = next((line.strip() for line in reversed(above.splitlines()) if line.strip()), "")
    match = _TITLE.fullmatch(last)
    name = match.group(1) if match else ""
    return name if name and is_owner(name) else None


def _is_reading(key: str) -> bool:
    return read_heading(key) is not None or bool(unit_of_name(key))


def _is_none(key: str) -> bool:
    """Whether a column holds a value of a whole series, or a name, rather than a reading of a moment: "max", "id"."""
    return is_before(key) or key.casefold() in NUMBERED or re.fullmatch(_SUMMARY, key.casefold()) is not None


def _readings(cells: Mapping[str, JsonValue], times: Mapping[str, JsonValue]) -> Iterator[tuple[str, JsonValue]]:
    for key, value in cells.items():
        if key in times:
            continue
        if (isinstance(value, (int, float)) and not isinstance(value, bool)) or _is_measured(value):
            yield key, value
        elif isinstance(value, dict) and is_owner(key):
            for inner, figure in value.items():
                if isinstance(figure, (int, float)) and not isinstance(figure, bool):
                    yield f"{key} {inner}", figure


_MEASURED = re.compile(r"[-+]?\d+(?:\.\d+)?\s?(?:%|µs|us|ms|s|min|[kKMGT]i?B?|[kMG]i|cores|mcores|req/s|ops/s|/s)")


def _is_measured(value: JsonValue) -> bool:
    """Whether a cell is a figure with its unit."""
    return isinstance(value, str) and _MEASURED.fullmatch(value.strip()) is not None


def _sample(key: str, value: JsonValue, words: Sample, owner: str | None, beside: list[str]) -> Sample:
    heading = read_heading(key, beside)
    if heading is not None and not any(k.casefold() in NAME_KEYS for k in words):
        return {**words, "service": heading.service, "metric": heading.metric, "value": value}
    if owner:
        return {**words, "service": owner, "metric": key, "value": value}
    return {**headed(key, words, beside), "value": value}
