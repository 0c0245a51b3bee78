"""Write the bundled incident again: `python -m sre_advisor.demo.incident.build [FOLDER]`.

`docs/` and `services.yaml` of the world are written by hand; everything else comes from here, and comes out the same
each time.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from sre_advisor.demo.incident import WORLD
from sre_advisor.demo.incident.logs import log_lines
from sre_advisor.demo.incident.repository import write_bundle, write_repository
from sre_advisor.demo.incident.signals import samples
from sre_advisor.demo.incident.story import case


def build(folder: Path) -> None:
    """Write `case.json`, `metrics.csv`, `logs.jsonl` and `repo.bundle` into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        git_dir = Path(scratch, "shop.git")
        commits = write_repository(git_dir)
        write_bundle(git_dir, (folder / "repo.bundle").resolve())
    _write(folder / "case.json", json.dumps(case(commits), indent=1, ensure_ascii=False) + "\n")
    _write(folder / "logs.jsonl", "".join(json.dumps(line) + "\n" for line in log_lines()))
    rows = (f"{time},{service},{metric},{_rounded(value)}\n" for time, service, metric, value in samples())
    _write(folder / "metrics.csv", "timestamp,service,metric,value\n" + "".join(rows))


def _rounded(value: float) -> str:
    """Four significant digits: more would be noise, and would tell one machine's arithmetic from another's."""
    return f"{value:.4g}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else WORLD)
