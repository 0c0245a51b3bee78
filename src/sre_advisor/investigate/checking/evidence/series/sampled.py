"""Rows made of samples, in one form whatever form they were printed in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.row import NAME_KEYS, Row, row_from
from sre_advisor.investigate.checking.evidence.series.told import Sample, is_time
from sre_advisor.investigate.checking.evidence.units import unit_in, unit_of_key
from sre_advisor.investigate.checking.words.quantities import GUESSED, measure


def sampled(samples: Iterable[Sample], context: str, names: frozenset[str]) -> Iterator[Row]:
    """A row for each reading; `context` stands above them all, `names` are whose they are where they do not say."""
    for sample in samples:
        told = frozenset(str(v) for k, v in sample.items() if k.casefold() in NAME_KEYS and isinstance(v, str))
        text = "\n".join(f"{k}: {scalar(v)}" for k, v in sample.items())
        unit = sample.get("unit")
        named = unit_of_key(str(sample.get("metric", "")))
        above = unit_in(text, context) if named in ("", *GUESSED) else ""  # a caption knows better than a guess
        hint = known(str(unit)) if unit else above or named
        key = "|".join(f"{k}={v}" for k, v in sample.items() if k not in ("value", "unit") and not is_time(v))
        row = row_from(text, context, told or names, unit=hint, series=f"{context}|{key}")
        value = text.rindex("\nvalue: ")  # the digits of a time or a step are no figures of it
        yield replace(row, numbers=tuple(n for n in row.numbers if n.start > value))


def scalar(value: JsonValue) -> str:
    """A value as JSON has it, text without its quotes."""
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def known(unit: str) -> str:
    """The unit if it is one, empty otherwise."""
    return "s" if unit == "seconds" else unit if measure(unit)[0] or unit in ("", "k", "share?") else ""
