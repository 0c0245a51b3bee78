"""Claims in other people's ways of writing, over the recorded incidents: true ones, and one thing wrong in each other.

    python -m tests.investigate.claims.varied FOLDER-OF-INCIDENTS {varied|fresh|last|final} > FILE.jsonl

varied.jsonl beside it holds every sixth claim of the four.

Unlike `generate`, the figures are said as words, folds, other units and other time zones, in the passive, with
negations, comparisons and counts. Four wordings, each written after the check had been improved with the one before
and measured once before anything was changed for it.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from tests.investigate.claims import excerpts as x
from tests.investigate.claims.excerpts import Case
from tests.investigate.claims.wordings import FINAL, FRESH, LAST, VARIED, Wording

WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
Said = tuple[str, str]
"""(what is wrong, "" for nothing; the sentence)"""


@dataclass(frozen=True)
class Move:
    """What one series did, as the evidence shows it."""

    service: str
    metric: str
    before: float
    now: float
    at: int

    @property
    def up(self) -> bool:
        return self.now > self.before

    @property
    def fold(self) -> float:
        return self.now / self.before if self.before else 0.0


def moves(case: Case, most: int = 4) -> list[Move]:
    """The series that moved most."""
    found = []
    for s in case.moved(most):
        at, now = s.worst(case.onset)
        found.append(Move(s.service, s.metric, s.before(case.onset), now, at))
    return found


def told(found: list[Move], style: int) -> str:
    """The moves in one of the shapes that tools and people give them."""
    if style == 0:
        return json.dumps([m.__dict__ | {"at": x.iso(m.at)} for m in found])
    if style == 1:
        lines = [
            f"- {m.service}: {m.metric} was {m.before} in the hour before, {m.now} at {x.clock(m.at)}Z" for m in found
        ]
        return "Signals that left their band:\n" + "\n".join(lines)
    if style == 2:
        head = "time,service,metric,before,now"
        return "\n".join([head, *(f"{x.iso(m.at)},{m.service},{m.metric},{m.before},{m.now}" for m in found)])
    return json.dumps(
        {"signals": {m.service: {m.metric: {"before": m.before, "now": m.now, "since": x.iso(m.at)}} for m in found}}
    )


def zoned(at: int, hours: int) -> str:
    """A time of day as read off a clock so many hours east."""
    return datetime.fromtimestamp(at, timezone(timedelta(hours=hours))).strftime("%H:%M")


def unit_of(metric: str) -> str:
    """What the metric's name says it is measured in."""
    for ending in ("_ms", "_s", "_ratio", "_pct"):
        if re.search(rf"{ending}(?:_|$)", metric):
            return ending
    return ""


def about_moves(found: list[Move], w: Wording, pick: random.Random) -> Iterator[Said]:
    """Levels, folds, units, ranges and comparisons."""
    for n, m in enumerate(found[:3]):
        others = [o for o in found if o.service != m.service]
        yield from _levels(m, others, w, pick)
        yield from _folds(m, w, pick)
        yield from _units(m, w)
        yield from _times(m, others, w, pick)
        if n == 0 and others:
            yield from _between(m, others[0], w)


def _levels(m: Move, others: list[Move], w: Wording, pick: random.Random) -> Iterator[Said]:
    values = {"s": m.service, "m": _named(m.metric, w), "a": _num(m.before), "b": _num(m.now)}
    pair = w.raised if m.up else w.lowered
    yield "", pick.choice(pair).format(**values)
    yield "", pick.choice(w.reached).format(**values)
    wrong = _num(float(f"{m.now * pick.choice((1.3, 0.7, 1.8)) + (1 if abs(m.now) < 1 and not m.before else 0):.4g}"))
    if wrong != values["b"]:
        yield "number", pick.choice(w.reached).format(**values | {"b": wrong})
    yield (
        "direction",
        pick.choice(w.lowered if m.up else w.raised).format(**values | {"a": values["b"], "b": values["a"]}),
    )
    if abs(m.now - m.before) > 0.3 * max(abs(m.now), abs(m.before)):
        yield "did not change", pick.choice(w.unchanged).format(**values)
    theirs = [o for o in others if len({m.before, m.now, o.before, o.now}) == 4]
    if theirs:
        yield "service", pick.choice(w.reached).format(**values | {"s": theirs[0].service})
        yield "figure of another", pick.choice(w.reached).format(**values | {"b": _num(theirs[0].now)})


def _folds(m: Move, w: Wording, pick: random.Random) -> Iterator[Said]:
    if m.before <= 0 or m.now <= 0:
        return
    values = {"s": m.service, "m": _named(m.metric, w)}
    fold = m.fold if m.up else 1 / m.fold
    if m.up and fold >= 2:
        name = w.folds[2] if fold < 3 else w.folds[3] if fold < 4 else w.folds[4]
        yield "", name.format(**values)
        yield "direction", pick.choice(w.shrunk).format(**values)
    if m.up and 1.5 <= fold < 1_000:
        yield "", pick.choice(w.times).format(**values, n=f"{fold:.1f}")
        yield "number", pick.choice(w.times).format(**values, n=f"{fold * 2.5:.1f}")
    if not m.up and fold >= 2:
        yield "", pick.choice(w.shrunk).format(**values)
        yield "direction", w.folds[2].format(**values)
    if m.up and 0.1 < m.fold - 1 < 20:
        yield "", pick.choice(w.percent).format(**values, n=f"{100 * (m.fold - 1):.0f}")
        yield "number", pick.choice(w.percent).format(**values, n=f"{100 * (m.fold - 1) * 1.6 + 9:.0f}")


