"""One simulated world: from its seed to the files of a recording and what a good answer says of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import yaml
from pydantic import JsonValue

from sre_advisor.evals.simulator.alarms import alarms
from sre_advisor.evals.simulator.causes import CAUSES
from sre_advisor.evals.simulator.chatter import chatter
from sre_advisor.evals.simulator.day import KINDS, SAMPLES, STEP_S, Day, columns, make_day
from sre_advisor.evals.simulator.decoys import Decoys, lay
from sre_advisor.evals.simulator.papers import papers
from sre_advisor.evals.simulator.shop import make_shop
from sre_advisor.evals.simulator.spread import spread
from sre_advisor.evals.simulator.told import Told
from sre_advisor.evals.suites.expectation import Cause, Expectation, Never
from sre_advisor.model import Alert, Change, CommandLabel, LogLine, SignalKind, Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

Json = dict[str, JsonValue]


OPEN_QUESTIONS = ("what is going on?", "many alerts at once, where did it begin?", "customers complain, what broke?")
QUESTIONS = ("why is {service} failing?", "what is wrong with {service}?", "{service} pages me, what is the cause?")


@dataclass(frozen=True, slots=True)
class SimulatedWorld:
    """Everything of one world, before it is written."""

    id: str
    day: Day
    told: Told
    decoys: Decoys
    columns: dict[tuple[str, str], NDArray[np.float64]]
    alerts: tuple[Alert, ...]
    changes: tuple[Change, ...]
    logs: tuple[LogLine, ...]

    @property
    def question(self) -> str:
        """What is asked, unless the cause has a question of its own: mostly about one who suffers, as people see those.

        A question that named the culprit would give the answer away.
        """
        if self.told.question:
            return self.told.question
        loud = [a.service for a in self.alerts if a.severity == "critical" and a.service]
        noise, guilty = self.day.noise("question"), set(self.told.services)
        suffering = sorted({s for s in loud if s not in guilty})
        if not loud or noise.chance(0.3):
            return noise.one(OPEN_QUESTIONS) if loud else "is anything wrong?"
        asked = noise.one(suffering) if suffering and noise.chance(0.8) else loud[0]
        return noise.one(QUESTIONS).format(service=asked)


def simulate(cause: str, variant: int) -> SimulatedWorld:
    """The world of a cause and a variant; the same each time."""
    name = f"{cause.replace('_', '-')}-{variant}"
    shop = make_shop(name)
    day = make_day(name, shop)
    told = CAUSES[cause](day, day.noise("cause"))
    decoys = lay(day, told)
    spread(day)
    series = {key: values for key, values in columns(day).items() if key[0] not in told.hidden}
    fires = [a for a in alarms(day, columns(day)) if a.service not in told.hidden]
    changes = sorted((*told.changes, *decoys.changes), key=lambda c: (c.at, c.id))
    alerts = sorted((*fires, *decoys.alerts), key=lambda a: (a.started_at, a.name, a.service or ""))
    return SimulatedWorld(name, day, told, decoys, series, tuple(alerts), tuple(changes), tuple(chatter(day, told)))


def expectation(world: SimulatedWorld) -> Expectation:
    """What a good answer to a simulated world says."""
    told = world.told
    culprits = set(told.services) | {c.service for c in told.changes}
    innocent = [s for s in world.decoys.services if s not in culprits]
    named = told.verdict is Verdict.LIKELY_CAUSE
    tags = (told.cause, "change" if told.culprit else "no_change") if named else (told.cause, "no_cause")
    return Expectation(
        verdict=(Verdict.LIKELY_CAUSE, Verdict.COMPETING) if named else (told.verdict,),
        cause=Cause(service=told.services, change=told.culprit if named else None, mechanism=told.mechanism),
        never=Never(
            services=tuple(innocent), changes=tuple(c.id for c in world.decoys.changes), commands=told.never
        ),
        remedies=told.remedies,
        command_classes=(CommandLabel.READ_ONLY, CommandLabel.CHANGES_STATE, CommandLabel.UNKNOWN),
        tags=tags,
    )  # fmt: skip


def files(world: SimulatedWorld) -> dict[str, bytes]:
    """The recording's files by their path in its folder."""
    found = {
        "case.json": json.dumps(_case(world), indent=1, ensure_ascii=False) + "\n",
        "services.yaml": yaml.safe_dump(_services(world), sort_keys=False),
        "metrics.csv": _csv(world),
        "logs.jsonl": "".join(json.dumps(_line(line)) + "\n" for line in world.logs),
        **{f"docs/{path}": text for path, text in papers(world.day.shop).items()},
    }
    return {path: text.encode() for path, text in found.items()}


def _case(world: SimulatedWorld) -> Json:
    return {
        "format_version": 1, "id": world.id, "question": world.question, "source": "sre-advisor, simulated",
        "licence": "Apache-2.0", "now": _iso(world.day.now), "step_s": STEP_S,
        "alerts": [_alert(a) for a in world.alerts], "changes": [_change(c) for c in world.changes],
        "graph": [[caller, callee] for caller, callee, _ in world.day.shop.calls], "logs": "logs.jsonl",
    }  # fmt: skip


def _services(world: SimulatedWorld) -> Json:
    names = sorted({m.name for m in world.day.shop.members} | {name for name, _ in world.columns})
    own = set(world.day.shop.tier(0, 1, 2))
    extras = {metric: extra for bend in world.day.bends.values() for metric, extra in bend.extras.items()}
    signals: list[JsonValue] = [_signal(metric, kind, unit) for metric, (kind, unit) in KINDS.items()]
    signals += [_signal(metric, extra.kind, extra.unit) for metric, extra in sorted(extras.items())]
    return {"services": [_service(name, ours=name in own) for name in names], "signals": signals}


def _signal(metric: str, kind: SignalKind, unit: str | None) -> Json:
    told: Json = {"metric": metric, "kind": str(kind)}
    return told | {"unit": unit} if unit else told


def _service(name: str, *, ours: bool) -> Json:
    told: Json = {"name": name}
    if ours:
        told["repositories"] = [{"name": "shop", "paths": [f"services/{name}/", f"config/{name}/"]}]
    return told


def _csv(world: SimulatedWorld) -> str:
    """Four significant digits: more would be noise, and would tell one machine's arithmetic from another's."""
    times = [int(world.day.time(i).timestamp()) for i in range(SAMPLES)]
    blocks = ["timestamp,service,metric,value\n"]
    for (service, metric), values in sorted(world.columns.items(), key=lambda item: item[0]):
        middle = f",{service},{metric},"
        blocks.append("".join([f"{t}{middle}{v:.4g}\n" for t, v in zip(times, values.tolist(), strict=True)]))
    return "".join(blocks)


def _alert(alert: Alert) -> Json:
    return {
        "name": alert.name, "service": alert.service, "started_at": _iso(alert.started_at), "severity": alert.severity,
        "labels": dict(alert.labels), "annotations": dict(alert.annotations),
    }  # fmt: skip


def _change(change: Change) -> Json:
    told: Json = {
        "id": change.id, "kind": change.kind, "service": change.service, "at": _iso(change.at),
        "summary": change.summary, "author": change.author, "diff": change.diff, "files": list(change.files),
    }  # fmt: skip
    return told | {"commit": change.commit} if change.commit else told


def _line(line: LogLine) -> Json:
    return {"at": _iso(line.at), "service": line.service, "level": line.level, "message": line.message}


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
