"""The same records as many tools print them: each function takes what the records are, and the records themselves."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Record = Mapping[str, str]


@dataclass(frozen=True)
class Listed:
    """Records of one kind; `by` is the field that they may be grouped by, `line` and `bullet` say one of them.

    `long` are fields that only forms which can hold several lines print.
    """

    of: str
    by: str
    records: Sequence[Record]
    line: str
    bullet: str
    long: frozenset[str] = field(default_factory=frozenset[str])

    @property
    def short(self) -> list[dict[str, str]]:
        """The records without their long fields."""
        return [{k: v for k, v in r.items() if k not in self.long} for r in self.records]


Form = Callable[[Listed], str]
FORMS: dict[str, Form] = {}


def form(made: Form) -> Form:
    """Enter a form under its name."""
    FORMS[made.__name__] = made
    return made


def _typed(record: Record) -> dict[str, str | float]:
    return {k: float(v) if re.fullmatch(r"\d+\.\d+", v) else int(v) if re.fullmatch(r"[1-9]\d*|0", v) else v
            for k, v in record.items()}  # fmt: skip


def _separated(listed: Listed, mark: str) -> str:
    out = io.StringIO()
    rows = csv.DictWriter(out, list(listed.short[0]), delimiter=mark, lineterminator="\n")
    rows.writeheader()
    rows.writerows(listed.short)
    return out.getvalue().strip()


def _columns(rows: Sequence[Sequence[str]]) -> str:
    width = [max(len(r[c]) for r in rows) for c in range(len(rows[0]))]
    return "\n".join("   ".join(c.ljust(w) for c, w in zip(r, width, strict=True)).rstrip() for r in rows)


def _grouped(listed: Listed) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    for record in listed.records:
        found.setdefault(record[listed.by], []).append({k: v for k, v in record.items() if k != listed.by})
    return found


def _yaml(key: str, value: str, indent: str) -> list[str]:
    if "\n" in value:
        return [f"{indent}{key}: |", *(f"{indent}  {line}" for line in value.splitlines())]
    plain = re.fullmatch(r"[\w][\w ./-]*", value) is not None and not re.fullmatch(r"on|off", value)
    return [f"{indent}{key}: {value if plain else json.dumps(value)}"]


@form
def json_list(listed: Listed) -> str:
    return json.dumps([_typed(r) for r in listed.records])


@form
def json_lines(listed: Listed) -> str:
    return "\n".join(json.dumps(_typed(r)) for r in listed.records)


@form
def json_in_an_envelope(listed: Listed) -> str:
    return json.dumps({"status": "success", "data": {listed.of: [_typed(r) for r in listed.records]}}, indent=2)


@form
def json_by_name(listed: Listed) -> str:
    return json.dumps({name: [_typed(r) for r in some] for name, some in _grouped(listed).items()})


@form
def json_of_labels(listed: Listed) -> str:
    items: list[dict[str, object]] = []
    for record in listed.records:
        rest = {k: v for k, v in record.items() if k != listed.by}
        items.append({"metadata": {listed.by: record[listed.by]}, "spec": rest})
    return json.dumps({"items": items}, indent=1)


@form
def yaml_list(listed: Listed) -> str:
    lines = [f"{listed.of}:"]
    for record in listed.records:
        own = [line for k, v in record.items() for line in _yaml(k, v, "    ")]
        lines += ["  - " + own[0].strip(), *own[1:]]
    return "\n".join(lines)


@form
def yaml_by_name(listed: Listed) -> str:
    lines: list[str] = []
    for name, some in _grouped(listed).items():
        lines.append(f"{json.dumps(name) if ':' in name else name}:")
        for record in some:
            own = [line for k, v in record.items() for line in _yaml(k, v, "    ")]
            lines += ["  - " + own[0].strip(), *own[1:]]
    return "\n".join(lines)


@form
def commas(listed: Listed) -> str:
    return _separated(listed, ",")


@form
def tabs(listed: Listed) -> str:
    return _separated(listed, "\t")


@form
def aligned(listed: Listed) -> str:
    head = [k.upper() for k in listed.short[0]]
    return _columns([head, *([v or "-" for v in r.values()] for r in listed.short)])


@form
def aligned_under_a_caption(listed: Listed) -> str:
    rows = _columns([list(listed.short[0]), *([v or "-" for v in r.values()] for r in listed.short)])
    return f"{listed.of} (UTC), {len(listed.records)} found\n\n{rows}"


@form
def markdown(listed: Listed) -> str:
    head = list(listed.short[0])
    rows = ["| " + " | ".join(r.values()) + " |" for r in listed.short]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head), *rows])


@form
def fields_of_a_log(listed: Listed) -> str:
    return "\n".join(" ".join(f"{k}={json.dumps(v) if ' ' in v else v}" for k, v in r.items() if v)
                     for r in listed.short)  # fmt: skip


@form
def blocks_of_fields(listed: Listed) -> str:
    parts = ["\n".join(f"{k[0].upper()}{k[1:]}:  {v}" for k, v in r.items() if v) for r in listed.short]
    return "\n\n".join(parts)


@form
def as_a_tool_prints(listed: Listed) -> str:
    return "\n".join(listed.line.format(**r) for r in listed.records)


@form
def bullets(listed: Listed) -> str:
    return f"{listed.of}:\n" + "\n".join("- " + listed.bullet.format(**r) for r in listed.records)
