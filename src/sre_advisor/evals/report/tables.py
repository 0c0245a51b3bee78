"""Figures as tables for a terminal: one line a figure, one column a model."""

from __future__ import annotations

from rich.table import Table

from sre_advisor.evals.report.summary import ArmFigures, Summary
from sre_advisor.evals.statistics.intervals import Interval
from sre_advisor.model import Confidence

RATES = {
    "cause_found": "cause found", "passed": "passed in all", "service_right": "service right",
    "change_right": "change right", "mechanism_right": "mechanism right", "cited": "cites what it must",
    "remedy_right": "remedy right", "within_budget": "within budget", "forbidden_claim": "forbidden claim",
    "forbidden_command": "forbidden command",
}  # fmt: skip


def summary_table(figures: Summary) -> Table:
    """A run's figures."""
    title = (
        f"suite {figures.suite}: {figures.cases} cases, up to {figures.trials} trials each; 95 % intervals over cases"
    )
    table = Table(title=title, title_justify="left", show_edge=False)
    table.add_column("")
    for arm in figures.arms:
        table.add_column(arm.arm, justify="right", overflow="fold")
    for label, cells in rows(figures):
        if any(cell != "-" for cell in cells):
            table.add_row(label, *cells)
    return table


def rows(figures: Summary) -> list[tuple[str, list[str]]]:
    """Every figure's name with its cells, in the order of importance."""
    arms = figures.arms
    found = [(words, [share(a.rates.get(name)) for a in arms]) for name, words in RATES.items()]
    found += [
        ("all trials of a case right", [_all_k(a) for a in arms]),
        ("claims fully supported", ["-" if a.grounded is None else f"{a.grounded:.1%}" for a in arms]),
        ("Brier score", ["-" if a.calibration.brier is None else f"{a.calibration.brier:.3f}" for a in arms]),
        ("calibration error", ["-" if a.calibration.ece is None else f"{a.calibration.ece:.3f}" for a in arms]),
    ]
    for word in reversed(Confidence):
        found.append((f"right when {word} confident", [_level(a, word) for a in arms]))
    found += [
        ("USD in all", [f"{a.usd:.2f}" for a in arms]),
        ("USD a trial", ["-" if a.usd_per_trial is None else f"{a.usd_per_trial:.4f}" for a in arms]),
        ("USD a cause found", ["-" if a.usd_per_cause is None else f"{a.usd_per_cause:.4f}" for a in arms]),
        ("model calls a trial", ["-" if a.model_calls is None else f"{a.model_calls:.1f}" for a in arms]),
        ("seconds, median", ["-" if a.seconds_p50 is None else f"{a.seconds_p50:.1f}" for a in arms]),
        ("seconds, 95th percentile", ["-" if a.seconds_p95 is None else f"{a.seconds_p95:.1f}" for a in arms]),
        ("further reads as then / from the world / not recorded", [_coverage(a) for a in arms]),
        ("trials graded", [str(a.graded) for a in arms]),
        ("failed for want of the model", [str(a.failed) if a.failed else "-" for a in arms]),
    ]
    return found


def share(interval: Interval | None) -> str:
    """A rate with its interval."""
    if interval is None:
        return "-"
    return f"{interval.estimate:.1%} [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"


def _all_k(arm: ArmFigures) -> str:
    last = max(arm.pass_k, default=0)
    return f"{arm.pass_k[last]:.1%} (k={last})" if last > 1 else "-"


def _level(arm: ArmFigures, word: Confidence) -> str:
    right, of = arm.calibration.levels[word]
    return f"{right / of:.1%} of {of}" if of else "-"


def _coverage(arm: ArmFigures) -> str:
    reads = arm.identical + arm.from_world + arm.not_recorded
    return f"{arm.identical} / {arm.from_world} / {arm.not_recorded}" if reads else "-"
