"""One stretch of readings as many tools print it: each function takes {(service, metric): values} and the times."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

Series = Mapping[tuple[str, str], Sequence[float]]
Form = Callable[[Series, Sequence[datetime]], str]
FORMS: dict[str, Form] = {}


def form(made: Form) -> Form:
    """Enter a form under its name."""
    FORMS[made.__name__] = made
    return made


def _iso(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _hm(at: datetime) -> str:
    return at.strftime("%H:%M")


def _unix(at: datetime) -> int:
    return int(at.timestamp())


def _wide(
    series: Series,
    times: Sequence[datetime],
    head: Callable[[str, str], str],
    mark: str,
    clock: Callable[[datetime], str] = _iso,
) -> str:
    lines = [mark.join(["time", *(head(s, m) for s, m in series)])]
    lines += [mark.join([clock(t), *(str(v[i]) for v in series.values())]) for i, t in enumerate(times)]
    return "\n".join(lines)


def _right(rows: Sequence[Sequence[str]]) -> str:
    width = [max(len(r[c]) for r in rows) for c in range(len(rows[0]))]
    return "\n".join("  ".join(c.rjust(w) for c, w in zip(r, width, strict=True)) for r in rows)


def _services(series: Series) -> list[str]:
    return list(dict.fromkeys(s for s, _ in series))


@form
def csv_long(series: Series, times: Sequence[datetime]) -> str:
    rows = [f"{_iso(t)},{s},{m},{v[i]}" for i, t in enumerate(times) for (s, m), v in series.items()]
    return "\n".join(["timestamp,service,metric,value", *rows])


@form
def csv_of_unix_times(series: Series, times: Sequence[datetime]) -> str:
    rows = [f"{_unix(t)},{s},{m},{v[i]}" for (s, m), v in series.items() for i, t in enumerate(times)]
    return "\n".join(["timestamp,service,metric,value", *rows])


@form
def csv_with_blanks_in_its_heads(series: Series, times: Sequence[datetime]) -> str:
    return _wide(series, times, lambda s, m: f"{s} {m}", ",")


@form
def csv_with_dots_in_its_heads(series: Series, times: Sequence[datetime]) -> str:
    return _wide(series, times, lambda s, m: f"{s}.{m}", ";", _hm)


@form
def csv_with_underscores_in_its_heads(series: Series, times: Sequence[datetime]) -> str:
    return _wide(series, times, lambda s, m: f"{s}_{m}", ",")


@form
def csv_with_labels_in_its_heads(series: Series, times: Sequence[datetime]) -> str:
    return _wide(series, times, lambda s, m: f'"{m}{{service=""{s}""}}"', ",")


@form
def tabs_and_slashes(series: Series, times: Sequence[datetime]) -> str:
    return _wide(series, times, lambda s, m: f"{s}/{m}", "\t", _hm)


@form
def markdown(series: Series, times: Sequence[datetime]) -> str:
    head, *rows = _wide(series, times, lambda s, m: f"{s} {m}", " | ", _hm).splitlines()
    return "\n".join([f"| {head} |", "|---" * (len(series) + 1) + "|", *(f"| {r} |" for r in rows)])


@form
def markdown_of_times_across(series: Series, times: Sequence[datetime]) -> str:
    rows = [f"| {s} {m} | " + " | ".join(map(str, v)) + " |" for (s, m), v in series.items()]
    return "\n".join(["| series | " + " | ".join(map(_hm, times)) + " |", "|---" * (len(times) + 1) + "|", *rows])


@form
def aligned_under_two_headings(series: Series, times: Sequence[datetime]) -> str:
    rows = [[_hm(t), *(str(v[i]) for v in series.values())] for i, t in enumerate(times)]
    return _right([["", *(s for s, _ in series)], ["time", *(m for _, m in series)], *rows])


@form
def numbered_lines(series: Series, times: Sequence[datetime]) -> str:
    rows = [[t.strftime("%Y-%m-%d %H:%M:%S"), s, m, str(v[i])] for (s, m), v in series.items()
            for i, t in enumerate(times)]  # fmt: skip
    return _right([["", "timestamp", "service", "metric", "value"], *([str(n), *r] for n, r in enumerate(rows))])


@form
def a_table_a_service(series: Series, times: Sequence[datetime]) -> str:
    parts: list[str] = []
    for service in _services(series):
        own = {k: v for k, v in series.items() if k[0] == service}
        parts.append(f"### {service}\n" + _wide(own, times, lambda _, m: m, " | ", _hm))
    return "\n\n".join(parts)


@form
def matrix_of_prometheus(series: Series, times: Sequence[datetime]) -> str:
    result = [{"metric": {"__name__": m, "service": s}, "values": [[_unix(t), str(v[i])] for i, t in enumerate(times)]}
              for (s, m), v in series.items()]  # fmt: skip
    return json.dumps({"status": "success", "data": {"resultType": "matrix", "result": result}})


@form
def points(series: Series, times: Sequence[datetime]) -> str:
    found = [{"name": f"{s}.{m}", "points": [{"time": _hm(t), "value": v[i]} for i, t in enumerate(times)]}
             for (s, m), v in series.items()]  # fmt: skip
    return json.dumps({"series": found})


@form
def a_start_and_a_step(series: Series, times: Sequence[datetime]) -> str:
    return json.dumps([{"target": f"{s}.{m}", "start": _iso(times[0]), "step_s": 60, "values": list(v)}
                       for (s, m), v in series.items()])  # fmt: skip


@form
def one_start_for_all(series: Series, times: Sequence[datetime]) -> str:
    found = [{"service": s, "metric": m, "values": list(v)} for (s, m), v in series.items()]
    return json.dumps({"from": _iso(times[0]), "step": "1m", "series": found})


@form
def times_in_a_list_of_their_own(series: Series, times: Sequence[datetime]) -> str:
    found = {f"{s}.{m}": list(v) for (s, m), v in series.items()}
    return json.dumps({"timestamps": [_iso(t) for t in times], "series": found})


@form
def columns(series: Series, times: Sequence[datetime]) -> str:
    return json.dumps({"time": [_hm(t) for t in times], **{f"{s}/{m}": list(v) for (s, m), v in series.items()}})


@form
def records_of_a_moment(series: Series, times: Sequence[datetime]) -> str:
    return json.dumps([{"time": _iso(t), **{f"{s}.{m}": v[i] for (s, m), v in series.items()}}
                       for i, t in enumerate(times)])  # fmt: skip


@form
def records_of_a_moment_by_service(series: Series, times: Sequence[datetime]) -> str:
    return json.dumps([{"at": _iso(t), **{s: {m: v[i] for (o, m), v in series.items() if o == s}
                                          for s in _services(series)}} for i, t in enumerate(times)])  # fmt: skip


@form
def frames(series: Series, times: Sequence[datetime]) -> str:
    found = [{"schema": {"fields": [{"name": "Time", "type": "time"}, {"name": m, "labels": {"service": s}}]},
              "data": {"values": [[_unix(t) * 1000 for t in times], list(v)]}}
             for (s, m), v in series.items()]  # fmt: skip
    return json.dumps({"results": {"A": {"frames": found}}})


@form
def labels_with_lists(series: Series, times: Sequence[datetime]) -> str:
    found = [{"Id": f"m{n}", "Label": f"{s} {m}", "Timestamps": [_iso(t) for t in times], "Values": list(v)}
             for n, ((s, m), v) in enumerate(series.items())]  # fmt: skip
    return json.dumps({"MetricDataResults": found})


@form
def scopes_with_pairs(series: Series, times: Sequence[datetime]) -> str:
    found = [{"metric": m, "scope": f"service:{s}", "pointlist": [[_unix(t) * 1000, v[i]] for i, t in enumerate(times)]}
             for (s, m), v in series.items()]  # fmt: skip
    return json.dumps({"series": found})


@form
def line_protocol(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f"{m},service={s} value={v[i]} {_unix(t)}000000000" for (s, m), v in series.items()
                     for i, t in enumerate(times))  # fmt: skip


@form
def exposition(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f'{m}{{service="{s}"}} {v[i]} {_unix(t)}' for (s, m), v in series.items()
                     for i, t in enumerate(times))  # fmt: skip


@form
def values_at_times_under_a_selector(series: Series, times: Sequence[datetime]) -> str:
    parts = [[f'{m}{{service="{s}"}} =>', *(f"{v[i]} @[{_unix(t)}]" for i, t in enumerate(times))]
             for (s, m), v in series.items()]  # fmt: skip
    return "\n".join(line for part in parts for line in part)


@form
def lines_under_a_heading(series: Series, times: Sequence[datetime]) -> str:
    parts = ["\n".join([f"{s} {m}", *(f"  {_hm(t)}  {v[i]}" for i, t in enumerate(times))])
             for (s, m), v in series.items()]  # fmt: skip
    return "\n\n".join(parts)


@form
def behind_a_heading(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f"{s} / {m}: " + ", ".join(f"{_hm(t)} {v[i]}" for i, t in enumerate(times))
                     for (s, m), v in series.items())  # fmt: skip


@form
def a_first_time_and_a_step_in_words(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f"{s} {m} (from {_hm(times[0])}, every 60 s): " + " ".join(map(str, v))
                     for (s, m), v in series.items())  # fmt: skip


@form
def by_the_minute(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f"[{_hm(t)}] " + "; ".join(f"{s} {m} {v[i]}" for (s, m), v in series.items())
                     for i, t in enumerate(times))  # fmt: skip


@form
def in_blocks_by_the_minute(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join("\n".join([f"{_hm(t)} UTC", *(f"  {s} {m} = {v[i]}" for (s, m), v in series.items())])
                     for i, t in enumerate(times))  # fmt: skip


@form
def fields_of_a_log(series: Series, times: Sequence[datetime]) -> str:
    return "\n".join(f"{_iso(t)} service={s} " + " ".join(f"{m}={v[i]}" for (o, m), v in series.items() if o == s)
                     for i, t in enumerate(times) for s in _services(series))  # fmt: skip


@form
def yaml_by_time(series: Series, times: Sequence[datetime]) -> str:
    lines: list[str] = []
    for service in _services(series):
        lines.append(f"{service}:")
        for (owner, metric), values in series.items():
            if owner == service:
                lines += [f"  {metric}:", *(f'    "{_hm(t)}": {values[i]}' for i, t in enumerate(times))]
    return "\n".join(lines)


@form
def yaml_of_samples(series: Series, times: Sequence[datetime]) -> str:
    lines: list[str] = []
    for (service, metric), values in series.items():
        lines += [f"- service: {service}", f"  metric: {metric}", "  samples:"]
        lines += [f"    - {{time: {_iso(t)}, value: {values[i]}}}" for i, t in enumerate(times)]
    return "\n".join(lines)
