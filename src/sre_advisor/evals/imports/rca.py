"""Cases of public data sets (`case.json`, `metrics.csv`, …) with their truths in a folder beside."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from sre_advisor.evals.imports.writing import Imported
from sre_advisor.evals.suites.expectation import Cause, Expectation, Never
from sre_advisor.evals.trouble import EvalTrouble, first_of
from sre_advisor.replay.broken import BrokenRecording
from sre_advisor.replay.world import load_world

FILE_LIMIT = 64_000_000
NONE = "none"


class Truth(BaseModel):
    """One truth; `change` is an id, "none" where no change is guilty, null where nothing is known of changes."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    service: tuple[str, ...] = ()
    change: str | None = None
    decoys: tuple[str, ...] = ()
    change_alias: dict[str, str] = {}
    note: str | None = None


def read_rca(folder: Path, truths: Path) -> list[Imported]:
    """Every case of a folder of cases; raises EvalTrouble for the first that is broken or has no truth."""
    places = [folder] if (folder / "case.json").is_file() else sorted(p.parent for p in folder.glob("*/case.json"))
    if not truths.is_dir():
        raise EvalTrouble(f"--truth {truths}: there is no such folder; name the folder with a JSON file for each case")
    return [_case(place, truths / f"{place.name}.json", folder.name) for place in places]


def _case(place: Path, truth_file: Path, source: str) -> Imported:
    try:
        truth = Truth.model_validate_json(truth_file.read_bytes())
        load_world(place)
    except OSError:
        raise EvalTrouble(f"{truth_file}: cannot be read; every case needs its truth there") from None
    except ValidationError as error:
        raise EvalTrouble(f"{truth_file}: {first_of(error)}") from None
    except BrokenRecording as broken:
        raise EvalTrouble(f"{place}: {broken}") from None
    files = [
        p for p in sorted(place.rglob("*")) if p.is_file() and not p.is_symlink() and p.stat().st_size <= FILE_LIMIT
    ]
    return Imported(place.name, {str(p.relative_to(place)): p.read_bytes() for p in files}, _expected(truth, source))


def _expected(truth: Truth, source: str) -> Expectation:
    known = truth.change is not None
    guilty = () if truth.change in (None, NONE) else (truth.change, *_deploys_of(truth, str(truth.change)))
    tags = (source, "change" if guilty else "no_change") if known else (source,)
    return Expectation(
        cause=Cause(service=truth.service, change=guilty if known else None),
        never=Never(changes=truth.decoys),
        tags=tags,
        note=(truth.note or "")[:2000],
    )


def _deploys_of(truth: Truth, commit: str) -> list[str]:
    return [deploy for deploy, shipped in truth.change_alias.items() if shipped == commit]
