"""What a diff does to behaviour, as far as the lines alone tell it: nothing, moves code, takes away, tightens, adds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_COMMENT = re.compile(r"^\s*(//|#(?!include|define|if)|/\*|\*(?!\w)|--\s|<!--|\"\"\"|''')")
_REPORTING = re.compile(
    r"\blog(?:ger|ging|f|rus)?\b\s*[.(]|\bLOG_\w+\(|\bslog\.|\bzap\.|\bconsole\.\w+\(|\bprint(?:f|ln)?\(|\bfmt\.Print"
    r"|prometheus\.|\b(?:counter|histogram|gauge|metrics?_?)\w*\.|\.Inc\(|\.Observe\(|\bspan\.|\.Str\(",
    re.IGNORECASE,
)
_IMPORT = re.compile(r"^\s*(import\b|from\s+\S+\s+import\b|using\b|require\b|#include\b|package\b)")
_GUARD = re.compile(
    r"\b(if|unless|guard|assert|require|check|validate|catch|except|rescue|ensure|finally|lock|unlock|retry|fallback"
    r"|timeout|limit|sleep|backoff|leeway|default)\b",
    re.IGNORECASE,
)
_CALL = re.compile(r"([A-Za-z_]\w*)\s*\(")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|\"[^\"]*\"|'[^']*'")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_UNIT_SECONDS = {
    "ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0,
    "nanosecond": 1e-9, "microsecond": 1e-6, "millisecond": 1e-3, "second": 1.0, "minute": 60.0, "hour": 3600.0,
    "k": 1e3, "ki": 1024.0, "kb": 1e3, "mi": 1048576.0, "mb": 1e6, "gi": 1073741824.0, "gb": 1e9,
}  # fmt: skip
_NAMED_NUMBER = re.compile(
    r"([A-Za-z_][\w.-]*)[\"']?\s*(?:[:=(,]|:=|\s)\s*[\"']?(\d+(?:\.\d+)?)\s*(?:\*\s*(?:[A-Za-z]+\.)?)?([A-Za-z]+)?"
)
_GROWS = re.compile(r"([A-Za-z_][\w.]*)\s*=\s*append\(\s*\1\b|\.(?:push|append|add|put|set)\(|\+=\s*\[")
_BOUNDED = re.compile(r"max|limit|lru|evict|bound|capacity|trim|truncate|expire|ttl", re.IGNORECASE)


class Effect(StrEnum):
    """What a diff does, the more likely to break something the later in the list."""

    INERT = "touches only comments, logging, metrics or layout"
    MOVES = "moves code without changing what it does"
    LOOSENS = "raises a limit"
    UNKNOWN = "its content is not known"
    ALTERS = "alters behaviour"
    GROWS = "keeps adding to something that nothing bounds"
    RENAMES = "renames a literal that others may still use"
    TAKES_AWAY = "takes away a guard, a limit or a step"
    TIGHTENS = "tightens a limit"


@dataclass(frozen=True, slots=True)
class Reading:
    """The effect of a diff and the telling detail."""

    effect: Effect
    detail: str = ""


def read_diff(diff: str) -> Reading:
    """The likeliest effect of the changed lines; a rule of thumb in any language, so callers treat it as evidence."""
    removed, added = _lines(diff, "-"), _lines(diff, "+")
    if Counter(map(_bare, removed)) == Counter(map(_bare, added)):
        return Reading(Effect.INERT)
    for find in (_numbers, _taken_away, _renamed, _growth):
        reading = find(removed, added)
        if reading is not None:
            return reading
    return Reading(Effect.MOVES) if _moved(removed, added) else Reading(Effect.ALTERS)


def _lines(diff: str, sign: str) -> list[str]:
    out: list[str] = []
    for line in diff.splitlines():
        if not line.startswith(sign) or line.startswith(sign * 3):
            continue
        text = line[1:]
        if text.strip() and not (_COMMENT.match(text) or _REPORTING.search(text) or _IMPORT.match(text)):
            out.append(text)
    return out


def _bare(line: str) -> str:
    return re.sub(r"[\s,;]+", "", line)


def _named_numbers(lines: Sequence[str]) -> dict[str, tuple[float, str]]:
    found: dict[str, tuple[float, str]] = {}
    for line in lines:
        for name, number, unit in _NAMED_NUMBER.findall(line):
            factor = _UNIT_SECONDS.get(unit.lower().rstrip("s") if len(unit) > 2 else unit.lower(), 1.0)
            found[name.split(".")[-1].casefold()] = (float(number) * factor, f"{number}{unit and ' ' + unit}")
    return found


def _numbers(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    old, new = _named_numbers(removed), _named_numbers(added)
    changed = {k: (old[k], new[k]) for k in old if k in new and old[k][0] != new[k][0]}
    if not changed:
        return None
    down = [k for k, (a, b) in changed.items() if b[0] < a[0]]
    name = (down or list(changed))[0]
    (_, was), (_, now) = changed[name]
    return Reading(Effect.TIGHTENS if down else Effect.LOOSENS, f"{name} {was} -> {now}")


def _taken_away(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """Guards, calls or numbers that are gone while nothing new is called in their place."""
    old_text, new_text = "\n".join(removed), "\n".join(added)
    new_calls = set(_CALL.findall(new_text)) - set(_CALL.findall(old_text))
    lost_calls = [c for c in dict.fromkeys(_CALL.findall(old_text)) if c not in new_text]
    lost_guards = len(_GUARD.findall(old_text)) - len(_GUARD.findall(new_text))
    lost_numbers = [k for k in _named_numbers(removed) if k not in new_text.casefold()]
    if new_calls:
        return None
    if lost_guards > 0 or lost_numbers or lost_calls:
        what = ", ".join((lost_calls + lost_numbers)[:2]) or _GUARD.findall(old_text)[0]
        return Reading(Effect.TAKES_AWAY, what)
    return None


def _renamed(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """A line that stays but for one quoted word: a field, key, route or name that somebody else may still say."""
    blank = {_STRING.sub("''", _bare(a)): a for a in added}
    for line in removed:
        twin = blank.get(_STRING.sub("''", _bare(line)))
        if twin is not None:
            was = [a or b for a, b in _STRING.findall(line)]
            now = [a or b for a, b in _STRING.findall(twin)]
            gone = [w for w in was if w not in now]
            if gone and not any(" " in w for w in gone):
                return Reading(Effect.RENAMES, f"{gone[0]} -> {next((n for n in now if n not in was), '')}")
    return None


def _growth(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    text = "\n".join(added)
    found = _GROWS.search(text)
    if found and not _BOUNDED.search(text) and not _GROWS.search("\n".join(removed)):
        return Reading(Effect.GROWS, (found.group(1) or "").split(".")[-1])
    return None


def _moved(removed: Sequence[str], added: Sequence[str]) -> bool:
    """Whether nearly all words of the removed lines stand in the added ones and few are new: an extracted function."""
    old, new = Counter(_TOKEN.findall("\n".join(removed))), Counter(_TOKEN.findall("\n".join(added)))
    total = sum(old.values())
    novel = len(set(new) - set(old))
    return total > 0 and sum((old & new).values()) >= 0.7 * total and novel <= max(3, len(old) // 2)
