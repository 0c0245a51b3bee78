"""Readings over time as plain lines: under a heading, behind one, by the minute, or after a start and a step."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sre_advisor.investigate.checking.evidence.series.heading import Heading, read_heading
from sre_advisor.investigate.checking.evidence.series.shapes import LEAST, stepped
from sre_advisor.investigate.checking.evidence.series.told import Sample
from sre_advisor.investigate.checking.words.clock import moments

_NUM = r"[-−+]?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?"
_UNITS = r"(?:\s?(?:%|[A-Za-zµ]{1,5}(?:/s)?))?"
_CLOCK = r"(?:\d{4}-\d\d-\d\d[T ])?\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|\s?UTC|[+-]\d\d:?\d\d)?|\d{10}(?:\.\d+)?|\d{13}"
_TIME_FIRST = re.compile(rf"\W*(?P<time>{_CLOCK})[\])]?[\s,;|=:>-]+(?P<value>{_NUM})(?P<unit>{_UNITS})\W*")
_VALUE_FIRST = re.compile(rf"\W*(?P<value>{_NUM})(?P<unit>{_UNITS})\s?(?:@|at)\s?\[?(?P<time>{_CLOCK})\]?\W*")
_MOMENT = re.compile(rf"\W*(?P<time>{_CLOCK})\W*")
_AT_HEAD = re.compile(rf"\W*(?P<time>{_CLOCK})(?:\s?UTC)?\W+")
_READING = re.compile(rf"\W*(?P<head>[A-Za-z].*?)\s*[=:]?\s*(?P<value>{_NUM})(?P<unit>{_UNITS})\W*")
_INFLUX = re.compile(
    r"(?P<name>[\w.:-]+)(?P<tags>(?:,[\w.-]+=[^,\s]+)*)\s(?P<fields>[\w.-]+=\S+)\s(?P<time>\d{10})\d{0,9}"
)
_STEPPED = re.compile(
    rf"\W*(?P<head>[A-Za-z].*?)\W+(?:from|start(?:s|ing)?(?:\s?at)?|since|beginning(?:\sat)?)\W+(?P<time>{_CLOCK})\W.*?"
    r"(?:every|step|interval|each)\W+(?P<n>\d+(?:\.\d+)?)\s?(?P<unit>ms|s|sec|seconds?|m|min|minutes?|h|hours?)\b[^\d:]*:"
    rf"\s*(?P<values>{_NUM}(?:[\s,;]+{_NUM})+)\s*"
)
_BULLET = re.compile(r"^[\s*•#>=-]+|\s*(?:=>|[:=])\s*$")


def samples_in(text: str) -> tuple[list[Sample], str]:
    """(readings of named things, the lines that hold none of them)."""
    found: list[Sample] = []
    rest: list[str] = []
    heading: Heading | None = None
    moment, pending = "", ""
    for line in text.splitlines():
        own = list(_on_a_line(line))
        sample = _TIME_FIRST.fullmatch(line) or _VALUE_FIRST.fullmatch(line)
        said = _READING.fullmatch(line) if moment and line[:1] in " \t-•*" else None
        of = read_heading(_BULLET.sub("", said.group("head"))) if said else None
        if own:
            found += own
        elif sample is not None and heading is not None:
            found.append(_sample(sample.group("time"), heading, sample))
            pending = ""
            continue
        elif said is not None and of is not None:
            found.append(_sample(moment, of, said))
            pending = ""
            continue
        else:
            rest += [pending] * bool(pending)
            heading = read_heading(_bare(line))
            moment = m.group("time") if (m := _MOMENT.fullmatch(line)) else ""
            pending = line if heading or moment else ""
            rest += [] if pending else [line]
            continue
        rest += [pending] * bool(pending)
        heading, moment, pending = None, "", ""
    rest += [pending] * bool(pending)
    return (found, "\n".join(rest)) if len(found) >= LEAST else ([], text)


def _bare(line: str) -> str:
    return _BULLET.sub("", _BULLET.sub("", line)).strip()


def _on_a_line(line: str) -> Iterator[Sample]:
    yield from _influx(line) or _by_step(line) or _of_a_moment(line)


def _influx(line: str) -> list[Sample]:
    match = _INFLUX.fullmatch(line.strip())
    if match is None:
        return []
    labels = ",".join(f'{k}="{v}"' for k, _, v in (t.partition("=") for t in match.group("tags").split(",") if t))
    heading = read_heading(f"{match.group('name')}{{{labels}}}")
    fields = [f.partition("=") for f in match.group("fields").split(",")]
    if heading is None or any(not re.fullmatch(rf"{_NUM}i?", v) for _, _, v in fields):
        return []
    return [
        {"time": match.group("time"), "service": heading.service,
         "metric": heading.metric if len(fields) == 1 else f"{heading.metric} {k}", "value": v.rstrip("i")}
        for k, _, v in fields
    ]  # fmt: skip


def _by_step(line: str) -> list[Sample]:
    match = _STEPPED.fullmatch(line)
    heading = read_heading(_bare(match.group("head"))) if match else None
    if match is None or heading is None:
        return []
    values = re.findall(_NUM, match.group("values"))
    times = stepped(moments(match.group("time"), unix=True)[0], match.group("n") + match.group("unit"), len(values))
    return [
        {"time": at, "service": heading.service, "metric": heading.metric, "value": v}
        for at, v in zip(times, values, strict=False)
    ]


def _of_a_moment(line: str) -> list[Sample]:
    """Several readings behind one time: "[14:03] cart p99_ms 182; web p99_ms 40"."""
    head = _AT_HEAD.match(line)
    parts = re.split(r"\s*[;|]\s*|,\s+", line[head.end() :].strip().rstrip(".;")) if head else []
    found: list[Sample] = []
    for part in parts:
        said = _READING.fullmatch(part)
        heading = read_heading(said.group("head")) if said else None
        if head is None or said is None or heading is None:
            return []
        found.append(_sample(head.group("time"), heading, said))
    return found if len(found) >= LEAST else []


def _sample(time: str, heading: Heading, match: re.Match[str]) -> Sample:
    unit = match.group("unit").strip()
    found: Sample = {"time": time, "service": heading.service, "metric": heading.metric}
    return {**found, "value": f"{match.group('value')} {unit}".strip()}
