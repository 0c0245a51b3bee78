"""What a diff does to behaviour, as far as the lines alone tell it: nothing, moves code, takes away, tightens, adds.

Rules of thumb in any language, so callers treat the answer as evidence, not as proof.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sre_advisor.triage.numbers import named_numbers

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
_CALL = re.compile(r"(?<!\w)([A-Za-z_]\w{0,79})\s{0,8}\(")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d+(?:\.\d+)?|\"[^\"]*\"|'[^']*'")
_STRING = re.compile(r"\"([^\"]*)\"|'([^']*)'")
_SWITCH = re.compile(r"\b(true|false|yes|no|on|off|enabled?|disabled?)\b|[<>!=]=|[<>]|&&|\|\||\b(?:and|or|not)\b|!")
_SETTING = re.compile(r"^\s*-?\s*[\"']?([\w.-]+)[\"']?\s*[:=]\s*([^\s(){}+]+?),?\s*$")
_GROWS = re.compile(
    r"(?<![\w.])([A-Za-z_][\w.]{0,79})\s{0,8}=\s{0,8}append\(\s{0,8}\1\b"
    r"|\.(?:push|append|add|put|set)\(|\+=\s*\["
)
_BOUNDED = re.compile(r"max|limit|lru|evict|bound|capacity|trim|truncate|expire|ttl", re.IGNORECASE)
_LOOP = re.compile(r"^\s*(for|foreach|while|loop)\b|\.(?:forEach|map|each)\(", re.IGNORECASE)
_REMOTE = re.compile(
    r"(query|select|fetch|find|load|exec|request|lookup|http|rpc|client|db|sql|get)\w{0,79}\s{0,8}\(", re.IGNORECASE
)
_SCHEMA = re.compile(r"\b(DROP\s+(INDEX|COLUMN|TABLE)|ALTER\s+TABLE|LOCK\s+TABLE)\b", re.IGNORECASE)
LINE_LENGTH, LINES = 400, 1000
"""Characters of a line, and changed lines of a side, that are read: people write shorter ones, what is longer was
generated, and no expression may take long over it."""
TENFOLD = 10.0
"""Factor from which raising a number is no tuning any more."""


class Effect(StrEnum):
    """What a diff does, the more likely to break something the later in the list."""

    INERT = "touches only comments, logging, metrics or layout"
    MOVES = "moves code without changing what it does"
    LOOSENS = "raises a number"
    UNKNOWN = "its content is not known"
    ALTERS = "alters behaviour"
    MULTIPLIES = "raises a number tenfold or more"
    REPEATS = "calls something inside a loop"
    SETS = "changes a setting"
    GROWS = "keeps adding to something that nothing bounds"
    RENAMES = "renames a literal that others may still use"
    SWITCHES = "turns a switch or a condition"
    SCHEMA = "alters a database schema"
    TAKES_AWAY = "takes away a guard, a limit or a step"
    TIGHTENS = "lowers a number"


@dataclass(frozen=True, slots=True)
class Reading:
    """The effect of a diff and the telling detail."""

    effect: Effect
    detail: str = ""


def read_diff(diff: str) -> Reading:
    """The likeliest effect of the changed lines."""
    before, after = _lines(diff, "-"), _lines(diff, "+")
    removed, added = _without_common(before, after)
    if not removed and not added:
        return Reading(Effect.INERT)
    for find in (_numbers, _switched, _renamed, _taken_away, _set, _schema, _growth, _repeated):
        reading = find(removed, added)
        if reading is not None:
            return reading
    return Reading(Effect.MOVES) if _moved(before, after) else Reading(Effect.ALTERS)


def _lines(diff: str, sign: str) -> list[str]:
    out: list[str] = []
    for line in diff.splitlines():
        if len(out) >= LINES:
            break
        if not line.startswith(sign) or line.startswith(sign * 3):
            continue
        text = line[1 : LINE_LENGTH + 1]
        if text.strip() and not (_COMMENT.match(text) or _REPORTING.search(text) or _IMPORT.match(text)):
            out.append(text)
    return out


def _without_common(removed: Sequence[str], added: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both sides without the lines that only moved or were laid out anew."""
    common = Counter(map(_bare, removed)) & Counter(map(_bare, added))

    def left(lines: Sequence[str]) -> list[str]:
        spare = common.copy()
        out: list[str] = []
        for line in lines:
            if spare[_bare(line)] > 0:
                spare[_bare(line)] -= 1
            else:
                out.append(line)
        return out

    return left(removed), left(added)


