"""Writes corpus.jsonl: claims true and subtly false over excerpts of recorded incidents.

    python -m tests.investigate.claims.generate FOLDER

FOLDER holds the sets rootcausebench, petshop and nezha-ob. Seeded: the same cases give the same bytes. A third of
the claims, chosen by a hash of their words, is marked `unseen`: it was not looked at while the check was written.
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.investigate.claims import excerpts
from tests.investigate.claims.excerpts import Case, Series, clock

HERE = Path(__file__).parent
SETS = {"rcb": "rootcausebench", "ps": "petshop", "nz": "nezha-ob"}
GENERATED = ("rcb-001", "rcb-009", "rcb-012", "rcb-013", "rcb-016", "rcb-019", "rcb-022", "rcb-024", "ps-004", "ps-009",
             "ps-020", "nz-010", "nz-021", "nz-035")  # fmt: skip
Line = dict[str, Any]


def main() -> None:
    """Write the corpus beside this file."""
    root = Path(sys.argv[1])
    lines = [*_handwritten(root), *_generated(root)]
    (HERE / "corpus.jsonl").write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
    print(f"{len(lines)} claims, {sum(x['false'] == '' for x in lines)} true, {sum(x['unseen'] for x in lines)} unseen")


def _case(root: Path, name: str) -> Case:
    return excerpts.load(root / SETS[name.split("-", maxsplit=1)[0]] / name)


def _shelf(case: Case) -> dict[str, str]:
    """Every excerpt of a case by its id."""
    moved = case.moved(1)[0]
    shelf = {
        "E1": excerpts.signals_table(case),
        "E2": excerpts.matrix(moved, case.onset),
        "E3": excerpts.table(case, 2),
        "E4": excerpts.prose(case),
        "E8": excerpts.alerts(case),
    }
    if case.body["changes"]:
        shelf |= {"E5": excerpts.changes_json(case), "E6": excerpts.changes_prose(case)}
        with_diff = [c for c in case.body["changes"] if c.get("diff")]
        shipped = {c["commit"] for c in case.body["changes"] if c.get("commit")}
        named = [c for c in with_diff if c["id"] in shipped] or with_diff
        if named:
            shelf["E9"] = excerpts.diff(case, named[-1]["id"])
    if case.logs:
        shelf |= {"E7": excerpts.log_lines(case), "E10": excerpts.log_json(case)}
    return shelf


SOURCES = {"E1": "prometheus", "E2": "prometheus", "E3": "prometheus", "E4": "prometheus", "E5": "changes",
           "E6": "chat", "E7": "logs", "E8": "alertmanager", "E9": "git", "E10": "logs"}  # fmt: skip


def _line(case: Case, shelf: dict[str, str], cites: list[str], claim: str, false: str, by: str) -> Line:
    shown = [i for i in cites if i in shelf] or ["E1"]
    digest = hashlib.sha256(f"{case.id} {claim}".encode()).digest()[0]
    evidence = [
        {
            "id": i,
            "source": SOURCES[i],
            "text": shelf[i],
            "from": excerpts.iso(case.onset - 3600),
            "to": case.body["now"],
        }
        for i in shown
    ]
    return {"claim": claim, "cites": cites, "evidence": evidence, "false": false, "case": case.id, "by": by,
            "unseen": digest % 3 == 0}  # fmt: skip


def _handwritten(root: Path) -> Iterator[Line]:
    known: dict[str, tuple[Case, dict[str, str]]] = {}
    for line in (HERE / "handwritten.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        name, cites, false, claim = (part.strip() for part in line.split(" | ", 3))
        if name not in known:
            case = _case(root, name)
            known[name] = (case, _shelf(case))
        yield _line(*known[name], cites.split(","), claim, "" if false == "true" else false, "hand")


def _generated(root: Path) -> Iterator[Line]:
    for name in GENERATED:
        case = _case(root, name)
        chance = random.Random(name)
        shelf = _shelf(case)
        for build in (_signals, _samples, _deploys, _logs, _alert):
            for cites, claim, false in build(case, shelf, chance):
                yield _line(case, shelf, cites, claim, false, "script")


Built = Iterator[tuple[list[str], str, str]]


def _signals(case: Case, shelf: dict[str, str], chance: random.Random) -> Built:
    """Claims over the table and the sentences of what moved."""
    del shelf
    moved = case.moved(4)
    for s in moved[:3]:
        at, now = s.worst(case.onset)
        before = s.before(case.onset)
        verb, other = ("rose", "fell") if now > before else ("fell", "rose")
        cite = chance.choice(["E1", "E4"])
        yield [cite], f"{s.service} {s.metric} {verb} from {before:g} to {now:g} at {clock(at)} UTC.", ""
        yield [cite], f"{s.metric} of {s.service} was {now:g}, usually {before:g}.", ""
        mutation = chance.choice([_wrong_number, _wrong_minute, _wrong_service, _wrong_way])
        yield [cite], *mutation(s, case, chance)
        if verb == "rose":
            yield [cite], f"{s.service} {s.metric} {other} from {now:g} to {before:g}.", "direction"
        unit = _unit(s.metric)
        if unit and now:
            right, wrong = unit
            yield [cite], f"{s.metric} of {s.service} reached {now:g} {right}.", ""
            yield [cite], f"{s.metric} of {s.service} reached {now:g} {wrong}.", "unit"


def _unit(metric: str) -> tuple[str, str] | None:
    if metric.endswith("_ms"):
        return "ms", "s"
    if metric.endswith("_pct"):
        return "%", "ms"
    if metric.endswith(("_seconds", "_s")):
        return "s", "ms"
    return ("bytes", "MB") if metric.endswith("_bytes") else None


def _wrong_number(s: Series, case: Case, chance: random.Random) -> tuple[str, str]:
    now = s.worst(case.onset)[1]
    off = now * chance.choice([0.5, 0.8, 1.25, 1.7]) or 7.0
    return f"{s.metric} of {s.service} reached {off:.4g}.", "number"


def _wrong_minute(s: Series, case: Case, chance: random.Random) -> tuple[str, str]:
    at, now = s.worst(case.onset)
    used = {clock(x.worst(case.onset)[0]) for x in case.moved(6)}
    shift = next(m for m in chance.sample(range(2, 30), 20) if clock(at - 60 * m) not in used)
    return f"{s.service} {s.metric} reached {now:g} at {clock(at - 60 * shift)} UTC.", "minute"


def _wrong_service(s: Series, case: Case, chance: random.Random) -> tuple[str, str]:
    now = s.worst(case.onset)[1]
    others = sorted({x.service for x in case.series if x.service != s.service})
    return f"{chance.choice(others)} {s.metric} reached {now:g}.", "service"


def _wrong_way(s: Series, case: Case, chance: random.Random) -> tuple[str, str]:
    del chance
    before, now = s.before(case.onset), s.worst(case.onset)[1]
    verb = "fell" if now > before else "rose"
    return f"{s.service} {s.metric} {verb} to {now:g}.", "direction"


def _samples(case: Case, shelf: dict[str, str], chance: random.Random) -> Built:
    """Claims over single samples."""
    del case
    rows = [line.split(",") for line in shelf["E3"].splitlines()[1:]]
    for at, service, metric, value in chance.sample(rows, 2):
        yield ["E3"], f"At {at[11:16]} UTC {service} had {metric} at {float(value):g}.", ""
        others = [r for r in rows if r[1:3] == [service, metric] and r[3] not in {x[3] for x in rows if x[0] == at}]
        if others:
            yield ["E3"], f"{service} {metric} was {float(others[0][3]):g} at {at[11:16]} UTC.", "minute"


def _deploys(case: Case, shelf: dict[str, str], chance: random.Random) -> Built:
    """Claims over changes: times, names, order."""
    told = [c for c in case.body["changes"] if c["service"]][-4:]
    if len(told) < 2:
        return
    first, last = told[0], told[-1]
    yield ["E6"], f"{last['kind']} {last['id']} of {last['service']} took place at {last['at'][11:16]} UTC.", ""
    yield ["E6"], f"{first['id']} came before {last['id']}.", ""
    yield ["E6"], f"{last['id']} came before {first['id']}.", "order"
    yield ["E6"], f"{last['kind']} {last['id']} took place at {first['at'][11:16]} UTC.", "swapped times"
    yield ["E6"], f"{last['id']} ships {hashlib.sha1(case.id.encode()).hexdigest()[:12]}.", "commit"
    yield ["E6", "E77"], f"{last['id']} concerns {last['service']}.", "id"
    if last["at"] >= case.alert["started_at"]:
        return
    yield ["E6", "E8"], f"{case.alert['name']} fired after {last['id']} of {last['service']}.", ""
    yield ["E6", "E8"], f"{case.alert['name']} caused {last['id']} of {last['service']}.", "order"
    del shelf, chance


def _logs(case: Case, shelf: dict[str, str], chance: random.Random) -> Built:
    """Quotes, whole, cut and with one word altered, and put into another's mouth."""
    del shelf
    if not case.logs:
        return
    loud = [x for x in case.logs if x["level"] in ("WARN", "ERROR")][-6:]
    if not loud:
        return
    cite = chance.choice(["E7", "E10"])
    line = chance.choice(loud)
    words = line["message"].split()
    some = words[: max(4, min(9, len(words)))]
    yield [cite], f"{line['service']} logs “{' '.join(some)}”.", ""
    yield [cite], f'At {line["at"][11:19]} {line["service"]} wrote "{" ".join(some[:3])} …".', ""
    spot = chance.randrange(len(some))
    altered = [*some[:spot], chance.choice(["pending", "retry", "replica", "quota"]), *some[spot + 1 :]]
    yield [cite], f"{line['service']} logs “{' '.join(altered)}”.", "quote"
    others = sorted({x["service"] for x in case.logs} - {x["service"] for x in loud if " ".join(some) in x["message"]})
    if others:
        yield [cite], f"{chance.choice(others)} logs “{' '.join(some)}”.", "service"


def _alert(case: Case, shelf: dict[str, str], chance: random.Random) -> Built:
    """What fires, since when, for whom."""
    alert = case.alert
    yield ["E8"], f"{alert['name']} fires for {alert['service']} since {alert['started_at'][11:16]} UTC.", ""
    hour, minute = alert["started_at"][11:16].split(":")
    off = (int(minute) + chance.choice([3, 7, 11, 40])) % 60
    yield ["E8"], f"{alert['name']} fires since {hour}:{off:02} UTC.", "minute"
    yield ["E8"], f"{alert['name']} has been resolved.", "state"
    del shelf


if __name__ == "__main__":
    main()
