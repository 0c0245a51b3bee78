"""A suite's folder, written so that it is there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import JsonValue

from sre_advisor.evals.suites.expectation import Expectation
from sre_advisor.evals.suites.suite import EXPECT, SUITE
from sre_advisor.evals.trouble import EvalTrouble


@dataclass(frozen=True, slots=True)
class Imported:
    """One case to write: `files` of its recording by their path, and what is expected."""

    id: str
    files: Mapping[str, bytes]
    expected: Expectation


def write_suite(out: Path, name: str, description: str, cases: list[Imported]) -> None:
    """Write the suite into a new folder; raises EvalTrouble when it is there already or cannot be written."""
    if out.exists():
        raise EvalTrouble(f"--out {out}: is there already; name a new folder")
    if not cases:
        raise EvalTrouble("nothing to import: no case was found there")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=".suite-", dir=out.parent))
    except OSError as error:
        raise EvalTrouble(f"--out {out}: cannot be written ({error.strerror})") from None
    try:
        _yaml(scratch / SUITE, {"name": name, "description": description, "cases": [case.id for case in cases]})
        for case in cases:
            for path, data in case.files.items():
                (scratch / case.id / path).parent.mkdir(parents=True, exist_ok=True)
                (scratch / case.id / path).write_bytes(data)
            _yaml(scratch / case.id / EXPECT, case.expected.model_dump(mode="json", exclude_defaults=True))
        scratch.chmod(0o755)
        scratch.rename(out)
    except OSError as error:
        raise EvalTrouble(f"--out {out}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _yaml(path: Path, content: Mapping[str, JsonValue]) -> None:
    path.write_text(yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=110), encoding="utf-8")
