"""`evals import`: recorded incidents and public sets into suites."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from sre_advisor.evals.imports.holmes import TEST, read_holmes
from sre_advisor.evals.imports.rca import read_rca
from sre_advisor.evals.imports.recorded import NEEDS_JUDGE, find_recordings, read_recorded
from sre_advisor.evals.imports.writing import Imported, write_suite
from sre_advisor.evals.trouble import EvalTrouble


async def import_suite(sources: Sequence[Path], truth: Path | None, out: Path) -> int:
    """Read the cases in the format they are found in and write a suite."""
    for source in sources:
        if not source.exists():
            raise EvalTrouble(f"{source}: there is no such file or folder")
    recordings = await asyncio.to_thread(find_recordings, sources)
    without: list[str] = []
    if recordings:
        cases, without = await read_recorded(recordings)
        if not cases:
            raise EvalTrouble(
                'none of the recordings holds what it was: close incidents by "it was …" in their threads, or put an '
                "expectation.json into the recording's folder"
            )
        name = out.name
    else:
        cases, name = await asyncio.to_thread(_read, sources, truth), sources[0].name
    await asyncio.to_thread(write_suite, out, name, f"imported from {sources[0].name}", cases)
    unsure = sum(NEEDS_JUDGE in case.expected.tags for case in cases)
    more = f"; {unsure} of them say nothing code can grade and need a judge" if unsure else ""
    sys.stdout.write(f"{len(cases)} cases written to {out}{more}\n")
    if recordings:
        sys.stdout.write("what is expected was taken from what people told; look through each expect.yaml\n")
    if without:
        sys.stdout.write(f"left out, as nobody told what it was: {', '.join(without[:20])}\n")
    return 0


def _read(sources: Sequence[Path], truth: Path | None) -> list[Imported]:
    if len(sources) > 1:
        raise EvalTrouble("several sources are for recordings; of a public set name the one folder")
    source = sources[0]
    if not source.is_dir():
        raise EvalTrouble(f"{source}: is neither a recording nor a folder")
    if any(source.glob(f"*/{TEST}")) or (source / TEST).is_file():
        return read_holmes(source)
    if any(source.glob("*/case.json")) or (source / "case.json").is_file():
        return read_rca(source, truth or source.with_name(f"{source.name}-truth"))
    raise EvalTrouble(f"{source}: holds neither recordings nor folders with case.json or {TEST}")
