"""`evals compare` and `evals report`: figures of a run, or of the journal's shadow answers."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from pydantic import JsonValue
from rich.console import Console

from sre_advisor.evals.compare import Comparison, compare, pair_of
from sre_advisor.evals.gates import Gate, judge, passed, read_gates
from sre_advisor.evals.report.comparing import comparison_parts
from sre_advisor.evals.report.summary import summary
from sre_advisor.evals.report.tables import summary_table
from sre_advisor.evals.trials.store import RunFile, read_run
from sre_advisor.evals.trials.trial import Trial
from sre_advisor.evals.trouble import EvalTrouble

BROKEN = 1
"""The exit code when a gate is broken."""


async def compare_arms(
    run: Path | None,
    a: str | None,
    b: str | None,
    gates: Path | None,
    *,
    journal: bool,
    config: Path | None,
    as_json: bool,
) -> int:
    """Print B against A; 1 when a gate is broken."""
    wanted = read_gates(gates) if gates else None
    described, trials = await _source(run, journal=journal, config=config)
    found = compare(described, trials, *pair_of(described, a, b))
    told = judge(wanted, found) if wanted else ()
    fine = passed(wanted, told) if wanted else True
    if as_json:
        sys.stdout.write(json.dumps(_as_json(found, told, fine), ensure_ascii=False, indent=2) + "\n")
    else:
        console = Console(highlight=False)
        for part in comparison_parts(found, told):
            console.print(part)
    return 0 if fine else BROKEN


async def _source(run: Path | None, *, journal: bool, config: Path | None) -> tuple[RunFile, tuple[Trial, ...]]:
    if journal == (run is not None):
        raise EvalTrouble("name the folder of a run, or give --journal for the shadow's answers on record")
    if run is None:
        from sre_advisor.app.evals.shadowed import journal_run

        return await journal_run(config)
    folder = await asyncio.to_thread(read_run, run)
    return folder.run, folder.trials


def _as_json(found: Comparison, gates: tuple[Gate, ...], fine: bool) -> dict[str, JsonValue]:
    told: list[JsonValue] = [{"gate": g.words, "held": str(g.held), "seen": g.seen} for g in gates]
    more: dict[str, JsonValue] = {"gates": told, "passed": fine}
    return found.as_json() | more


async def report_run(run: Path, html: Path | None, a: str | None, b: str | None, *, as_json: bool) -> int:
    """Print a run's figures, and write the page when asked to."""
    folder = await asyncio.to_thread(read_run, run)
    figures = summary(folder.run, folder.trials)
    if html is not None:
        from sre_advisor.evals.report.page import page

        found = compare(folder.run, folder.trials, *pair_of(folder.run, a, b)) if len(folder.run.arms) > 1 else None
        try:
            await asyncio.to_thread(html.write_text, page(figures, found), encoding="utf-8")
        except OSError as error:
            raise EvalTrouble(f"--html {html}: cannot be written ({error.strerror})") from None
        sys.stderr.write(f"written to {html}\n")
    if as_json:
        sys.stdout.write(json.dumps(figures.as_json(), ensure_ascii=False, indent=2) + "\n")
    elif html is None:
        Console(highlight=False).print(summary_table(figures))
    return 0
