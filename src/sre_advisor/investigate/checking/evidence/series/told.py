"""What a record says of its readings: whose they are and what is read; and which of its values are times or figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pydantic import JsonValue

from sre_advisor.investigate.checking.evidence.heads import is_generic, is_signal
from sre_advisor.investigate.checking.evidence.row import NAME_KEYS, is_name
from sre_advisor.investigate.checking.evidence.series.heading import read_heading
from sre_advisor.investigate.checking.words.clock import moments

Sample: TypeAlias = dict[str, JsonValue]
"""One reading: `time`, `value` and, as far as told, `service`, `metric`, `unit` and what else is said of its series."""

LONG = 80
"""Characters above which a text is no name of what is read."""
STEP = re.compile(
    r"(?:step|interval|resolution|every|period|granularity|spacing|bucket)(?:_?(s|sec|seconds|ms|min|minutes|m))?"
)
_TITLES = ("target", "name", "label", "metric", "title", "series", "legend", "displayname", "expr", "query", "id")
"""Fields that may hold both whose readings they are and what is read."""
NUMBERED = frozenset(
    ("version", "id", "seq", "no", "line", "revision", "build", "pid", "port", "number", "pr", "issue")
)
"""Fields whose figures name a thing rather than measure one."""
VALUES = frozenset(
    ("values", "value", "data", "datapoints", "datapoint", "points", "pointlist", "samples", "v", "readings", "reading",
     "y", "series", "metricvalues")
)  # fmt: skip
"""Names of lists that say nothing of what is read."""


def identity(value: Mapping[str, JsonValue]) -> Sample:
    """What an object says of what its readings are: short texts, of its labels too, whose and what told apart."""
    found: Sample = {}
    for key, item in value.items():
        low = key.casefold()
        spaced = STEP.fullmatch(low) is not None
        if isinstance(item, str) and len(item) < LONG and item and not spaced and not moments(item, unix=True):
            scope = re.fullmatch(r"(\w+)[:=]([\w./:-]+)", item)
            if scope and scope.group(1) in NAME_KEYS:
                found[scope.group(1)] = scope.group(2)
            else:
                found["metric" if low in ("__name__", "metric_name", "metricname") else key] = item
        elif low in ("labels", "metric", "tags", "dimensions", "attributes") and isinstance(item, dict):
            found.update(identity(item))
    if not any(k in NAME_KEYS for k in found):
        title = next((k for t in _TITLES for k in found if k.casefold() == t and read_heading(str(found[k]))), None)
        heading = read_heading(str(found[title])) if title else None
        if title and heading:
            found = {k: v for k, v in found.items() if k not in (title, "metric")}
            found = {"service": heading.service, "metric": heading.metric, **found}
    return found


def headed(key: str, told: Mapping[str, JsonValue], beside: Sequence[str] = ()) -> Sample:
    """What readings that stand under the key are of."""
    if key.casefold() in VALUES:
        return dict(told)
    heading = read_heading(key, beside)
    if heading is not None:
        return {**told, "service": heading.service, "metric": heading.metric}
    if is_owner(key) and not any(k.casefold() in NAME_KEYS for k in told):
        return {**told, "service": key}
    return {**told, "metric": f"{told['metric']} {key}" if "metric" in told else key}


def is_owner(key: str) -> bool:
    """Whether a key is the name of a service rather than of what is read."""
    written = is_name(key) or re.fullmatch(r"[A-Z][a-z]+|[a-z]+(?:-[a-z]+)+", key) is not None
    return written and not is_generic(key) and not is_signal(key)


def is_figure(value: JsonValue) -> bool:
    """Whether a value is a figure, or the text of one as Prometheus gives it."""
    if isinstance(value, str):
        return re.fullmatch(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", value) is not None
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_time(value: JsonValue) -> bool:
    """Whether a value is a moment and nothing else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)) or len(str(value)) > 40:
        return False
    found = moments(str(value), unix=True)
    return len(found) == 1 and len(found[0].text) >= len(str(value).strip()) - 4
