"""A suite read from a folder: `suite.yaml`, and for each case an `expect.yaml` with its recording."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sre_advisor.evals.suites.expectation import Expectation, Name
from sre_advisor.evals.trouble import EvalTrouble, first_of
from sre_advisor.strict_yaml import YamlProblem, parse_strict, read_strict

SUITE, EXPECT = "suite.yaml", "expect.yaml"
SIZE_LIMIT = 1_000_000
CASES_LIMIT = 10_000
M = TypeVar("M", bound=BaseModel)


class SuiteFile(BaseModel):
    """`suite.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    format_version: int = Field(default=1, ge=1, le=1)
    description: str = ""
    source: str = ""
    licence: str = ""
    cases: tuple[Name, ...] | None = Field(default=None, description="folders of cases; default: all with expect.yaml")


@dataclass(frozen=True, slots=True)
class Case:
    """One case; `recording` gives the folder (or file) of its world, made on first use where it is simulated."""

    id: str
    expected: Expectation
    recording: Callable[[], Path]


@dataclass(frozen=True, slots=True)
class Suite:
    """Cases under one name; `hash` changes when anything in any of them does."""

    name: str
    hash: str
    cases: tuple[Case, ...]
    labels: Path | None = None
    """Where human labels of the judge's verdicts are kept."""

    def only(self, wanted: Sequence[str]) -> Suite:
        """The cases of these ids or tags; the hash stays, for the same case is the same case. Raises EvalTrouble."""
        if not wanted:
            return self
        found = tuple(c for c in self.cases if {c.id, *c.expected.tags} & set(wanted))
        known = {name for c in self.cases for name in (c.id, *c.expected.tags)}
        if unknown := sorted(set(wanted) - known):
            raise EvalTrouble(
                f"suite {self.name} has no case or tag {', '.join(unknown)}; it has {', '.join(sorted(known))[:500]}"
            )
        return Suite(self.name, self.hash, found, self.labels)


def load_suite(folder: Path) -> Suite:
    """The suite in a folder; raises EvalTrouble with the first thing that is wrong."""
    if not folder.is_dir():
        raise EvalTrouble(
            f"{folder}: there is no such folder; name a suite's folder, or `bundled` for the one that ships"
        )
    described = _parsed(folder / SUITE, SuiteFile)
    places = _places(folder, described)
    cases = [_case(folder, place) for place in places]
    digest = hashlib.sha256((folder / SUITE).read_bytes())
    for place, case in zip(places, cases, strict=True):
        digest.update(_content(folder, folder / place))
        elsewhere = case.recording()
        if not elsewhere.is_relative_to((folder / place).resolve()):
            digest.update(_content(folder.resolve(), elsewhere))
    return Suite(described.name, digest.hexdigest()[:16], tuple(cases), folder / "labels.jsonl")


def _places(folder: Path, described: SuiteFile) -> list[str]:
    found = (
        list(described.cases)
        if described.cases is not None
        else sorted(p.parent.name for p in folder.glob(f"*/{EXPECT}"))
    )
    if not found:
        raise EvalTrouble(
            f"{folder}: holds no case: put each into a folder of its own with an {EXPECT}; `evals import` makes them "
            "of recordings"
        )
    if len(found) > CASES_LIMIT:
        raise EvalTrouble(f"{folder}: holds more than {CASES_LIMIT:,} cases; split the suite")
    for place in found:
        if found.count(place) > 1:
            raise EvalTrouble(f"{folder / SUITE}: cases: {place} is named twice; keep one")
        _inside(folder, place, folder / SUITE)
    return found


def _case(folder: Path, place: str) -> Case:
    file = folder / place / EXPECT
    expected = _parsed(file, Expectation)
    where = _inside(folder, expected.recording or place, file)
    if not where.exists():
        raise EvalTrouble(f"{file}: recording: there is no {expected.recording} in the suite; correct the path")
    return Case(place, expected, partial(_same, where))


def _same(path: Path) -> Path:
    return path


def _inside(folder: Path, name: str, file: Path) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise EvalTrouble(f"{file}: {name[:80]} leads out of the suite's folder; keep everything of a suite inside it")
    return path


def _content(folder: Path, place: Path) -> bytes:
    """A digest of the names and bytes of a case's files."""
    digest = hashlib.sha256()
    for file in [place] if place.is_file() else sorted(p for p in place.rglob("*") if p.is_file()):
        digest.update(str(file.relative_to(folder)).encode() + b"\0")
        with file.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.digest()


def _parsed(file: Path, shape: type[M]) -> M:
    try:
        return shape.model_validate(parse_strict(read_strict(file, SIZE_LIMIT)))
    except YamlProblem as problem:
        raise EvalTrouble(f"{file}: {problem}; see docs/reference/suites.md") from None
    except ValidationError as error:
        raise EvalTrouble(f"{file}: {first_of(error)}; see docs/reference/suites.md") from None
    except RecursionError:
        raise EvalTrouble(f"{file}: is nested too deeply; see docs/reference/suites.md") from None
