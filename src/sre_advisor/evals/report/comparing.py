"""A comparison as tables for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from sre_advisor.evals.compare import Comparison, Paired, Worse
from sre_advisor.evals.gates import Gate
from sre_advisor.evals.report.tables import RATES
from sre_advisor.evals.report.transcript import transcript

NAMES = RATES | {
    "verdict_right": "verdict right", "grounded": "claims fully supported", "brier": "Brier score",
    "usd": "USD a trial", "seconds": "seconds a trial", "model_calls": "model calls a trial",
}  # fmt: skip
SHOWN = 5
"""Cases that got worse whose transcripts are printed; the page and the JSON hold all."""


def comparison_parts(found: Comparison, gates: Sequence[Gate] = ()) -> Iterator[RenderableType]:
    """The tables, one after the other."""
    yield _paired(found)
    if found.missing:
        yield Text(f"{found.missing} cases of the run were not asked of both and are left out: go on with the run.")
    yield _pass_k(found)
    yield _tags(found)
    yield from _worse(found)
    if gates:
        yield _gates(gates)


def _paired(found: Comparison) -> Table:
    title = (
        f"B {found.b.arm} against A {found.a.arm}, {found.paired['cause_found'].cases} cases; 98 % intervals over cases"
    )
    table = _table(title, "", "A", "B", "B - A", "interval", "cases A:B better", "McNemar p")
    for name, paired in found.paired.items():
        table.add_row(NAMES[name], *_cells(paired))
    return table


def _cells(paired: Paired) -> tuple[str, ...]:
    d = paired.difference
    interval = f"{d.low:+.3f} .. {d.high:+.3f}"
    return (
        f"{paired.a:.3f}", f"{paired.b:.3f}", f"{d.estimate:+.3f}",
        f"[bold]{interval}[/]" if d.excludes_zero else interval,
        f"{paired.a_better}:{paired.b_better}", f"{paired.p:.3f}",
    )  # fmt: skip


def _pass_k(found: Comparison) -> Table:
    table = _table("all of k trials find the cause (pass^k)", "k", "A", "B")
    for k in sorted(found.a.pass_k.keys() & found.b.pass_k.keys()):
        table.add_row(str(k), f"{found.a.pass_k[k]:.3f}", f"{found.b.pass_k[k]:.3f}")
    return table


def _tags(found: Comparison) -> Table:
    table = _table("cause found by tag (where to look, too few to decide by)", "tag", "cases", "A", "B", "B - A")
    for tag, paired in sorted(found.tags.items(), key=lambda item: item[1].difference.estimate):
        d = paired.difference
        table.add_row(tag, str(paired.cases), f"{paired.a:.2f}", f"{paired.b:.2f}", f"{d.estimate:+.2f}")
    return table


def _worse(found: Comparison) -> Iterator[RenderableType]:
    if not found.worse:
        yield Text("No case got worse.")
        return
    yield Text(f"{len(found.worse)} cases got worse:", style="bold")
    for worse in found.worse:
        yield Text(f"  {worse.case}: {worse.a_share:.2f} -> {worse.b_share:.2f}  ({', '.join(worse.tags)})")
    for worse in found.worse[:SHOWN]:
        yield _side_by_side(worse)


def _side_by_side(worse: Worse) -> Table:
    table = Table(title=worse.case, title_justify="left", expand=True)
    table.add_column(f"A {worse.a.arm}, trial {worse.a.trial + 1}", ratio=1, overflow="fold")
    table.add_column(f"B {worse.b.arm}, trial {worse.b.trial + 1}", ratio=1, overflow="fold")
    table.add_row(Text("\n".join(transcript(worse.a))), Text("\n".join(transcript(worse.b))))
    return table


def _gates(gates: Sequence[Gate]) -> Table:
    table = _table("gates", "", "gate", "seen")
    for gate in gates:
        table.add_row(str(gate.held), gate.words, gate.seen)
    return table


def _table(title: str, *heads: str) -> Table:
    table = Table(title=title, title_justify="left", show_edge=False)
    for number, head in enumerate(heads):
        table.add_column(head, justify="left" if number == 0 else "right", overflow="fold")
    return table
