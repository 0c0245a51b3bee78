"""The figures of each arm of a run. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from pydantic import JsonValue

from sre_advisor.evals.grading.calibration import Calibration, calibration
from sre_advisor.evals.grading.grade import Grade
from sre_advisor.evals.statistics.intervals import Interval, rate
from sre_advisor.evals.statistics.tests import pass_hat
from sre_advisor.evals.trials.store import RunFile
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.replay.coverage import Coverage

PARTS = ("cause_found", "passed", "verdict_right", "service_right", "change_right", "mechanism_right", "cited",
         "remedy_right", "within_budget", "forbidden_claim", "forbidden_command")  # fmt: skip
"""The fields of a grade that are rates."""


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """One arm: rates by name with intervals, and what it took; `pass_k` is pass^k of the cause by k."""

    arm: str
    graded: int
    failed: int
    rates: Mapping[str, Interval]
    pass_k: Mapping[int, float]
    grounded: float | None
    calibration: Calibration
    usd: float
    usd_per_trial: float | None
    usd_per_cause: float | None
    seconds_p50: float | None
    seconds_p95: float | None
    model_calls: float | None
    identical: int
    from_world: int
    not_recorded: int

    def as_json(self) -> dict[str, JsonValue]:
        """All figures."""
        return {
            "arm": self.arm, "graded": self.graded, "failed": self.failed,
            "rates": {name: dict[str, JsonValue](i.as_json()) for name, i in self.rates.items()},
            "pass_k": {str(k): round(p, 4) for k, p in self.pass_k.items()},
            "grounded": _rounded(self.grounded),
            "calibration": {
                "answers": self.calibration.answers, "brier": _rounded(self.calibration.brier),
                "ece": _rounded(self.calibration.ece),
                "levels": {str(w): {"right": r, "of": n} for w, (r, n) in self.calibration.levels.items()},
            },
            "usd": round(self.usd, 6), "usd_per_trial": _rounded(self.usd_per_trial, 6),
            "usd_per_cause": _rounded(self.usd_per_cause, 6), "seconds_p50": _rounded(self.seconds_p50),
            "seconds_p95": _rounded(self.seconds_p95), "model_calls": _rounded(self.model_calls),
            "coverage": {
                "identical": self.identical, "from_world": self.from_world, "not_recorded": self.not_recorded
            },
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a run."""

    suite: str
    suite_hash: str
    cases: int
    trials: int
    arms: tuple[ArmFigures, ...]
    coverage: Mapping[str, Coverage]
    """By case: how the recording answered what was read of it beyond the first look."""

    def as_json(self) -> dict[str, JsonValue]:
        """All figures."""
        return {
            "suite": self.suite, "suite_hash": self.suite_hash, "cases": self.cases, "trials": self.trials,
            "arms": [arm.as_json() for arm in self.arms],
            "coverage": {
                case: {"identical": c.identical, "from_world": c.from_world, "not_recorded": c.not_recorded}
                for case, c in self.coverage.items()
            },
        }  # fmt: skip


def summary(run: RunFile, trials: Sequence[Trial]) -> Summary:
    """The figures of every arm."""
    return Summary(
        run.suite,
        run.suite_hash,
        len(run.cases),
        run.trials,
        tuple(arm_figures(arm, of_arm(trials, arm)) for arm in run.arms),
        _coverage(trials),
    )


def _coverage(trials: Sequence[Trial]) -> dict[str, Coverage]:
    found: dict[str, Coverage] = {}
    for trial in trials:
        of_case = found.setdefault(trial.case, Coverage())
        of_case.identical += trial.identical
        of_case.from_world += trial.from_world
        of_case.not_recorded += trial.not_recorded
    return {case: found[case] for case in sorted(found) if found[case].asked}


def of_arm(trials: Sequence[Trial], arm: str) -> list[Trial]:
    """An arm's trials."""
    return [t for t in trials if t.arm == arm]


def by_case(trials: Sequence[Trial], value: Callable[[Grade], bool | float | None]) -> dict[str, list[float]]:
    """What each case's graded trials say; trials and cases that say nothing of it are left out."""
    found: dict[str, list[float]] = {}
    for trial in sorted(trials, key=lambda t: t.trial):
        said = value(trial.grade) if trial.grade else None
        if said is not None:
            found.setdefault(trial.case, []).append(float(said))
    return found


def part(name: str) -> Callable[[Grade], bool | float | None]:
    """How a named part of a grade is read."""

    def read(grade: Grade) -> bool | float | None:
        value: bool | float | None = getattr(grade, name)
        return value

    return read


def arm_figures(arm: str, trials: Sequence[Trial]) -> ArmFigures:
    """The figures of one arm's trials."""
    graded = [t for t in trials if t.grade is not None]
    grades = [t.grade for t in graded if t.grade is not None]
    found = sum(g.cause_found for g in grades)
    usd, seconds = sum(t.spent.usd for t in trials), sorted(t.spent.seconds for t in graded)
    claims = sum(g.claims for g in grades)
    rates = {name: rate(list(by_case(graded, part(name)).values())) for name in PARTS}
    return ArmFigures(
        arm=arm,
        graded=len(graded),
        failed=len(trials) - len(graded),
        rates={name: interval for name, interval in rates.items() if interval is not None},
        pass_k=_pass_k(by_case(graded, part("cause_found"))),
        grounded=sum(g.grounded for g in grades) / claims if claims else None,
        calibration=calibration(grades),
        usd=usd,
        usd_per_trial=usd / len(trials) if trials else None,
        usd_per_cause=usd / found if found else None,
        seconds_p50=median(seconds) if seconds else None,
        seconds_p95=seconds[min(len(seconds) - 1, int(0.95 * len(seconds)))] if seconds else None,
        model_calls=sum(t.spent.model_calls for t in graded) / len(graded) if graded else None,
        identical=sum(t.identical for t in graded),
        from_world=sum(t.from_world for t in graded),
        not_recorded=sum(t.not_recorded for t in graded),
    )


def _pass_k(found: Mapping[str, Sequence[float]]) -> dict[int, float]:
    """pass^k averaged over cases, for every k that each case has trials enough for."""
    most = min((len(v) for v in found.values()), default=0)
    result: dict[int, float] = {}
    for k in range(1, min(most, 8) + 1):
        each = [pass_hat(int(sum(v)), len(v), k) for v in found.values()]
        result[k] = sum(p for p in each if p is not None) / len(each)
    return result


def _rounded(value: float | None, digits: int = 4) -> float | None:
    return None if value is None else round(value, digits)
