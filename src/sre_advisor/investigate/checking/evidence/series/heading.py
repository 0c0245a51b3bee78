"""Whose readings of what a heading tells of: "cart p99_ms", "cart.p99_ms", `p99_ms{service="cart"}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sre_advisor.investigate.checking.evidence.heads import is_generic, is_signal
from sre_advisor.investigate.checking.evidence.row import is_name

_LABELLED = re.compile(r"([A-Za-z_:][\w:.]*)?\{([^{}]*)\}")
_LABEL = re.compile(r"(\w+)\s?=~?\s?\"?\"?([^\",]+)")
_PREPOSITION = re.compile(r"(\S.*?),?\s(?:of|for|on|at)\s(?:the\s)?(\S+)")
_JOINT = re.compile(r"\s+[-–—|/]\s+|\s*:\s+|\s+")
_TIGHT = re.compile(r"(?<![:])[.:/](?![:])")
_ARROW = re.compile(r"->|→|=>|_to_|\bto\b")
_NAME = re.compile(r"[A-Za-z](?:[\w-]|::|\.(?=\w)|/(?=\w))*")
_UNIT = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$|\s%$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A service and what is read of it, unit and all as written."""

    service: str
    metric: str


def read_heading(text: str, beside: Iterable[str] = ()) -> Heading | None:
    """What the heading says, None when it names nobody; `beside` are the other headings of its table."""
    words = text.strip().strip("\"'`*").strip()
    if not words or len(words) > 120:
        return None
    labelled = _LABELLED.fullmatch(words)
    if labelled is not None:
        return _labelled(labelled)
    if _ARROW.search(words):  # two ends of a call: nobody's alone
        return None
    unit = _UNIT.search(words)
    bare = words[: unit.start()] if unit else words
    found = _spaced(bare) or _alike(bare, beside) or _tight(bare) or _jointed(bare, beside)
    if found is None:
        return None
    return Heading(found.service, found.metric + (unit.group() if unit else ""))


def _labelled(match: re.Match[str]) -> Heading | None:
    labels = {k.casefold(): v.strip() for k, v in _LABEL.findall(match.group(2))}
    service = next((labels[k] for k in _NAMING if k in labels), None)
    metric = match.group(1) or labels.get("__name__", "")
    return Heading(service, metric) if service and metric else None


_NAMING = ("service", "service_name", "svc", "app", "job", "component", "deployment", "workload", "name")


def _spaced(words: str) -> Heading | None:
    """A name and a metric held apart by blanks, a dash or a word, the name first or last."""
    told = _PREPOSITION.fullmatch(words)
    if told is not None and _reads(told.group(1)) and _names(told.group(2), told.group(1)):
        return Heading(told.group(2), told.group(1))
    parts = _JOINT.split(words)
    if len(parts) < 2:
        return None
    if _names(parts[0], parts[-1]) and _reads(" ".join(parts[1:])):
        return Heading(parts[0], " ".join(parts[1:]))
    if _names(parts[-1], parts[0]) and _reads(" ".join(parts[:-1])):
        return Heading(parts[-1], " ".join(parts[:-1]))
    return None


def _alike(words: str, beside: Iterable[str]) -> Heading | None:
    """A plain word and what is read, where another heading reads the same of another: "ledger CPU", "kiosk CPU"."""
    name, _, metric = words.partition(" ")
    others = [o.strip("\"'` ").partition(" ") for o in beside]
    if not metric or not _NAME.fullmatch(name) or is_generic(name) or name.casefold() in _KINDS or not _reads(metric):
        return None
    same = any(rest == metric and other != name and other.casefold() not in _KINDS for other, _, rest in others)
    return Heading(name, metric) if same else None


def _tight(word: str) -> Heading | None:
    """A name and a metric joined by a dot, a slash or a colon."""
    if re.search(r"\s", word):
        return None
    for match in reversed(list(_TIGHT.finditer(word))):
        name, metric = word[: match.start()], word[match.end() :]
        if _names(name, metric) and _reads(metric):
            return Heading(name, metric)
    return None


def _jointed(word: str, beside: Iterable[str]) -> Heading | None:
    """A name and a metric joined by an underscore, where another heading gives the same metric to another name."""
    if re.search(r"[\s./]|(?<!:):(?!:)", word):
        return None
    others = [o for o in beside if o != word]
    for match in re.finditer("_", word):
        name, metric = word[: match.start()], word[match.end() :]
        if not _names(name, metric) or not _reads(metric):
            continue
        metrics = [metric, *(o.removeprefix(f"{name}_") for o in others if o.startswith(f"{name}_"))]
        if any(o.endswith(f"_{m}") and not o.startswith(f"{name}_") for o in others for m in metrics):
            return Heading(name, metric)
    return None


def _names(word: str, metric: str) -> bool:
    """Whether a word is a service's name; beside a metric written as one, any word that says nothing of a signal is."""
    parts = re.split(r"[./]|::", word)
    if _NAME.fullmatch(word) is None or any(is_generic(p) for p in parts):
        return False
    return is_name(word) or (_MADE.fullmatch(metric) is not None and word.casefold() not in _KINDS)


_MADE = re.compile(r"[A-Za-z]\w*_\w+(?:\s?[(\[][^()\[\]]*[)\]])?")
_KINDS = frozenset(
    ("average", "overall", "all", "each", "other", "inbound", "outbound", "internal", "external", "http", "grpc", "p",
     "rate", "increase", "sum", "histogram", "gauge", "counter", "the", "of", "by", "this", "its", "raw", "smoothed")
)  # fmt: skip
"""Words before a metric's name that say which of its readings, not whose."""


def _reads(words: str) -> bool:
    return is_signal(re.sub(r"[ ./:-]", "_", words))
