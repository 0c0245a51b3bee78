"""Raw series as OpenMetrics text: written, and checked line by line before any other program reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import isinf, isnan
from pathlib import Path
from typing import TYPE_CHECKING

from sre_advisor.replay import gz
from sre_advisor.replay.broken import BrokenRecording

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME_LABEL = "__name__"
PLAIN_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
TEXT_LIMIT, LINE_LIMIT, SAMPLES_LIMIT, SERIES_LIMIT = 400_000_000, 16_384, 3_000_000, 100_000
"""Bytes of the unpacked text and of a line of it, samples and series: what one recording may hold of an era."""
_HEAD = re.compile(
    rb"[a-zA-Z_:][a-zA-Z0-9_:]*"
    rb'(?:\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*")*\})?'
)
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\[\\"n])*)"')
_END = b"# EOF"
_ESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n"}


@dataclass(frozen=True, slots=True, eq=False)
class RawSeries:
    """One series as it was scraped: `labels` with __name__, `times` in unix seconds, ascending."""

    labels: Mapping[str, str]
    times: NDArray[np.float64]
    values: NDArray[np.float64]


def text_of(series: Iterable[RawSeries]) -> Iterator[bytes]:
    """The series as OpenMetrics text, one piece a series, NaN left out; series that cannot be written are left out."""
    for one in series:
        head = _head(one.labels)
        if head is None:
            continue
        rows = zip(one.times.tolist(), one.values.tolist(), strict=True)
        yield "".join(f"{head} {_number(value)} {at:.3f}\n" for at, value in rows if not isnan(value)).encode()
    yield _END + b"\n"


def _head(labels: Mapping[str, str]) -> str | None:
    name = labels.get(NAME_LABEL, "")
    if not PLAIN_NAME.fullmatch(name):
        return None
    inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in sorted(labels.items()) if k != NAME_LABEL)
    head = f"{name}{{{inside}}}" if inside else name
    return head if len(head.encode()) < LINE_LIMIT - 100 and _HEAD.fullmatch(head.encode()) else None


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return ("+Inf" if value > 0 else "-Inf") if isinf(value) else repr(value)


def checked(name: str, path: Path, start: float, end: float) -> Iterator[tuple[bytes, float, float]]:
    """Each sample's head, time and value; raises BrokenRecording for anything that this program would not write.

    Samples must lie between `start` and `end` (unix seconds): a tool that makes blocks of them takes time for each
    two hours between the first and the last.
    """
    head, samples, heads, ended, last = b"", 0, 0, False, 0.0
    for number, line in enumerate(gz.lines(name, path, TEXT_LIMIT, LINE_LIMIT), start=1):
        if ended:
            raise _bad(name, number, "stands behind the end mark")
        if line == _END:
            ended = True
            continue
        try:
            found, value_text, at_text = line.rsplit(b" ", 2)
            at, value = float(at_text), float(value_text)
        except ValueError:
            raise _bad(name, number, "is no sample with a value and a time") from None
        if found != head:
            if not _HEAD.fullmatch(found):
                raise _bad(name, number, "does not begin with a metric's name and labels")
            head, heads, last = found, heads + 1, start - 1
        if isnan(value) or not start <= at <= end or at <= last:
            raise _bad(name, number, "holds no number, or a time outside the recording or before the last one's")
        last, samples = at, samples + 1
        if samples > SAMPLES_LIMIT or heads > SERIES_LIMIT:
            raise BrokenRecording(name, "", "holds too many samples or series", "record a shorter time or fewer series")
        yield found, at, value
    if not ended:
        raise BrokenRecording(name, "", "ends before its end mark: it was cut off", gz.ADVICE)


def labels_of(head: bytes) -> dict[str, str]:
    """The labels of a checked sample's head, with __name__."""
    text = head.decode("utf-8", errors="replace")
    name, _, rest = text.partition("{")
    pairs = {k: re.sub(r'\\[\\"n]', lambda m: _ESCAPED[m[0]], v) for k, v in _LABEL.findall(rest)}
    return {NAME_LABEL: name, **pairs}


def _bad(name: str, line: int, problem: str) -> BrokenRecording:
    return BrokenRecording(name, f"line {line}", problem, "record again: the file was not written by sre-advisor")