def _units(m: Move, w: Wording) -> Iterator[Said]:
    values = {"s": m.service, "m": _named(m.metric, w)}
    match unit_of(m.metric):
        case "_ms" if m.now >= 100:
            yield "", w.value.format(**values, v=f"{m.now / 1000:.3g} s")
            yield "unit", w.value.format(**values, v=f"{_num(m.now)} s")
        case "_s" if 0.001 <= m.now < 100:
            yield "", w.value.format(**values, v=f"{_num(float(f'{m.now * 1000:.4g}'))} ms")
            yield "unit", w.value.format(**values, v=f"{_num(m.now)} ms")
        case "_ratio" if 0.01 <= m.now <= 1:
            yield "", w.value.format(**values, v=f"{_num(float(f'{m.now * 100:.4g}'))} percent")
            yield "unit", w.value.format(**values, v=f"{_num(m.now)} %")
        case "_pct" if m.now:
            yield "", w.value.format(**values, v=f"{_num(m.now)} percent")
            yield "unit", w.value.format(**values, v=f"{_num(m.now)} ms")
        case _:
            pass


def _times(m: Move, others: list[Move], w: Wording, pick: random.Random) -> Iterator[Said]:
    values = {"s": m.service, "m": _named(m.metric, w)}
    kind = pick.randrange(3)
    if kind == 0:
        yield "", w.seen.format(**values, t=f"{zoned(m.at, 0)} UTC")
        wrong = m.at + pick.choice((-1, 1)) * 60 * pick.choice((4, 7, 11))
        if not any(zoned(o.at, 0) == zoned(wrong, 0) for o in others):
            yield "minute", w.seen.format(**values, t=f"{zoned(wrong, 0)} UTC")
    elif kind == 1:
        east = pick.choice((2, -5, 9))
        yield "", w.seen.format(**values, t=f"{zoned(m.at, east)} ({east:+03d}:00)")
        yield "time zone", w.seen.format(**values, t=f"{zoned(m.at, east)} UTC")
    else:
        low = m.at - m.at % 300
        yield "", w.within.format(**values, t1=zoned(low, 0), t2=zoned(low + 300, 0))
        yield "range", w.within.format(**values, t1=zoned(low - 2_400, 0), t2=zoned(low - 2_100, 0))


def _between(m: Move, o: Move, w: Wording) -> Iterator[Said]:
    """Two series of two services held against each other."""
    gap = abs(m.at - o.at) // 60
    first, second = (m, o) if m.at < o.at else (o, m)
    if 2 <= gap <= 12:
        names = {"s": first.service, "o": second.service}
        yield "", w.minutes_before.format(**names, n=WORDS[gap])
        yield "number word", w.minutes_before.format(**names, n=WORDS[gap - 1 if gap > 6 else gap + 4])
        yield "order", w.minutes_before.format(s=second.service, o=first.service, n=WORDS[gap])
    if m.metric == o.metric and m.now != o.now:
        high, low = (m, o) if m.now > o.now else (o, m)
        yield "", w.higher.format(m=_named(m.metric, w), s=high.service, o=low.service)
        yield "comparison", w.higher.format(m=_named(m.metric, w), s=low.service, o=high.service)


def about_changes(case: Case, w: Wording, pick: random.Random) -> Iterator[tuple[str, Said]]:
    """Who changed what and when; invented ids; what came after as the cause."""
    told_of = [c for c in case.body["changes"] if c.get("service")] or case.body["changes"]
    some = told_of[-5:]
    text = "\n".join(
        f"{c['at']} | {c['kind']} {c['id']} | {c.get('service') or '-'} | {c['author'] or '-'} | {c['summary']}"
        for c in some
    )
    for c in some[:3]:
        values = {"id": c["id"], "kind": c["kind"], "s": c.get("service") or "the system", "t": _clock(c["at"])}
        yield text, ("", pick.choice(w.landed).format(**values))
        other = next((d for d in some if abs(_epoch(d["at"]) - _epoch(c["at"])) > 300), None)
        if other:
            yield text, ("minute", pick.choice(w.landed).format(**values | {"t": _clock(other["at"])}))
        digit = next((ch for ch in reversed(c["id"]) if ch.isdigit()), None)
        if digit:
            made = c["id"][::-1].replace(digit, str((int(digit) + 3) % 10), 1)[::-1]
            if not any(made in d["id"] for d in some):
                yield text, ("id", pick.choice(w.landed).format(**values | {"id": made}))
    kinds = [c for c in some if c["kind"] == "deploy"]
    if 2 <= len(kinds) <= 5:
        yield text, ("", w.deploys.format(n=WORDS[len(kinds)]))
        yield text, ("count", w.deploys.format(n=WORDS[len(kinds) + 2]))


