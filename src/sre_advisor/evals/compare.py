"""Two arms of a run held against each other, case by case. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from sre_advisor.evals.grading.grade import SURENESS, Grade
from sre_advisor.evals.report.summary import PARTS, ArmFigures, arm_figures, by_case, of_arm, part
from sre_advisor.evals.statistics.intervals import Interval, difference
from sre_advisor.evals.statistics.tests import mcnemar
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble

LOWER_IS_BETTER = frozenset({"forbidden_claim", "forbidden_command", "usd", "seconds", "model_calls", "brier"})
AMOUNTS = frozenset({"usd", "seconds", "model_calls"})
"""Figures that are no shares."""
TAG_CASES = 1
"""Cases a tag needs to be told of."""


@dataclass(frozen=True, slots=True)
class Paired:
    """One figure of A and B over the cases both were asked: `difference` is B less A."""

    name: str
    a: float
    b: float
    difference: Interval
    cases: int
    a_better: int
    b_better: int
    p: float
    """McNemar's exact test, each case counted once: how many are better at A, how many at B."""

    @property
    def worse(self) -> float:
        """How much worse B is by the estimate; negative when better."""
        return self.difference.estimate if self.name in LOWER_IS_BETTER else -self.difference.estimate

    @property
    def at_worst(self) -> float:
        """How much worse B may be by the interval."""
        return self.difference.high if self.name in LOWER_IS_BETTER else -self.difference.low

    def as_json(self) -> dict[str, JsonValue]:
        """The figure."""
        return {
            "a": round(self.a, 6), "b": round(self.b, 6), "difference": dict[str, JsonValue](self.difference.as_json()),
            "cases": self.cases, "a_better": self.a_better, "b_better": self.b_better, "mcnemar_p": round(self.p, 6),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worse:
    """A case at which B finds the cause less often, with a transcript of each that shows it."""

    case: str
    tags: tuple[str, ...]
    a_share: float
    b_share: float
    a: Trial
    b: Trial


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that can be said of B against A."""

    a: ArmFigures
    b: ArmFigures
    paired: dict[str, Paired]
    tags: dict[str, Paired]
    worse: tuple[Worse, ...]
    unpaired: int
    """Cases that only one of them was asked."""
    missing: int = 0
    """Cases of the run that were not asked of both, or of which no trial could be graded."""

    def as_json(self) -> dict[str, JsonValue]:
        """Everything but the transcripts."""
        return {
            "a": self.a.as_json(), "b": self.b.as_json(), "unpaired_cases": self.unpaired,
            "missing_cases": self.missing,
            "paired": {name: p.as_json() for name, p in self.paired.items()},
            "tags": {name: p.as_json() for name, p in self.tags.items()},
            "worse": [
                {"case": w.case, "tags": list(w.tags), "a": round(w.a_share, 4), "b": round(w.b_share, 4),
                 "a_trial": w.a.trial, "b_trial": w.b.trial}
                for w in self.worse
            ],
        }  # fmt: skip


def pair_of(run: RunFile, a: str | None, b: str | None) -> tuple[str, str]:
    """The arms meant: as named, else the first two; raises EvalTrouble."""
    for name in (a, b):
        if name is not None and name not in run.arms:
            raise EvalTrouble(f"the run has no model {name}; it has {', '.join(run.arms)}")
    rest = [arm for arm in run.arms if arm not in (a, b)]
    first = a or (rest.pop(0) if rest else None)
    second = b or (rest.pop(0) if rest else None)
    if first is None or second is None or first == second:
        raise EvalTrouble(
            f"two models are needed to compare; the run has {', '.join(run.arms)}: run it with another --model"
        )
    return first, second


def compare(run: RunFile, trials: Sequence[Trial], a: str, b: str) -> Comparison:
    """B against A; raises EvalTrouble when no case was asked of both."""
    ours, theirs = of_arm(trials, a), of_arm(trials, b)
    paired = {
        name: found for name, value in _values().items() if (found := _paired(name, ours, theirs, value)) is not None
    }
    if "cause_found" not in paired:
        raise EvalTrouble(f"{a} and {b} have no case in common that was graded: go on with the run first")
    asked_a, asked_b = ({t.case for t in side if t.grade} for side in (ours, theirs))
    return Comparison(
        a=arm_figures(a, ours),
        b=arm_figures(b, theirs),
        paired=paired,
        tags=_by_tag(run, ours, theirs),
        worse=tuple(_worse(run, ours, theirs)),
        unpaired=len(asked_a ^ asked_b),
        missing=len(set(run.cases) - (asked_a & asked_b)),
    )


def _values() -> dict[str, Callable[[Trial], float | bool | None]]:
    """How each figure is read off a trial."""
    found: dict[str, Callable[[Trial], float | bool | None]] = {name: _graded(part(name)) for name in PARTS}
    found["grounded"] = _graded(lambda g: g.grounded / g.claims if g.claims else None)
    found["brier"] = _graded(lambda g: (SURENESS[g.confidence] - g.cause_found) ** 2 if g.confidence else None)
    found["usd"] = _graded_trial(lambda t: t.spent.usd)
    found["seconds"] = _graded_trial(lambda t: t.spent.seconds)
    found["model_calls"] = _graded_trial(lambda t: float(t.spent.model_calls))
    return found


def _graded(value: Callable[[Grade], float | bool | None]) -> Callable[[Trial], float | bool | None]:
    return lambda trial: value(trial.grade) if trial.grade else None


def _graded_trial(value: Callable[[Trial], float]) -> Callable[[Trial], float | bool | None]:
    return lambda trial: value(trial) if trial.grade else None


def _paired(
    name: str, ours: Sequence[Trial], theirs: Sequence[Trial], value: Callable[[Trial], float | bool | None]
) -> Paired | None:
    a, b = _means(ours, value), _means(theirs, value)
    both = sorted(a.keys() & b.keys())
    interval = difference([b[c] - a[c] for c in both], of_shares=name not in AMOUNTS)
    if interval is None:
        return None
    better = {c: (b[c] - a[c]) * (-1 if name in LOWER_IS_BETTER else 1) for c in both}
    a_better, b_better = sum(v < -1e-12 for v in better.values()), sum(v > 1e-12 for v in better.values())
    return Paired(
        name, sum(a[c] for c in both) / len(both), sum(b[c] for c in both) / len(both), interval, len(both), a_better,
        b_better, mcnemar(a_better, b_better),
    )  # fmt: skip


def _means(trials: Sequence[Trial], value: Callable[[Trial], float | bool | None]) -> dict[str, float]:
    found: dict[str, list[float]] = {}
    for trial in trials:
        said = value(trial)
        if said is not None:
            found.setdefault(trial.case, []).append(float(said))
    return {case: sum(values) / len(values) for case, values in found.items()}


def _by_tag(run: RunFile, ours: Sequence[Trial], theirs: Sequence[Trial]) -> dict[str, Paired]:
    """The cause found, tag by tag: small groups, to see where to look, not to decide by."""
    found: dict[str, Paired] = {}
    for tag in sorted({t for tags in run.tags.values() for t in tags}):
        cases = {c for c, tags in run.tags.items() if tag in tags}
        a, b = ([t for t in side if t.case in cases] for side in (ours, theirs))
        paired = _paired("cause_found", a, b, _graded(part("cause_found")))
        if paired is not None and paired.cases >= TAG_CASES:
            found[tag] = paired
    return found


def _worse(run: RunFile, ours: Sequence[Trial], theirs: Sequence[Trial]) -> list[Worse]:
    a, b = by_case(ours, part("cause_found")), by_case(theirs, part("cause_found"))
    found: list[Worse] = []
    for case in sorted(a.keys() & b.keys()):
        a_share, b_share = sum(a[case]) / len(a[case]), sum(b[case]) / len(b[case])
        if b_share < a_share - 1e-12:
            good = next(t for t in ours if t.case == case and t.grade and t.grade.cause_found)
            bad = next(t for t in theirs if t.case == case and t.grade and not t.grade.cause_found)
            found.append(Worse(case, run.tags.get(case, ()), a_share, b_share, good, bad))
    return sorted(found, key=lambda w: w.b_share - w.a_share)