def _bare(line: str) -> str:
    return re.sub(r"[\s,;]+", "", line)


def _numbers(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    old, new = named_numbers(removed), named_numbers(added)
    changed = {k: (old[k], new[k]) for k in old if k in new and old[k].value != new[k].value}
    if not changed:
        return None
    down = [k for k, (was, now) in changed.items() if now.value < was.value]
    name = (down or list(changed))[0]
    was, now = changed[name]
    detail = f"{name} {was.text} -> {now.text}"
    if down:
        return Reading(Effect.TIGHTENS, detail)
    multiplied = now.value >= TENFOLD * was.value > 0
    return Reading(Effect.MULTIPLIES if multiplied else Effect.LOOSENS, detail)


def _twins(removed: Sequence[str], added: Sequence[str], blank: re.Pattern[str]) -> list[tuple[str, str]]:
    """Removed and added lines that are the same but for what `blank` matches."""
    after = {blank.sub("\0", _bare(a)): a for a in added}
    return [(r, after[key]) for r in removed if (key := blank.sub("\0", _bare(r))) in after and "\0" in key]


def _switched(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    for was, now in _twins(removed, added, _SWITCH):
        old, new = ([m.group() for m in _SWITCH.finditer(x)] for x in (was, now))
        changed = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
        if changed:
            return Reading(Effect.SWITCHES, f"{changed[0][0]} -> {changed[0][1]}")
    return None


def _renamed(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """A line that stays but for one quoted word: a field, key, route or name that somebody else may still say."""
    for line, twin in _twins(removed, added, _STRING):
        was, now = ([a or b for a, b in _STRING.findall(x)] for x in (line, twin))
        gone = [w for w in was if w not in now]
        if gone and not any(" " in w for w in gone):
            return Reading(Effect.RENAMES, f"{gone[0]} -> {next((n for n in now if n not in was), '')}")
    return None


def _taken_away(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """Guards, calls or numbers that are gone while nothing new is called in their place."""
    old_text, new_text = "\n".join(removed), "\n".join(added)
    if set(_CALL.findall(new_text)) - set(_CALL.findall(old_text)):
        return None
    lost_calls = [c for c in dict.fromkeys(_CALL.findall(old_text)) if c not in new_text]
    lost_numbers = [k for k in named_numbers(removed) if k not in new_text.casefold()]
    lost_guards = list((Counter(_GUARD.findall(old_text)) - Counter(_GUARD.findall(new_text))).elements())
    lost = lost_calls + lost_numbers + lost_guards
    return Reading(Effect.TAKES_AWAY, ", ".join(lost[:2])) if lost else None


def _set(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """A setting of the same name with another value: a host, a mode, a path."""
    old, new = ({m[1]: m[2] for x in lines if (m := _SETTING.match(x))} for lines in (removed, added))
    changed = [k for k in old if k in new and old[k] != new[k]]
    return Reading(Effect.SETS, changed[0]) if changed else None


def _schema(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    found = _SCHEMA.search("\n".join(added))
    return Reading(Effect.SCHEMA, found.group(1).lower()) if found and not _SCHEMA.search("\n".join(removed)) else None


def _growth(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    text = "\n".join(added)
    found = _GROWS.search(text)
    if found and not _BOUNDED.search(text) and not _GROWS.search("\n".join(removed)):
        return Reading(Effect.GROWS, (found.group(1) or "").split(".")[-1])
    return None


def _repeated(removed: Sequence[str], added: Sequence[str]) -> Reading | None:
    """A new loop with what looks like a remote call in the lines that follow: one query becomes many."""
    if any(_LOOP.search(r) for r in removed):
        return None
    for i, line in enumerate(added):
        call = next((m for x in added[i + 1 : i + 6] if (m := _REMOTE.search(x))), None)
        if _LOOP.search(line) and call is not None:
            return Reading(Effect.REPEATS, call.group().rstrip("( "))
    return None


def _moved(removed: Sequence[str], added: Sequence[str]) -> bool:
    """Whether nearly all words of the removed lines stand in the added ones and few are new: an extracted function."""
    old, new = Counter(_TOKEN.findall("\n".join(removed))), Counter(_TOKEN.findall("\n".join(added)))
    total = sum(old.values())
    novel = len(set(new) - set(old))
    return total > 0 and sum((old & new).values()) >= 0.7 * total and novel <= max(3, len(old) // 2)