def about_cause(case: Case, found: list[Move], w: Wording) -> Iterator[tuple[str, Said]]:
    """A change and a move with both times in the evidence."""
    m = found[0]
    for c in [c for c in case.body["changes"] if c.get("service")][-6:]:
        gap = m.at - _epoch(c["at"])
        if not 120 < abs(gap) < 7_200:
            continue
        went = f"{c['at']} {c['kind']} {c['id']} went out to {c['service']}"
        text = f"{went}\n{x.iso(m.at)} {m.service} {m.metric} left its band: {m.before} before, {m.now} now"
        values = {"id": c["id"], "kind": c["kind"], "c": c["service"], "s": m.service, "m": _named(m.metric, w)}
        first, later = (w.caused, w.followed) if gap > 0 else (w.followed, w.caused)
        yield text, ("", first.format(**values))
        yield text, ("order", later.format(**values))


def about_logs(case: Case, w: Wording, pick: random.Random) -> Iterator[tuple[str, Said]]:
    """Quotes, with one word altered or from another mouth."""
    loud = [
        line for line in case.logs if line["level"] in ("WARN", "ERROR") and 4 <= len(line["message"].split()) <= 30
    ]
    some = list({line["message"]: line for line in loud}.values())[:5]
    text = "\n".join(f"{line['at']} {line['level']} [{line['service']}] {line['message']}" for line in some)
    for line in some[:2]:
        words = line["message"].replace('"', "'").split()[:9]
        if '"' in line["message"] or any(ch in "".join(words) for ch in "“”`"):
            continue
        quote = " ".join(words)
        yield text, ("", pick.choice(w.quoted).format(s=line["service"], q=quote))
        plain = [i for i, word in enumerate(words) if word.isalpha() and len(word) > 4]
        if plain:
            i = pick.choice(plain)
            altered = " ".join(
                [*words[:i], pick.choice(("expected", "missing", "leader", "stopped", "unknown")), *words[i + 1 :]]
            )
            if altered not in text:
                yield text, ("quote", pick.choice(w.quoted).format(s=line["service"], q=altered))
        other = next(
            (o["service"] for o in some if o["service"] != line["service"] and quote not in o["message"]), None
        )
        if other and not any(o["service"] == other and quote in o["message"] for o in case.logs):
            yield text, ("service", pick.choice(w.quoted).format(s=other, q=quote))


def about_alerts(case: Case, w: Wording, pick: random.Random) -> Iterator[tuple[str, Said]]:
    """What fires, since when, how many."""
    text, a = x.alerts(case), case.alert
    yield text, ("", pick.choice(w.fires).format(a=a["name"], t=_clock(a["started_at"])))
    early = _clock(x.iso(_epoch(a["started_at"]) - 780))
    yield text, ("minute", pick.choice(w.fires).format(a=a["name"], t=early))
    yield text, ("id", pick.choice(w.fires).format(a=f"{a['name']}Critical", t=_clock(a["started_at"])))


def generated(root: Path, wording: Wording, seed: int) -> Iterator[dict[str, Any]]:
    """All claims over every incident, evidence beside each."""
    pick = random.Random(seed)
    folders = sorted(p for s in ("rootcausebench", "petshop", "nezha-ob") for p in (root / s).iterdir())
    for n, folder in enumerate(folders):
        if not (folder / "case.json").exists() or (n + seed) % 2:
            continue
        case = x.load(folder)
        found = moves(case)
        style = pick.randrange(4)
        if style == 3 and len({m.service for m in found}) < len(found):
            style = 0
        lines = [(told(found, style), said) for said in about_moves(found, wording, pick)]
        lines += about_changes(case, wording, pick)
        lines += about_cause(case, found, wording)
        lines += about_logs(case, wording, pick)
        lines += about_alerts(case, wording, pick)
        rich = case.body["changes"] != []
        for text, (wrong, claim) in lines if rich else pick.sample(lines, min(12, len(lines))):
            window = {"from": x.iso(_epoch(case.body["now"]) - 10_800), "to": case.body["now"]}
            yield {
                "claim": claim, "cites": ["E1"], "evidence": [{"id": "E1", "source": "", "text": text, **window}],
                "false": wrong, "case": case.id, "unseen": seed > 0,
            }  # fmt: skip


def _named(metric: str, w: Wording) -> str:
    """The metric as written, or in words without its unit."""
    return re.sub(r"_(?:ms|s|ratio|pct|mi|bytes|mb|m)$", "", metric).replace("_", " ") if w.spoken else metric


def _num(value: float) -> str:
    return f"{value:.10g}"


def _epoch(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _clock(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%H:%M")


if __name__ == "__main__":
    chosen = {"varied": (VARIED, 0), "fresh": (FRESH, 1), "last": (LAST, 2), "final": (FINAL, 3)}[sys.argv[2]]
    for item in generated(Path(sys.argv[1]), *chosen):
        sys.stdout.write(json.dumps(item, ensure_ascii=False) + "\n")
