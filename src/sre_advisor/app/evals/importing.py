"""`evals import`: public sets into suites."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sre_advisor.evals.imports.holmes import TEST, read_holmes
from sre_advisor.evals.imports.rca import read_rca
from sre_advisor.evals.imports.writing import Imported, write_suite
from sre_advisor.evals.trouble import EvalTrouble


async def import_suite(source: Path, truth: Path | None, out: Path) -> int:
    """Read the cases in the format they are found in and write a suite."""
    cases = await asyncio.to_thread(_read, source, truth)
    await asyncio.to_thread(write_suite, out, source.name, f"imported from {source.name}", cases)
    unsure = sum("needs_judge" in case.expected.tags for case in cases)
    more = f"; {unsure} of them say nothing code can grade and need a judge" if unsure else ""
    sys.stdout.write(f"{len(cases)} cases written to {out}{more}\n")
    return 0


def _read(source: Path, truth: Path | None) -> list[Imported]:
    if not source.is_dir():
        raise EvalTrouble(f"{source}: there is no such folder")
    if any(source.glob(f"*/{TEST}")) or (source / TEST).is_file():
        return read_holmes(source)
    if any(source.glob("*/case.json")) or (source / "case.json").is_file():
        return read_rca(source, truth or source.with_name(f"{source.name}-truth"))
    raise EvalTrouble(f"{source}: holds neither folders with case.json nor with {TEST}")
